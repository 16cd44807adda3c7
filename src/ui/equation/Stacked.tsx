/** The further negatives of a step: each with its numbers and its own row of pictures. Loaded where there are some. */
import { methodById } from '../../guidance/index'
import { numbers, valueOf, valueText } from '../../numbers'
import type { SampleRecord } from '../../sampling/records'
import type { Settings } from '../../settings/types'
import { usePage } from '../app/store'
import { Pushed } from './Pushed'

const LISTED = numbers.filter(({ about, axis }) => about === 'difference' && axis !== null)

interface StackedProps {
  readonly sample: SampleRecord
  readonly settings: Settings
  /** Which of the stack, from 0. */
  readonly at: number
  readonly meant: boolean
}

export default function Stacked({ sample, settings, at, meant }: StackedProps) {
  const { image } = usePage((state) => state.model)
  const own = settings.stack[at]
  const term = sample.stacked[at]
  if (!own || !term) return null
  const told = LISTED.map((number) => ({ number, value: valueOf(number, sample, image, at + 1) }))
  return (
    <>
      <div data-part="stacked" className="num col-span-3 min-w-0 self-center pb-6 text-right text-label text-muted">
        <span>{`and against ${methodById(own.method)?.name ?? own.method}`}</span>
        {told.map(
          ({ number, value }) =>
            value !== null && (
              <span key={number.id} className="block text-hint">
                {number.plain} <span translate="no">{valueText(number, value)}</span>
              </span>
            ),
        )}
      </div>
      {term.predictionNegative ? (
        <Pushed positive={sample.predictionPositive} term={term} scale={own.scale} mark={`_${at + 2}`} meant={meant} />
      ) : (
        <p className="col-span-4 self-center pb-6 text-label text-muted">adds nothing at this σ.</p>
      )}
    </>
  )
}
