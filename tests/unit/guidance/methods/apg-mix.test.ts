import { describe, expect, it } from 'vitest'
import { methodById, parametersOf } from '../../../../src/guidance'
import { apart, combine, fields, linear } from '../../../support/method-context'

const parameters = { plainSteps: 3, plainShare: 0.5, eta: 0, normLimit: 0.5, momentum: -0.5 }

describe('APG mix', () => {
  it('is plain guidance of a share of the scale first, and then APG', () => {
    const at = (id: string, step: number) => combine(id, { scale: 2, parameters }, { step }).denoised
    expect(apart(at('apg-mix', 0), linear(1))).toBeLessThan(1e-6)
    expect(apart(at('apg-mix', 2), linear(1))).toBeLessThan(1e-6)
    const { plainSteps: _, plainShare: __, ...own } = parameters
    const later = combine('apg', { scale: 2, parameters: own }, { step: 3 }).denoised
    expect(at('apg-mix', 3)).toEqual(later)
    expect(apart(later, linear(1))).toBeGreaterThan(0.01)
  })

  it('keeps the average going through the plain steps', () => {
    const { memory } = combine('apg-mix', { parameters }, { step: 0 })
    const difference = fields.positive.map((value, i) => value - fields.negative[i]!)
    expect(memory).toEqual(difference)
    const second = combine('apg-mix', { parameters }, { step: 1, memory })
    expect(
      apart(
        second.memory!,
        difference.map((value) => 0.5 * value),
      ),
    ).toBeLessThan(1e-6)
  })

  it('has APG’s parameters and its negative’s beside its own', () => {
    expect(parametersOf(methodById('apg-mix')!, { negative: 'seg' }).map(({ key }) => key)).toEqual([
      'negative',
      'plainSteps',
      'plainShare',
      'eta',
      'normLimit',
      'momentum',
      'sigma',
    ])
  })
})
