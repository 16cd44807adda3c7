import { expect, it } from 'vitest'
import { karrasSchedule } from '../../../src/sampling/schedule'

// Values of the 32-step EDM schedule (sigma 0.002 to 80, rho 7), to the digits that the reference gives.
const EDM_32 = [
  80, 66.93, 55.74, 46.19, 38.07, 31.22, 25.45, 20.61, 16.59, 13.26, 10.52, 8.282, 6.464, 4.999, 3.829, 2.902, 2.174,
  1.609, 1.174, 0.8446, 0.5977, 0.4154, 0.283, 0.1886, 0.1226, 0.07743, 0.04736, 0.02792, 0.01576, 0.008453, 0.004267,
  0.002, 0,
]

it('gives the 32-step EDM schedule', () => {
  const sigmas = karrasSchedule(32, { min: 0.002, max: 80, rho: 7 })
  expect(sigmas).toHaveLength(33)
  sigmas.forEach((sigma, i) => expect(Math.abs(sigma - EDM_32[i]!)).toBeLessThanOrEqual(5e-4 * EDM_32[i]!))
  expect(sigmas[32]).toBe(0)
})

it('refuses fewer than two steps', () => {
  expect(() => karrasSchedule(1, { min: 0.002, max: 80, rho: 7 })).toThrow(RangeError)
  expect(() => karrasSchedule(2.5, { min: 0.002, max: 80, rho: 7 })).toThrow(RangeError)
})
