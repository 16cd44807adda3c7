import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { karrasSchedule } from '../../../src/sampling/schedule'
import {
  cellCentre,
  linePath,
  moveBound,
  nearestLevel,
  positionOfSigma,
  sigmaOfEdge,
  sigmaTicks,
  windowEdges,
} from '../../../src/ui/axis/axis'
import { curves, heightAmong, heightOf, valuesOf } from '../../../src/ui/axis/lines'
import { model, record, run, settings } from './fixtures'

const range = { min: 0.005, max: 80, rho: 7 }
const anySteps = fc.integer({ min: 2, max: 64 })

describe('noise axis', () => {
  it('puts every level of the schedule on the centre of its cell', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const sigmas = karrasSchedule(steps, range)
        sigmas.forEach((sigma, frame) => {
          expect(positionOfSigma(sigma, sigmas)).toBeCloseTo(cellCentre(frame, steps), 9)
          expect(nearestLevel(cellCentre(frame, steps), sigmas, sigmas)).toBe(frame)
        })
      }),
    )
  })

  it('moves right as σ falls', () => {
    fc.assert(
      fc.property(
        anySteps,
        fc.double({ min: 0, max: 90, noNaN: true }),
        fc.double({ min: 0, max: 90, noNaN: true }),
        (steps, a, b) => {
          const sigmas = karrasSchedule(steps, range)
          const [low, high] = a < b ? [a, b] : [b, a]
          expect(positionOfSigma(high, sigmas)).toBeLessThanOrEqual(positionOfSigma(low, sigmas) + 1e-12)
        },
      ),
    )
  })

  it('keeps the window of a pair of edges: exactly the steps between them', () => {
    fc.assert(
      fc.property(anySteps, fc.nat(), fc.nat(), (steps, a, b) => {
        const sigmas = karrasSchedule(steps, range)
        const high = a % steps
        const low = high + 1 + (b % (steps - high))
        const [lower, upper] = moveBound(moveBound([0, Infinity], 'upper', high, sigmas), 'lower', low, sigmas)
        const inside = sigmas.slice(0, -1).flatMap((sigma, index) => (sigma > lower && sigma <= upper ? [index] : []))
        expect(inside).toEqual(Array.from({ length: low - high }, (_, i) => high + i))
        expect(windowEdges([lower, upper], sigmas)).toEqual([high, low])
      }),
    )
  })

  it('moves one bound, keeps the number of the other, and leaves a step inside', () => {
    fc.assert(
      fc.property(
        anySteps,
        fc.double({ min: 0, max: 70, noNaN: true }),
        fc.double({ min: 1e-3, max: 100, noNaN: true }),
        fc.integer({ min: -3, max: 70 }),
        fc.constantFrom('upper' as const, 'lower' as const),
        (steps, lower, width, edge, bound) => {
          const sigmas = karrasSchedule(steps, range)
          const upper = lower + width
          // A window that leaves out every step above σ_min has nothing to move towards.
          fc.pre(sigmas.slice(0, -1).some((sigma) => sigma > lower && sigma <= upper))
          const moved = moveBound([lower, upper], bound, edge, sigmas)
          expect(bound === 'upper' ? moved[0] : moved[1]).toBe(bound === 'upper' ? lower : upper)
          expect(sigmas.slice(0, -1).some((sigma) => sigma > moved[0] && sigma <= moved[1])).toBe(true)
        },
      ),
    )
  })

  it('finds the levels of a coarser run on the axis of the finer one', () => {
    const fine = karrasSchedule(16, range)
    const coarse = karrasSchedule(6, range)
    coarse.forEach((sigma, frame) => expect(nearestLevel(positionOfSigma(sigma, fine), coarse, fine)).toBe(frame))
  })

  it('has no bound at the ends', () => {
    const sigmas = karrasSchedule(16, range)
    expect(sigmaOfEdge(0, sigmas)).toBe(Infinity)
    expect(sigmaOfEdge(16, sigmas)).toBe(0)
  })

  it('labels σ_max and 0, and keeps ticks apart', () => {
    fc.assert(
      fc.property(anySteps, fc.double({ min: 0.02, max: 0.3, noNaN: true }), (steps, gap) => {
        const ticks = sigmaTicks(karrasSchedule(steps, range), gap)
        expect(ticks[0]!.sigma).toBe(80)
        expect(ticks.at(-1)!.sigma).toBe(0)
        for (let i = 1; i < ticks.length - 1; i++)
          expect(ticks[i]!.position - ticks[i - 1]!.position).toBeGreaterThanOrEqual(gap)
      }),
    )
  })

  it('breaks the line where a value is missing', () => {
    expect(
      linePath(
        [1, null, 2, 3],
        (x) => x,
        (y) => y,
      ),
    ).toBe('M0.00 1.00M2.00 2.00L3.00 3.00')
  })
})

it('lines of two runs lie on one scale, whose top the largest value of both reaches', () => {
  const { number } = curves[0]!
  const one = run(settings)
  const other = { ...one, records: one.records.map((_, index) => record(index, settings, 0.5 * (index + 1))) }
  const largest = Math.max(...valuesOf(number, other, 0, model.image).map(Number))
  const among = heightAmong(number, [one, null, other], 0, model.image)
  expect(among(largest)).toBe(heightOf(number, [largest])(largest))
  expect(heightAmong(number, [one, null], 0, model.image)(largest)).toBeLessThan(among(largest))
})
