import { describe, expect, it } from 'vitest'
import { folds } from '../../../../src/guidance'
import { contextOf, negativeMethod, settingsOf } from '../../../support/method-context'

const folded = (changes: Parameters<typeof contextOf>[1] = {}) =>
  negativeMethod('pladis').folded!(contextOf('pladis', changes))!

describe('PLADIS', () => {
  it('goes as far towards the chosen sparse map as the scale says, in the chosen layers', () => {
    expect(folded({ scale: 2, layers: [0] }).attention).toEqual([{ entmax: 2 }, null, null])
    const parameters = { sparseMap: 'sparsemax' }
    expect(folded({ scale: 0.5, layers: [1], parameters }).attention).toEqual([null, { sparsemax: 0.5 }, null])
    expect(folds(settingsOf('pladis'))).toBe(true)
  })

  it('has no negative of its own, and is the positive without layers', () => {
    expect(negativeMethod('pladis').negative(contextOf('pladis'))).toBeNull()
    expect(folded({ layers: [] })).toEqual(contextOf('pladis').positive)
  })
})
