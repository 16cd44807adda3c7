/** What the chosen method is: its sentence, its equation with today's numbers, the choice each side makes, its price and its limits. */
import { type ReactNode, useMemo } from 'react'
import { methodById } from '../../guidance/index'
import { describePair } from '../../guidance/describe'
import type { Settings } from '../../settings/types'
import { fixed, formatSigma, methodSentence, percent } from '../kit/format'
import { usePage } from '../app/store'
import { Measured } from './Measured'
import { valueOf } from '../../numbers'
import { differenceSize } from '../../numbers/numbers/difference-size'
import { useRecord } from '../run/use-record'
import { Tex, Words } from '../kit/Tex'

/** The scale in both conventions, and how large the difference is at the playhead. */
function Today({ settings, combiner }: { readonly settings: Settings; readonly combiner: boolean }) {
  const focus = usePage((state) => state.stage.focus)
  const record = useRecord()
  const { image } = usePage((state) => state.model)
  const sample = record?.samples[focus]
  const ratio = sample ? valueOf(differenceSize, sample, image) : null
  const s = fixed(settings.scale)
  return (
    <div className="num text-[0.8125rem]">
      {!combiner && <Tex block>{String.raw`D = D^{+} + ${s}\,(D^{+} - D^{-})`}</Tex>}
      <p className="text-xs text-muted">
        {combiner && `s ${s}, w ${fixed(settings.scale + 1)}. `}
        {record && typeof ratio === 'number'
          ? `At σ ${formatSigma(record.sigma)} the difference is ${percent(ratio)} of D⁺${combiner ? '' : `, so this adds ${percent(settings.scale * ratio)}`}.`
          : record
            ? `Nothing is added at σ ${formatSigma(record.sigma)}.`
            : null}
      </p>
    </div>
  )
}

/** Network, condition, perturbation, noise level and input of both sides; what is alike stands in grey. */
function PairTable({ settings }: { readonly settings: Settings }) {
  const model = usePage((state) => state.model)
  const rows = useMemo(() => describePair(settings, model), [settings, model])
  return (
    <table className="w-full table-fixed border-t border-line text-xs">
      <caption className="pb-1 text-left text-muted">Which choice each side makes</caption>
      <thead>
        <tr className="text-left">
          <th scope="col" className="w-[4.75rem] py-1 font-normal text-muted">
            <span className="sr-only">aspect</span>
          </th>
          <th scope="col" className="py-1 pr-2 font-medium text-positive">
            positive
          </th>
          <th scope="col" className="py-1 font-medium text-negative">
            negative
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ aspect, positive, negative, differs }) => (
          <tr key={aspect} className="border-t border-line align-top">
            <th scope="row" className="py-1 pr-2 text-left font-normal text-muted">
              {aspect}
            </th>
            <td className={`py-1 pr-2 break-words ${differs ? '' : 'text-muted'}`}>
              <Words>{positive}</Words>
            </td>
            <td className={`py-1 break-words ${differs ? 'font-medium text-negative' : 'text-muted'}`}>
              {differs ? <Words>{negative}</Words> : 'the same'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function MethodCard({ children }: { readonly children?: ReactNode }) {
  const settings = usePage((state) => state.settings)
  const method = methodById(settings.method)
  if (!method) return null
  return (
    <>
      <div>
        <p className="text-[0.8125rem] text-muted">
          <Words>{methodSentence(method)}</Words>
        </p>
        <div className="mt-1.5 text-[0.8125rem]">
          {/* Parts of a long formula stand under each other. */}
          {method
            .formula(settings.parameters)
            .split(String.raw`,\quad`)
            .map((part) => (
              <Tex key={part} block>
                {part}
              </Tex>
            ))}
        </div>
        {method.kind !== 'none' && <Today settings={settings} combiner={method.kind === 'combiner'} />}
      </div>
      {method.kind !== 'none' && <PairTable settings={settings} />}
      {children}
      <Measured />
      <dl className="grid grid-cols-[4.75rem_1fr] gap-y-1 border-t border-line pt-2 text-xs [&_dt]:text-muted">
        <dt>Costs</dt>
        <dd className="num">{method.cost}</dd>
        <dt>Needs</dt>
        <dd>{method.needs}</dd>
        <dt>Breaks</dt>
        <dd>{method.breaks}</dd>
        <dt>Source</dt>
        <dd>
          <a
            className="underline decoration-line underline-offset-2 hover:decoration-ink"
            href={method.source.url}
            target="_blank"
            rel="noreferrer"
          >
            {method.source.text}
          </a>
        </dd>
      </dl>
    </>
  )
}
