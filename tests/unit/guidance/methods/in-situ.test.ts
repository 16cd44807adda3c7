import { describe, expect, it } from 'vitest'
import { contextOf, negativeMethod } from '../../../support/method-context'

const asked = (changes: Parameters<typeof contextOf>[1] = {}, at: Parameters<typeof contextOf>[2] = {}) =>
  negativeMethod('in-situ')
    .negative(contextOf('in-situ', changes, at))
    ?.attention?.map((control) => control?.dropout ?? null) ?? null

describe('in-situ autoguidance', () => {
  it('drops in the blocks of the chosen layers, each by its own draw', () => {
    const drawn = asked({ layers: [0, 2], parameters: { dropout: 0.25 } })!
    expect(drawn.map((dropout) => dropout?.rate ?? null)).toEqual([0.25, null, 0.25])
    expect(drawn[0]!.seed).not.toBe(drawn[2]!.seed)
  })

  it('draws anew at each step, for each image and seed, and the same when asked again', () => {
    const seeds = [asked(), asked({}, { step: 1 }), asked({}, { sample: 1 }), asked({ seed: 9 })].map(
      (drawn) => drawn![0]!.seed,
    )
    expect(new Set(seeds).size).toBe(4)
    expect(asked()).toEqual(asked())
  })

  it('is nothing at rate 0', () => {
    expect(asked({ parameters: { dropout: 0 } })).toBeNull()
  })
})
