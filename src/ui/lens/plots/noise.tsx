/** The noise that the positive predicts, and how each difference lies to it. */
import { useMemo } from 'react'
import { addsPlainly } from '../../../guidance/index'
import { termsOf, valueOf, valueText } from '../../../numbers'
import { appliedNoise } from '../../../numbers/numbers/applied-noise'
import { noiseCosine } from '../../../numbers/numbers/noise-cosine'
import { usePage } from '../../app/store'
import { fixed } from '../../../core/format'
import { Tex } from '../../kit/Tex'
import { useTheme } from '../../app/theme'
import { divergingGradient, predictedNoise, signedLimit, signedPixels } from '../../stage/pixels'
import { Figure, nameOf } from '../parts'
import type { Plot, PlotProps } from '../plot'

/** What a cosine between Δ and the predicted noise means. */
export function cosineSentence(cosine: number): string {
  if (cosine <= -0.1) return 'Δ points away from the noise: guidance takes more of it out.'
  if (cosine >= 0.1) return 'Δ points along the noise: guidance keeps some of it in.'
  return 'Δ lies across the noise: guidance changes the image, hardly its noise.'
}

function Noise({ record, sample, settings }: PlotProps) {
  const theme = useTheme()
  const model = usePage((state) => state.model)
  const noise = useMemo(() => {
    const values = predictedNoise(sample.guided.x, sample.predictionPositive, record.sigmaHat, model.image)
    const limit = signedLimit(values)
    return { pixels: signedPixels(values, limit, theme), limit }
  }, [record, sample, model, theme])
  const first = valueOf(noiseCosine, sample, model.image)
  return (
    <Figure pixels={noise.pixels} scale={divergingGradient(theme)}>
      <p className="num text-ink">
        <Tex>{String.raw`(x_t - D^{+})/\sigma`}</Tex> <span translate="no">±{fixed(noise.limit)}</span>
      </p>
      {termsOf(sample).map((_, at) => {
        const cosine = valueOf(noiseCosine, sample, model.image, at)
        return (
          cosine !== null && (
            <p key={at} className="num text-ink">
              {`cos(${nameOf(settings, at)}, noise) = `}
              <span translate="no">{valueText(noiseCosine, cosine)}</span>
            </p>
          )
        )
      })}
      {!addsPlainly(settings) && (
        <p className="num text-ink">
          cos(D − D⁺, noise) ={' '}
          <span translate="no">{valueText(appliedNoise, valueOf(appliedNoise, sample, model.image))}</span>, applied
        </p>
      )}
      <p className="mt-1">
        {first === null ? 'The predicted noise. No negative was evaluated here.' : cosineSentence(first)}
      </p>
    </Figure>
  )
}

export const noise: Plot = { id: 'noise', label: 'noise', place: 2, about: 'difference', needs: ['x'], View: Noise }
