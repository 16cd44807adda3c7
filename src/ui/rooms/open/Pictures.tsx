/** Noise denoised at three levels: a wrong description is visible at once. */
import { useMemo } from 'react'
import { formatSigma } from '../../../core/format'
import { costOf } from '../../../worker/opener/limits'
import { Progress } from '../../kit/Progress'
import { Layer } from '../../stage/Layer'
import { constantVarianceGain, toPixels } from '../../stage/pixels'
import { faultOf, type Form } from './form'
import type { Opening } from './contract'
import { isCurrent, missingOf, type OpenState, valueOf } from './state'
import { sizeText } from './words'

type Image = Form['description']['image']

function Raster({
  values,
  image,
  label,
}: {
  readonly values: Float32Array
  readonly image: Image
  readonly label: string
}) {
  const pixels = useMemo(() => toPixels(values, image), [values, image])
  return (
    <div
      role="img"
      aria-label={label}
      className="relative bg-sunken"
      style={{ aspectRatio: `${image.width} / ${image.height}` }}
    >
      <Layer pixels={pixels} size={image} smooth={false} />
    </div>
  )
}

function Level({
  picture,
  form,
}: {
  readonly picture: { readonly sigma: number; readonly noisy: Float32Array; readonly denoised: Float32Array }
  readonly form: Form
}) {
  const { image, dataDeviation } = form.description
  const { sigma, noisy, denoised } = picture
  const seen = useMemo(() => {
    const gain = constantVarianceGain(sigma, dataDeviation)
    return noisy.map((value) => value * gain)
  }, [noisy, sigma, dataDeviation])
  return (
    <figure data-part="level" className="min-w-0">
      <div className="grid gap-1 lg:grid-cols-2">
        <Raster values={seen} image={image} label={`Noise at σ ${formatSigma(sigma)}`} />
        <Raster values={denoised} image={image} label={`What the network makes of it at σ ${formatSigma(sigma)}`} />
      </div>
      <figcaption className="num mt-0.5 text-hint text-muted">σ {formatSigma(sigma)}</figcaption>
    </figure>
  )
}

const LOOK =
  'From the highest noise level to the lowest, each from what the one before left. The last should be an image like those that it learned from, if a rough one. Noise, flat colour or false colours there tell that something in the description is wrong. A network that predicts ε shows noise at the highest level in any case.'

function Ask({ opening, state }: { readonly opening: Opening; readonly state: OpenState }) {
  const looked = valueOf(state.looking)
  if (!looked) return null
  if (missingOf(state).length > 0)
    return <p className="text-label text-muted">Three pictures will tell, once its weights are here.</p>
  return (
    <>
      <p className="text-label text-muted">
        Three pictures run the network for the first time: about {sizeText(costOf(looked.look.parameters).memory)} of
        memory.
      </p>
      <button type="button" className="button mt-2" data-part="attempt" onClick={opening.attempt}>
        Draw them
      </button>
    </>
  )
}

export function Pictures({ opening, state }: { readonly opening: Opening; readonly state: OpenState }) {
  const { trying, form, trial: tried } = state
  const fault = form && faultOf(form)
  return (
    <section aria-label="Noise, denoised" data-part="trial" aria-busy={trying.kind === 'working'}>
      <h2 className="font-medium">Does it look right?</h2>
      {trying.kind === 'none' && fault === null && <Ask opening={opening} state={state} />}
      {trying.kind === 'working' && (
        <div className="mt-1 text-label text-muted">
          {trying.what === '' || trying.done < trying.total ? 'Reading and loading the network…' : 'Denoising…'}
          <Progress label="Trying the description" done={trying.done} total={trying.total} />
        </div>
      )}
      {trying.kind === 'failed' && (
        <div role="alert" data-part="trial-failed" className="mt-1 text-label text-alert">
          {trying.why}{' '}
          <button type="button" className="link" onClick={opening.attempt}>
            Try again
          </button>
        </div>
      )}
      {tried && (
        <div>
          <div
            className={`mt-2 grid max-w-md gap-2 max-lg:grid-cols-3 ${isCurrent(state, tried) ? '' : '[&_[role=img]]:opacity-50'}`}
          >
            {tried.pictures.map((picture) => (
              <Level key={picture.sigma} picture={picture} form={tried.form} />
            ))}
          </div>
          {tried.milliseconds !== null && (
            <p data-part="row-time" className="num mt-1 text-hint text-muted">
              {Math.max(1, Math.round(tried.milliseconds))} ms a row here.
            </p>
          )}
          <p className="mt-1 max-w-md text-hint text-muted">{LOOK}</p>
        </div>
      )}
    </section>
  )
}
