/** What the chosen method is: its sentence, its equation with today's numbers, the choice each side makes, its price and its limits. */
import type { ReactNode } from 'react'
import { folds, isGuided, methodById } from '../../guidance/index'
import type { Settings } from '../../settings/types'
import { addend, fixed } from '../../core/format'
import { useWanted } from '../app/store'
import { Part } from '../view/Part'
import { Measured } from './Measured'
import { Formula } from '../kit/Formula'
import { Hint } from '../kit/Hint'
import { Link } from '../kit/Link'
import { Words } from '../kit/Tex'
import { methodSentence } from './methods'
import { InPictures } from './InPictures'
import { PairTable } from './PairTable'
import { WhereFrom } from './WhereFrom'

/** The equation with the scale that is set, or the scale alone where the method does not add a plain difference. */
function Today({ settings, combiner }: { readonly settings: Settings; readonly combiner: boolean }) {
  const { scale } = settings
  // One evaluation makes the guided prediction: there is no difference to add.
  return combiner || folds(settings) ? (
    <Hint figures>{`s ${fixed(scale)}, w ${fixed(scale + 1)}.`}</Hint>
  ) : (
    <div className="num text-label">
      <Formula>{String.raw`D = D^{+} ${addend(scale)}\,(D^{+} - D^{-})`}</Formula>
    </div>
  )
}

interface MethodCardProps {
  /** The method's controls, within it or before it. */
  readonly children?: ReactNode
  readonly controlsFirst?: boolean
}

export function MethodCard({ children, controlsFirst = false }: MethodCardProps) {
  const settings = useWanted((settings) => settings)
  const method = methodById(settings.method)
  if (!method) return null
  return (
    <>
      {controlsFirst && children}
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
        <InPictures />
      </div>
      {isGuided(settings) && <PairTable settings={settings} />}
      {!controlsFirst && children}
      <Part name="measured">
        <Measured />
      </Part>
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
      <WhereFrom method={method.id} />
    </>
  )
}
