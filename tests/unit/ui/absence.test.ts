import { describe, expect, it } from 'vitest'
import type { SampleRecord } from '../../../src/sampling/records'
import { defaultSettings } from '../../../src/settings'
import { absence } from '../../../src/ui/equation/absence'
import { toyModel as model } from '../../support/model'

const [x, plus, other] = [Float32Array.of(4, 5), Float32Array.of(1, 2), Float32Array.of(1, 3)]
const sampleOf = (denoised: Float32Array, stacked: SampleRecord['stacked'] = []): SampleRecord => ({
  positive: null,
  negative: null,
  guided: { x, denoised },
  predictionPositive: plus,
  predictionNegative: null,
  mask: null,
  stacked,
})
const settings = (method: string, scale = 1) => ({ ...defaultSettings(model, method), scale })

describe('a step without a negative', () => {
  it.each([
    ['pag', 1, true, plus, 'the negative equals the positive, and D is D⁺.'],
    ['pag', 0, true, plus, 's is 0, so the negative is not evaluated, and D is D⁺.'],
    ['cfg-zero-star', 0, true, x, 'not evaluated, and CFG-Zero* stands still: D is x.'],
    ['cfg-zero-star', 1, false, x, 'outside the guidance window, and CFG-Zero* stands still: D is x.'],
    ['apg', 1, true, other, 'the negative equals the positive, and APG pushes by the steps before.'],
    ['nag', 1, true, other, 'The push is inside the network'],
    ['nag', 0, true, plus, 's is 0'],
    ['nag', 1, false, plus, 'outside the guidance window, and D is D⁺.'],
    ['none', 1, true, plus, 'Guidance is off, so D is D⁺.'],
  ] as const)('of %s, s = %f, acts: %s', (method, scale, inWindow, denoised, words) => {
    expect(absence({ inWindow }, sampleOf(denoised), settings(method, scale))).toContain(words)
  })

  it('does not claim D of what other negatives push', () => {
    const sample = sampleOf(other, [{ predictionNegative: plus, mask: null }])
    expect(absence({ inWindow: true }, sample, settings('pag'))).toMatch(/equals the positive, and adds nothing\.$/)
  })
})
