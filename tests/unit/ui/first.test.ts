import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import { defaultSettings } from '../../../src/settings'
import { lookSentence, pushSentence } from '../../../src/ui/first/sentences'
import type { MeasuredScales, TriedScale } from '../../../src/ui/scale/measured-scales'
import { model } from './fixtures'

const settings = { ...defaultSettings(model, 'pag'), stack: [] }
const tried = (scale: number, verdict: TriedScale['verdict']): TriedScale => ({
  scale,
  verdict,
  images: 500,
  frechet: { value: 6, margin: 0.5 },
  against: { value: 0, margin: 0.5 },
})

describe('the first minute says', () => {
  it('what the three pictures are, of every method', () => {
    expect(lookSentence(settings)).toContain('three times')
    expect(lookSentence({ ...settings, method: 'nag' })).toContain('twice')
    expect(lookSentence({ ...settings, method: 'none' })).toContain('nothing pushes')
    for (const { id } of methods) expect(lookSentence({ ...settings, method: id }), id).toMatch(/\.$/)
  })

  const all = [tried(0.25, 'same'), tried(0.5, 'helps'), tried(1, 'harms'), tried(2, 'harms')]
  const measured: MeasuredScales = { tried: all, best: all[1]!, overshoots: [{ from: 1, to: 2, open: true }] }
  it.each([
    [-1, measured, /^Backwards.*it is the negative/],
    [0, measured, /^Nothing is pushed/],
    [0.2, measured, /no gain.*0\.25/],
    [0.5, measured, /^Repairs.*0\.5\)/],
    [0.6, measured, /^Repairs.*0\.5\)/],
    [1, measured, /^Overshoots.*1\)/],
    [1.4, measured, /^Overshoots/],
    // Beyond what was tried it does not come back.
    [8, measured, /^Overshoots.*2\)/],
    [8, { ...measured, tried: all.slice(0, 2), overshoots: [] }, /^Farther than was measured.*0\.5/],
    [0.5, null, /nothing was measured/],
    [-0.5, { ...measured, tried: [tried(-0.5, 'helps'), ...all] }, /^Turned round.*repairs.*−0\.5\)/],
    [-0.5, { ...measured, tried: [tried(-0.5, 'harms'), ...all] }, /^Backwards/],
    // What was tried on the other side of 0 says nothing.
    [0.5, { ...measured, tried: [tried(-0.5, 'harms')] }, /nothing was measured/],
  ])('at s = %d what was measured nearest', (scale, known, words) => {
    expect(pushSentence({ ...settings, scale }, known)).toMatch(words)
  })

  it('nothing of a push where guidance is off', () => {
    expect(pushSentence({ ...settings, method: 'none', scale: 1 }, measured)).toContain('off')
  })
})
