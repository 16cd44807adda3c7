/** Post-hoc EMA against numbers of NVlabs/edm2's `phema.py` (guidance.md, section 17), and against averages computed step by step. */
import { describe, expect, it } from 'vitest'
import { gammaOf, LONGEST_SIGMA_REL, profileError, sigmaRelOf, synthesis, type Average } from '../../../src/core/ema'

const grid = (samples: readonly number[], widths: readonly number[] = [0.05, 0.1]): Average[] =>
  samples.flatMap((moment) => widths.map((sigmaRel) => ({ sigmaRel, samples: moment })))

describe('the exponent of a profile', () => {
  it.each([
    [0.01, 96.995, 3],
    [0.03, 30.317, 3],
    [0.05, 16.9722, 4],
    [0.07, 11.245, 3],
    [0.075, 10.2891, 4],
    [0.1, 6.9372, 4],
    [0.11, 6.02, 3],
    [0.125, 4.916, 3],
    [0.155, 3.337, 3],
    [0.16, 3.13, 3],
  ])('of σ_rel %f is %f', (sigmaRel, gamma, digits) => {
    expect(gammaOf(sigmaRel)).toBeCloseTo(gamma, digits)
    expect(sigmaRelOf(gammaOf(sigmaRel))).toBeCloseTo(sigmaRel, 14)
  })

  it('is 0 for the longest, and there is none beyond', () => {
    expect(gammaOf(LONGEST_SIGMA_REL)).toBeCloseTo(0, 7)
    for (const wrong of [0, -0.1, 0.3, 1, NaN]) expect(() => gammaOf(wrong)).toThrow(/above 0 and at most 0\.289/)
  })
})

describe('shares of stored averages', () => {
  // Printed digits of the reference; a last printed digit may be rounded either way.
  it.each([
    [0.07, [0, 0, 0.00008, -0.00057, 0.01069, -0.04392, 0.43457, 0.59915]],
    [0.12, [-0.00003, 0.00013, -0.00218, 0.00737, -0.02596, 0.07314, -0.14908, 1.09661]],
  ])('for σ_rel %f after the fourth of four snapshots are those of the reference', (sigmaRel, row) => {
    const shares = synthesis(grid([1, 2, 3, 4]), { sigmaRel, samples: 4 }, Infinity)
    shares.forEach(({ factor }, i) => expect(Math.abs(factor - row[i]!), `${i}`).toBeLessThan(6e-6))
  })

  it('for a shorter one than any stored are large and of both signs', () => {
    const shares = synthesis(grid([1, 2, 3, 4]), { sigmaRel: 0.03, samples: 4 }, Infinity).map(({ factor }) => factor)
    for (const [i, wanted] of [0.00001, -0.01169, 0.1235, 2.1011, -1.21292].entries())
      expect(Math.abs(shares[i + 3]! - wanted), `${i + 3}`).toBeLessThan(6e-6)
  })

  it('do not depend on the unit of training time', () => {
    const small = synthesis(grid([1, 2, 3, 4]), { sigmaRel: 0.07, samples: 4 }, 2)
    const large = synthesis(grid([1e6, 2e6, 3e6, 4e6]), { sigmaRel: 0.07, samples: 4e6 }, 2)
    expect(large).toHaveLength(4)
    large.forEach(({ factor }, i) => expect(factor).toBeCloseTo(small[i]!.factor, 12))
  })

  it('sum to 1', () => {
    for (const snapshots of [1, 2, Infinity]) {
      for (const sigmaRel of [0.03, 0.06, 0.15, 0.25]) {
        const shares = synthesis(grid([1, 2, 3, 4]), { sigmaRel, samples: 4 }, snapshots)
        expect(shares).toHaveLength(Math.min(snapshots, 4) * 2)
        expect(shares.reduce((sum, { factor }) => sum + factor, 0)).toBeCloseTo(1, 12)
      }
    }
  })

  it('use the last snapshots only, none later than the target, in the order given', () => {
    const stored = grid([4, 1, 3, 2]).map((average, i) => ({ ...average, file: i }))
    expect(synthesis(stored, { sigmaRel: 0.07, samples: 3 }, 2).map(({ average }) => average.file)).toEqual([
      4, 5, 6, 7,
    ])
    expect(synthesis(stored, { sigmaRel: 0.07, samples: 1.5 }, 2).map(({ average }) => average.file)).toEqual([2, 3])
  })

  it('are one whole where the average is itself stored', () => {
    const stored = grid([1, 2])
    expect(synthesis(stored, { sigmaRel: 0.1, samples: 2 }, 2)).toEqual([{ average: stored[3], factor: 1 }])
  })

  it('rebuild an average that was tracked step by step', () => {
    // Weights along a made-up training: a bend and a wobble, averaged at each step with β = (1 − 1/t)^(γ + 1) (equation 127).
    const steps = 4000
    const weight = (t: number) => Math.tanh(t / 900) + 0.1 * Math.sin(t / 300)
    const track = (sigmaRel: number, until: number) => {
      const gamma = gammaOf(sigmaRel)
      let average = 0
      for (let t = 1; t <= until; t++) {
        const beta = (1 - 1 / t) ** (gamma + 1)
        average = beta * average + (1 - beta) * weight(t)
      }
      return average
    }
    const stored = grid(Array.from({ length: 16 }, (_, i) => (steps / 16) * (i + 1))).map((average) => ({
      ...average,
      weight: track(average.sigmaRel, average.samples),
    }))
    for (const sigmaRel of [0.07, 0.085, 0.13]) {
      const made = synthesis(stored, { sigmaRel, samples: steps }, Infinity).reduce(
        (sum, { average, factor }) => sum + factor * average.weight,
        0,
      )
      const told = track(sigmaRel, steps)
      const nearest = Math.min(...stored.map(({ weight: value }) => Math.abs(value - told)))
      expect(Math.abs(made - told)).toBeLessThan(nearest / 20)
    }
  })

  it('are refused where nothing can be made', () => {
    expect(() => synthesis([], { sigmaRel: 0.1, samples: 2 }, 2)).toThrow(/no averages of these weights are stored/)
    expect(() => synthesis(grid([3, 4]), { sigmaRel: 0.1, samples: 2 }, 2)).toThrow(
      /first stored average is of 3 images/,
    )
    expect(() => synthesis(grid([1, 2]), { sigmaRel: 0.5, samples: 2 }, 2)).toThrow(RangeError)
    expect(() => synthesis([...grid([2]), ...grid([2])], { sigmaRel: 0.07, samples: 2 }, 2)).toThrow(/are the same/)
  })
})

describe('the error of a profile', () => {
  /** Norm of the difference of the profiles (γ + 1) τ^γ / t^(γ+1) up to t, summed on a fine grid. */
  function summed(shares: readonly { readonly average: Average; readonly factor: number }[], target: Average): number {
    const at = ({ sigmaRel, samples }: Average, time: number) =>
      time > samples ? 0 : ((gammaOf(sigmaRel) + 1) * (time / samples) ** gammaOf(sigmaRel)) / samples
    let [off, whole] = [0, 0]
    const cells = 4e4
    for (let i = 0; i < cells; i++) {
      const time = ((i + 0.5) / cells) * target.samples
      const wanted = at(target, time)
      off += (wanted - shares.reduce((sum, { average, factor }) => sum + factor * at(average, time), 0)) ** 2
      whole += wanted ** 2
    }
    return Math.sqrt(off / whole)
  }

  it.each([0.03, 0.07, 0.14, 0.25])('at σ_rel %f is that of the curves themselves', (sigmaRel) => {
    const target = { sigmaRel, samples: 4 }
    const shares = synthesis(grid([3.6, 4]), target, 2)
    expect(profileError(shares, target)).toBeCloseTo(summed(shares, target), 4)
  })

  it('is nothing where the average is stored, and everything where nothing is made', () => {
    const target = { sigmaRel: 0.05, samples: 4 }
    expect(profileError(synthesis(grid([3, 4]), target, 2), target)).toBeCloseTo(0, 6)
    expect(profileError([], target)).toBe(1)
  })
})
