/** The length of a weight average: as stored, or one of the lengths that stored averages can be combined to. */
import { averageError } from '../../engine/recipe'
import { EMA_RANGE } from '../../settings'
import type { Gesture } from '../app/link'
import { usePage } from '../app/store'
import { percent, plain } from '../../core/format'
import { Hint } from '../kit/Hint'
import { NumberInput } from '../kit/NumberInput'
import { Slide } from '../kit/Slide'
import { EMA_STOPS, emaStopIndex, hasAverages, networkById } from './parameters'

interface EmaSlideProps {
  readonly part: string
  readonly label: string
  readonly help: string
  /** Id of the network whose weights are averaged. */
  readonly of: string
  /** σ_rel; null for the weights as stored. */
  readonly value: number | null
  readonly onChange: (value: number | null, gesture: Gesture) => void
  readonly onSettle: () => void
}

const MARKS = [
  { at: 0, text: 'stored' },
  ...[0.05, 0.1, 0.155, 0.25].map((stop) => ({ at: emaStopIndex(stop), text: plain(stop) })),
]

export function EmaSlide({ part, label, help, of, value, onChange, onSettle }: EmaSlideProps) {
  const network = usePage((state) => networkById(of, state.model))
  if (!network || !hasAverages(network)) {
    return (
      <div className="text-label">
        <p className="flex justify-between gap-3">
          {label} <span className="text-muted">as stored</span>
        </p>
        <Hint className="mt-0.5">
          {network ? `${network.name} was` : 'These weights were'} stored with one average only, so its length is fixed.
        </Hint>
      </div>
    )
  }
  const stored = network.sigmaRel === null ? 'as stored' : `as stored, ${plain(network.sigmaRel)}`
  return (
    <Slide
      part={part}
      label={label}
      help={
        value === null || value === network.sigmaRel
          ? help
          : `${help} This one is put together from stored averages, ${percent(averageError(network, value))} off the true one.`
      }
      value={emaStopIndex(value)}
      min={0}
      max={EMA_STOPS.length}
      step={1}
      valueText={value === null ? stored : `σ_rel ${plain(value)}`}
      readout={
        value === null ? (
          <span className="num flex h-7 items-center text-label text-muted">{stored}</span>
        ) : (
          <span className="num flex items-center gap-2 text-hint text-muted">
            σ_rel
            <NumberInput
              part={`${part}-number`}
              label={`${label}, number`}
              value={value}
              min={EMA_RANGE.min}
              max={EMA_RANGE.max}
              className="w-16"
              onChange={(next) => onChange(next, 'discrete')}
            />
          </span>
        )
      }
      marks={MARKS}
      onChange={(at) => onChange(at === 0 ? null : (EMA_STOPS[at - 1] ?? null), 'drag')}
      onSettle={onSettle}
    />
  )
}
