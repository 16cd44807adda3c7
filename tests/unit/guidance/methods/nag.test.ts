import { describe, expect, it } from 'vitest'
import { folds, negatives } from '../../../../src/guidance'
import { settingsRefusal } from '../../../../src/settings'
import { contextOf, negativeMethod, settingsOf } from '../../../support/method-context'
import { toyModel } from '../../../support/model'

const folded = (changes: Parameters<typeof contextOf>[1] = {}) =>
  negativeMethod('nag').folded!(contextOf('nag', changes))!

describe('NAG', () => {
  it('is one evaluation, pushed inside the chosen layers by the scale', () => {
    const parameters = { featureLimit: 1.5, featureBlend: 0.25 }
    expect(folded({ scale: 3, layers: [1], parameters }).attention).toEqual([
      null,
      { extrapolate: { scale: 3, limit: 1.5, blend: 0.25 } },
      null,
    ])
    expect(folds(settingsOf('nag'))).toBe(true)
  })

  it('is the positive where nothing is blended in, or no layer is chosen', () => {
    for (const changes of [{ parameters: { featureBlend: 0 } }, { layers: [] }])
      expect(folded(changes)).toEqual(contextOf('nag').positive)
  })

  it('gives combiners nothing to combine, and says what to do', () => {
    expect(negatives.map(({ id }) => id)).toContain('nag')
    const settings = settingsOf('apg', { parameters: { ...settingsOf('nag').parameters, negative: 'nag' } })
    expect(settingsRefusal(settings, toyModel)).toContain('Set negative to another method')
  })
})
