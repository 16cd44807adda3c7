/** The layers that are perturbed: any number of them, picked in the drawing of the network. */
import { Hint } from '../kit/Hint'
import { useId, useRef } from 'react'
import type { Stage } from '../../network/types'
import type { Term } from '../../settings/types'
import { usePage, useSession } from '../app/store'
import { pickLayers, stageLayers } from './network-drawing'
import { NetworkDrawing } from './NetworkDrawing'

const STAGES: readonly Stage[] = ['encoder', 'middle', 'decoder']

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}

interface LayerPickerProps {
  /** The term whose layers these are: 0 is the first. */
  readonly term: number
  readonly value: Term['layers']
  readonly prefix?: string
  readonly onChange: (layers: Term['layers']) => void
}

export function LayerPicker({ term, value, prefix = '', onChange }: LayerPickerProps) {
  const session = useSession()
  const labelId = useId()
  const layers = usePage((state) => state.model.layers)
  const everything = layers.map(({ index }) => index)
  const chosen = value === 'all' ? everything : value
  const anchor = useRef<number | null>(null)

  const choose = (next: readonly number[]) => onChange(next.length === layers.length ? 'all' : next)
  const onPick = (index: number, extend: boolean) => {
    // The first click on a chosen layer looks into it; it stays chosen until the next.
    const { inspected } = session.store.getState().network
    const looks = !extend && chosen.includes(index) && !(inspected?.term === term && inspected.layer === index)
    if (!looks) choose(pickLayers(chosen, index, extend ? anchor.current : null))
    anchor.current = index
    session.set({ network: { inspected: { term, layer: index } } })
  }
  const shortcuts: { label: string; layers: readonly number[] }[] = [
    { label: 'all', layers: everything },
    { label: 'none', layers: [] },
    ...STAGES.map((stage) => ({ label: stage, layers: stageLayers(layers, stage) })).filter(
      (entry) => entry.layers.length > 0,
    ),
  ]
  return (
    <div>
      <div className="mb-1 flex items-baseline justify-between">
        <span className="text-label" id={labelId}>
          Attention layers
        </span>
        <span className="num text-hint text-muted" data-part="layer-count">
          {chosen.length} of {layers.length}
        </span>
      </div>
      <NetworkDrawing labelId={labelId} term={term} prefix={prefix} chosen={chosen} onPick={onPick} />
      <div
        className="mt-1 flex flex-wrap gap-1"
        role="group"
        data-part="layer-sets"
        aria-label={`${prefix}Choose layers`}
      >
        {shortcuts.map((shortcut) => (
          <button
            key={shortcut.label}
            data-value={shortcut.label}
            type="button"
            aria-pressed={same(chosen, shortcut.layers)}
            className="rounded-[4px] px-1.5 py-0.5 text-hint text-muted hover:bg-sunken hover:text-ink aria-pressed:bg-sunken aria-pressed:text-ink"
            onClick={() => choose(shortcut.layers)}
          >
            {shortcut.label}
          </button>
        ))}
      </div>
      {chosen.length === 0 && (
        <Hint part="no-layers" className="mt-1">
          With no layer chosen the negative equals the positive.
        </Hint>
      )}
    </div>
  )
}
