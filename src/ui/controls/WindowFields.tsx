/** The window as two numbers; the band on the noise axis belongs to the first negative. */
import type { Term } from '../../settings/types'
import { NumberInput } from '../kit/NumberInput'

interface WindowFieldsProps {
  readonly window: Term['window']
  readonly prefix: string
  readonly onChange: (window: Term['window']) => void
}

export function WindowFields({ window, prefix, onChange }: WindowFieldsProps) {
  const [low, high] = window
  return (
    <div className="num flex items-center justify-between gap-2 text-label">
      <span>Window</span>
      <span className="flex items-center gap-1.5 whitespace-nowrap">
        <NumberInput
          part="window-lower"
          label={`${prefix}Window, lower σ`}
          value={low}
          min={0}
          max={Infinity}
          className="w-14"
          refusal={(next) => (next < high ? null : 'Must be below the upper bound')}
          onChange={(next) => onChange([next, high])}
        />
        {'< σ ≤'}
        <NumberInput
          part="window-upper"
          label={`${prefix}Window, upper σ`}
          value={high}
          min={0}
          max={Infinity}
          className="w-14"
          refusal={(next) => (next > low ? null : 'Must be above the lower bound')}
          onChange={(next) => onChange([low, next])}
        />
      </span>
    </div>
  )
}
