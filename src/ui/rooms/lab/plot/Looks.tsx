/** What stands over a drawing: which of its numbers is looked at, and which line is which. */
import type { Axis } from '../../../../lab/axis'
import { Segments } from '../../../kit/Segments'
import { Lines } from './Lines'

interface LooksProps<Looked extends string> {
  readonly part: string
  readonly looks: readonly Looked[]
  readonly looked: Looked
  readonly labelOf: (looked: Looked) => string
  readonly onLook: (looked: Looked) => void
  /** The axis that has a line for each value, where there is one. */
  readonly across: Axis | undefined
}

export function Looks<Looked extends string>({ part, looks, looked, labelOf, onLook, across }: LooksProps<Looked>) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
      <Segments
        part={part}
        label="What is drawn"
        small
        value={looked}
        options={looks.map((value) => ({ value, label: labelOf(value) }))}
        onChange={(value) => onLook(looks.find((each) => each === value) ?? looked)}
      />
      {across && <Lines axis={across} />}
    </div>
  )
}
