/** The per-step numbers of the step under the playhead; each opens the plot that explains it. */
import { addsPlainly } from '../../guidance/index'
import { appliedOf, numbers, valueOf, valueText } from '../../numbers'
import type { StepNumber } from '../../numbers/number'
import { usePage, useSession, useShownSettings } from '../app/store'
import { useRecord } from '../run/use-record'
import { curves } from './lines'

const LISTED = numbers.filter(({ axis }) => axis !== null)

interface ReadoutProps {
  readonly number: StepNumber
  readonly text: string
  /** The same of what was applied, where that is another thing. */
  readonly applied: string | null
}

function Readout({ number, text, applied }: ReadoutProps) {
  const session = useSession()
  const open = usePage((state) => state.equation.lens === number.plot)
  const stroke = curves.find((curve) => curve.number === number)?.stroke
  return (
    <button
      type="button"
      data-part={`number-${number.id}`}
      title={number.help}
      aria-pressed={open}
      className="flex items-center justify-end gap-1 whitespace-nowrap sm:gap-1.5 rounded-[4px] px-1 text-muted hover:bg-sunken hover:text-ink aria-pressed:bg-sunken aria-pressed:text-ink"
      onClick={() => {
        session.look(number.plot)
        document.getElementById('moment')?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
      }}
    >
      {stroke && (
        <svg viewBox="0 0 16 2" className="h-0.5 w-4" aria-hidden>
          <line x1="0" x2="16" y1="1" y2="1" stroke={stroke.colour} strokeWidth="2" strokeDasharray={stroke.dash} />
        </svg>
      )}
      <span className="link">{number.plain}</span>
      {number.short !== number.plain && (
        <span className="text-tiny max-sm:hidden" translate="no">
          {number.short}
        </span>
      )}
      <span className="num min-w-9 text-right text-ink" translate="no">
        {text}
      </span>
      {applied !== null && applied !== text && (
        <span className="num" data-part={`applied-${number.id}`}>
          <span className="max-sm:sr-only">applied</span>
          {/* On a phone there is no room for the word. */}
          <span aria-hidden className="sm:hidden">
            →
          </span>{' '}
          <span className="text-ink" translate="no">
            {applied}
          </span>
        </span>
      )}
    </button>
  )
}

export function Readouts() {
  const focus = usePage((state) => state.stage.focus)
  const { image } = usePage((state) => state.model)
  const record = useRecord()
  const more = usePage((state) => state.shell.more)
  const plainly = useShownSettings(addsPlainly)
  const sample = record?.samples[focus] ?? record?.samples[0]
  const textOf = (number: StepNumber) => valueText(number, sample ? valueOf(number, sample, image) : null)
  return (
    <div
      role="group"
      aria-label="Numbers of this step"
      className={`${more ? '' : 'max-lg:not-print:hidden'} flex flex-col text-tiny leading-4 sm:flex-row sm:flex-wrap sm:justify-end sm:gap-x-2 sm:text-hint`}
    >
      {LISTED.map((number) => {
        const applied = plainly ? null : appliedOf(number)
        return <Readout key={number.id} number={number} text={textOf(number)} applied={applied && textOf(applied)} />
      })}
    </div>
  )
}
