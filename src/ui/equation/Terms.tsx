/** The terms of one step in pictures: D, D⁺, and what each negative adds. The settings are those of the step's run. */
import { isGuided, methodById } from '../../guidance/index'
import type { SampleRecord, StepRecord, TermRecord } from '../../sampling/records'
import type { Settings } from '../../settings/types'
import { usePage } from '../app/store'
import { Later } from '../kit/Later'
import { absence } from './absence'
import { Operator, PictureTerm, type Pixels, ProbedPicture, usePixels } from './PictureTerm'
import { Pushed } from './Pushed'

const loadStacked = () => import('./Stacked')

/** The places that the pictures of a term will take. */
const EMPTY_TERM: TermRecord = { predictionNegative: null, mask: null }
const EMPTY = new Float32Array(0)

interface TermsProps {
  readonly record: StepRecord | undefined
  readonly sample: SampleRecord | undefined
  readonly settings: Settings
  readonly veil: Pixels | null
}

export function Terms({ record, sample, settings, veil }: TermsProps) {
  const about = usePage((state) => state.equation.about)
  const plus = usePixels(sample?.predictionPositive)
  const guided = usePixels(sample?.guided.denoised)
  const method = methodById(settings.method)
  // Before the first step the places of all four pictures stand empty.
  const pushed = sample?.predictionNegative || (!record && isGuided(settings))
  const several = (sample?.stacked.length ?? 0) > 0
  return (
    <>
      <PictureTerm name="D" note="guided" meant={about === 'guided'}>
        <ProbedPicture pixels={guided} veil={veil} />
      </PictureTerm>
      <Operator>=</Operator>
      <PictureTerm name="D^{+}" note="positive">
        <ProbedPicture pixels={plus} veil={veil} />
      </PictureTerm>
      {pushed ? (
        <Pushed
          positive={sample?.predictionPositive ?? EMPTY}
          term={sample ?? EMPTY_TERM}
          scale={settings.scale}
          combiner={method?.kind === 'combiner' ? method.name : null}
          mark={several ? '_1' : ''}
          meant={about === 'difference'}
        />
      ) : (
        record &&
        sample && (
          <p className="col-span-4 self-center pb-6 pl-2 text-label text-muted" data-part="absence">
            {absence(record, sample, settings)}
          </p>
        )
      )}
      {sample?.stacked.map((_, at) => (
        <Later key={at} load={loadStacked} props={{ sample, settings, at, meant: about === 'difference' }} />
      ))}
    </>
  )
}
