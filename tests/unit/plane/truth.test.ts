/** The plane's densities and scores, and its networks, against PyTorch (tests/golden/plane.py). */
import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { measure } from '../../../src/plane/measures'
import { openPlane } from '../../../src/plane/plane'
import golden from '../../golden/plane.json'
import mixtureFile from '../../../models/plane/mixture.json'
import networksFile from '../../../models/plane/networks.json'
import weightsFile from '../../../models/plane/weights.json'

const { mixture, truth, denoiser } = openPlane(mixtureFile, networksFile, weightsFile)

describe('the mixture', () => {
  it.each(golden.truth)(
    'has PyTorch’s density and score at σ $sigma of class $label',
    ({ sigma, label, x, log, score }) => {
      const [ownLog, ownScore] = [new Float64Array(log.length), new Float64Array(x.length)]
      mixture.evaluate(x, sigma, label, { log: ownLog, score: ownScore })
      for (const [i, value] of log.entries())
        expect(Math.abs(ownLog[i]! - value)).toBeLessThan(1e-9 * (1 + Math.abs(value)))
      for (const [i, value] of score.entries())
        expect(Math.abs(ownScore[i]! - value)).toBeLessThan(1e-8 * (1 + Math.abs(value)))
    },
  )

  it('says what lies outside of true points: one in a hundred', () => {
    const points = mixture.draw(10_000, 0, 0, 3)
    const order = normals(4, 0, 20_000)
    const { outside, logLikelihood, covered, twigs } = measure(points, 0, mixture, truth)
    expect(outside).toBeGreaterThan(0.006)
    expect(outside).toBeLessThan(0.014)
    expect(logLikelihood).toBeCloseTo(truth.logLikelihood[0]!, 1)
    expect([covered, twigs]).toEqual([16, 16])
    // Anywhere at all, most of them are outside.
    expect(measure(order, 0, mixture, truth).outside).toBeGreaterThan(0.9)
  })
})

it.each(golden.networks)(
  'network $network predicts PyTorch’s D at σ $sigma',
  ({ network, sigma, classWeights, x, denoised }) => {
    const row = { x: Float32Array.from(x), sigma, classWeights: Float32Array.from(classWeights), attention: null }
    const own = denoiser.predict({ ...row, network: { id: network } })
    for (const [i, value] of denoised.entries()) expect(own[i]).toBeCloseTo(value, 5)
  },
)
