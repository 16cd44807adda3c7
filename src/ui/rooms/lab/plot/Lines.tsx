/** Which line is which: the values of the axis that has a line for each. */
import { axisLabel, type Axis } from '../../../../lab/axis'
import { dashOf } from '../../measured/Plot'

export function Lines({ axis: { key, values } }: { readonly axis: Axis }) {
  if (values.length < 2) return null
  return values.map((text, line) => (
    <span key={text} className="num flex items-center text-hint" translate="no">
      <svg viewBox="0 0 24 8" className="mr-1.5 h-2 w-6" aria-hidden>
        <line x1="0" x2="24" y1="4" y2="4" stroke="currentColor" strokeWidth="1.5" strokeDasharray={dashOf(line)} />
      </svg>
      {`${axisLabel(key)} ${text.replaceAll('_', '–')}`}
    </span>
  ))
}
