/** What the chosen method is: its sentence, its equation with today's numbers, the choice each side makes, its price and its limits. */
import type { ReactNode } from 'react'
import { folds, isGuided, methodById } from '../../guidance/index'
import type { Settings } from '../../settings/types'
import { fixed, formatSigma, percent } from '../kit/format'
import { usePage } from '../app/store'
import { Measured } from './Measured'
import { valueOf } from '../../numbers'
import { differenceSize } from '../../numbers/numbers/difference-size'
import { useRecord } from '../run/use-record'
import { Formula } from '../kit/Formula'
import { Hint } from '../kit/Hint'
import { Link } from '../kit/Link'
import { Words } from '../kit/Tex'
import { methodSentence } from './methods'
import { PairTable } from './PairTable'

/** The scale in both conventions, and how large the difference is at the playhead. */
function Today({ settings, combiner }: { readonly settings: Settings; readonly combiner: boolean }) {
  const focus = usePage((state) => state.stage.focus)
  const record = useRecord()
  const { image } = usePage((state) => state.model)
  const sample = record?.samples[focus]
  const ratio = sample ? valueOf(differenceSize, sample, image) : null
  const s = fixed(settings.scale)
  // One evaluation makes the guided prediction: there is no difference to add or to measure.
  if (folds(settings)) return <Hint>{`s ${s}, w ${fixed(settings.scale + 1)}.`}</Hint>
  return (
    <div className="num text-label">
      {!combiner && <Formula>{String.raw`D = D^{+} + ${s}\,(D^{+} - D^{-})`}</Formula>}
      <Hint>
        {combiner && `s ${s}, w ${fixed(settings.scale + 1)}. `}
        {record && typeof ratio === 'number'
          ? `At σ ${formatSigma(record.sigma)} the difference is ${percent(ratio)} of D⁺${combiner ? '' : `, so this adds ${percent(settings.scale * ratio)}`}.`
          : record
            ? `Nothing is added at σ ${formatSigma(record.sigma)}.`
            : null}
      </Hint>
    </div>
  )
}

export function MethodCard({ children }: { readonly children?: ReactNode }) {
  const settings = usePage((state) => state.settings)
  const method = methodById(settings.method)
  if (!method) return null
  return (
    <>
      <div>
        <p className="text-label text-muted">
          <Words>{methodSentence(method)}</Words>
        </p>
        <div className="mt-1.5 text-label">
          {/* Parts of a long formula stand under each other. */}
          {method
            .formula(settings.parameters)
            .split(String.raw`,\quad`)
            .map((part) => (
              <Formula key={part}>{part}</Formula>
            ))}
        </div>
        {isGuided(settings) && <Today settings={settings} combiner={method.kind === 'combiner'} />}
      </div>
      {isGuided(settings) && <PairTable settings={settings} />}
      {children}
      <Measured />
      <dl className="grid grid-cols-[4.75rem_1fr] gap-y-1 border-t border-line pt-2 text-hint [&_dt]:text-muted">
        <dt>Costs</dt>
        <dd className="num">{method.cost}</dd>
        <dt>Needs</dt>
        <dd>{method.needs}</dd>
        <dt>Breaks</dt>
        <dd>{method.breaks}</dd>
        <dt>Source</dt>
        <dd>
          <Link href={method.source.url}>{method.source.text}</Link>
        </dd>
      </dl>
    </>
  )
}
