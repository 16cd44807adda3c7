/** Which setting a figure goes along, from where to where, and in how many values. */
import { MOST_VALUES, type Along, type Range } from '../../figure'
import { Choice } from '../kit/Choice'
import { Hint } from '../kit/Hint'
import { NumberInput } from '../kit/NumberInput'

interface AlongProps {
  readonly choices: readonly Along[]
  readonly along: Along
  readonly range: Range
  readonly onAlong: (along: Along) => void
  readonly onRange: (range: Range) => void
}

function Numbers({
  along,
  range,
  onRange,
}: Pick<AlongProps, 'range' | 'onRange'> & { readonly along: Extract<Along, { kind: 'numbers' }> }) {
  const field = (part: string, name: 'from' | 'to', label: string) => (
    <span className="flex items-center gap-2 text-label">
      {label}
      <NumberInput
        part={part}
        label={`${along.label}, ${label}`}
        value={range[name]}
        min={along.min}
        max={along.max}
        whole={along.whole}
        className="w-20"
        onChange={(value) => onRange({ ...range, [name]: value })}
      />
    </span>
  )
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      {field('figure-from', 'from', 'from')}
      {field('figure-to', 'to', 'to')}
      <span className="flex items-center gap-2 text-label">
        in
        <NumberInput
          part="figure-count"
          label="How many values"
          value={range.count}
          min={2}
          max={MOST_VALUES}
          whole
          className="w-14"
          onChange={(count) => onRange({ ...range, count })}
        />
        values
      </span>
    </div>
  )
}

export function RangeFields({ choices, along, range, onAlong, onRange }: AlongProps) {
  return (
    <div className="flex max-w-md flex-col gap-3">
      <Choice
        part="figure-along"
        label="What changes"
        value={along.key}
        options={choices.map(({ key, label }) => ({ value: key, label }))}
        onChange={(key) => {
          const chosen = choices.find((one) => one.key === key)
          if (chosen) onAlong(chosen)
        }}
      />
      {along.kind === 'numbers' ? (
        <Numbers along={along} range={range} onRange={onRange} />
      ) : (
        <Hint>{`${along.values.length} pictures: ${along.values.map(({ words }) => words).join(', ')}.`}</Hint>
      )}
    </div>
  )
}
