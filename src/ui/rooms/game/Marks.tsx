/** How the round stands: a mark for each pair. */
import { PAIRS } from './pairs'
import type { GameState } from './state'

function told(state: GameState, index: number): 'found' | 'fooled' | 'here' | 'open' {
  const { pairs, answers } = state.rounds[state.round]
  const answer = answers[index]
  if (answer !== undefined) return answer === pairs[index]?.render ? 'found' : 'fooled'
  return index === state.at ? 'here' : 'open'
}

const LOOK = {
  found: { text: '✓', says: 'found', className: 'border-ink bg-ink text-bg' },
  fooled: { text: '✗', says: 'fooled', className: 'border-edge text-ink' },
  here: { text: '', says: 'now', className: 'border-ink' },
  open: { text: '', says: 'to come', className: 'border-line' },
}

export function Marks({ state }: { readonly state: GameState }) {
  return (
    <ol className="mt-3 flex justify-center gap-1.5" aria-label="Pairs" data-part="marks">
      {Array.from({ length: PAIRS }, (_, index) => {
        const { text, says, className } = LOOK[told(state, index)]
        return (
          <li
            // Pairs keep their places.
            key={index}
            data-mark={told(state, index)}
            className={`grid size-5 place-items-center rounded-full border text-tiny ${className}`}
          >
            <span aria-hidden>{text}</span>
            <span className="sr-only">{`Pair ${index + 1}: ${says}`}</span>
          </li>
        )
      })}
    </ol>
  )
}
