/** The plane's densities and scores, and its networks, against PyTorch (tests/golden/plane.py). */
import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { measure } from '../../../src/plane/measures'
import { openPlane } from '../../../src/plane/plane'
import golden from '../../golden/plane.json'
import mixtureFile from '../../../models/plane/mixture.json'
import networksFile from '../../../models/plane/networks.json'

const { mixture, truth, denoiser } = openPlane(mixtureFile, networksFile)

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
    // Points of the first class, drawn by its own components.
    const [from, to] = mixture.rangeOf(0)
    const points = new Float32Array(20_000)
    const [noise, order] = [normals(3, 0, points.length), normals(4, 0, points.length)]
    let k = from
    for (let p = 0, spent = 0; p < points.length / 2; p++) {
      // So many of each as it weighs.
      while (k < to - 1 && spent + mixture.weight[k]! < (p + 0.5) / (points.length / 2)) spent += mixture.weight[k++]!
      const [xx, xy, yy] = mixture.covariance.subarray(3 * k, 3 * k + 3)
      const low = Math.sqrt(xx!)
      points[2 * p] = mixture.mean[2 * k]! + low * noise[2 * p]!
      points[2 * p + 1] =
        mixture.mean[2 * k + 1]! + (xy! / low) * noise[2 * p]! + Math.sqrt(yy! - xy! ** 2 / xx!) * noise[2 * p + 1]!
    }
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
