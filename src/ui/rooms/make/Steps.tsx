/** The steps in their order: opened, moved, removed, and the state of the page added as one more. */
import type { DraftMistake } from '../../../lesson'
import type { ModelInfo } from '../../../model/types'
import { presetWords } from '../../teaching/present'
import type { Making } from './use-draft'

interface StepsProps {
  readonly making: Making
  readonly mistakes: readonly DraftMistake[]
  /** What the page shows now. */
  readonly now: string
  readonly models: readonly ModelInfo[]
}

const TASKS = { look: 'look', predict: 'predict', find: 'find', explain: 'explain' } as const

/** The page as it is now, to be added. */
function Now({ making, now, models }: Omit<StepsProps, 'mistakes'>) {
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line bg-surface p-3 text-label">
      <p>
        <span className="text-muted">The page shows now: </span>
        <span data-part="now">{presetWords(now, models)}</span>
      </p>
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" data-part="add-step" onClick={() => making.add(now)}>
          {making.draft.steps.length === 0 ? 'Add it as the first step' : 'Add it as a step'}
        </button>
        <a className="button" data-part="to-page" href={`#${now}`}>
          Change it there
        </a>
      </div>
    </div>
  )
}

export function Steps({ making, mistakes, now, models }: StepsProps) {
  const { draft, at, open, move, remove, add } = making
  const { steps } = draft
  return (
    <div className="flex flex-col gap-3">
      {steps.length > 0 && (
        <ol data-part="steps" className="flex flex-col gap-1 text-label">
          {steps.map(({ title, task }, i) => (
            <li key={i}>
              <button
                type="button"
                data-part="open-step"
                aria-current={i === at ? 'step' : undefined}
                className={`flex w-full items-baseline gap-2 rounded-[5px] border px-2.5 py-1.5 text-left ${i === at ? 'border-ink bg-surface' : 'border-line hover:border-edge'}`}
                onClick={() => open(i)}
              >
                <span className="num w-4 shrink-0 text-muted">{i + 1}</span>
                <span className="min-w-0 flex-1 truncate">
                  {title || <span className="text-muted">no title yet</span>}
                </span>
                {mistakes.some(({ step }) => step === i) && (
                  <span className="shrink-0 text-hint text-alert">unfinished</span>
                )}
                <span className="shrink-0 text-hint text-muted">{TASKS[task.kind]}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
      {steps.length > 0 && (
        <div className="flex flex-wrap gap-2">
          <button type="button" className="button" disabled={at === 0} onClick={() => move(at, -1)}>
            Earlier
          </button>
          <button type="button" className="button" disabled={at >= steps.length - 1} onClick={() => move(at, 1)}>
            Later
          </button>
          <button type="button" className="button" data-part="remove-step" onClick={() => remove(at)}>
            Remove
          </button>
          <button type="button" className="button" data-part="add-plain" onClick={() => add(null)}>
            Add one without settings
          </button>
        </div>
      )}
      <Now {...{ making, now, models }} />
    </div>
  )
}
