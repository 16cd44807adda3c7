import { describe, expect, it } from 'vitest'
import type { Frame } from '../../../src/sampling/records'
import { defaultSettings } from '../../../src/settings'
import { covers, pictureAt, positionSeen, recordAt, sameRole, sourceOf } from '../../../src/ui/run/run'
import { RunCache } from '../../../src/ui/run/run-cache'
import { finals, image, model, record, run, settings } from './fixtures'

describe('a run on the stage', () => {
  it('covers what is recorded, and the end only when finished', () => {
    const partial = run(settings, 2, null)
    expect(covers(partial, 0)).toBe(true)
    expect(covers(partial, 1 / 5)).toBe(true)
    expect(covers(partial, 2 / 5)).toBe(false)
    expect(covers(partial, 1)).toBe(false)
    expect(covers(run(settings), 1)).toBe(true)
  })

  it('shows the frame under the playhead, the newest one where it has not got so far, the final images at the end', () => {
    const partial = run(settings, 2, null)
    expect(pictureAt(partial, 0, 0, 'guided', 'denoised', model)).toEqual({ image: image(5), gain: 1 })
    expect(pictureAt(partial, 1, 0, 'guided', 'denoised', model)?.image).toEqual(image(105))
    expect(pictureAt(run(settings), 1, 0, 'negative', 'denoised', model)?.image).toEqual(image(2000))
    const noisy = pictureAt(partial, 0, 0, 'positive', 'noisy', model)
    expect(noisy?.image).toEqual(image(0))
    expect(noisy?.gain).toBeLessThan(0.02)
  })

  it('shows predictions for a stored run, which has no x_t', () => {
    const without = ({ denoised }: Frame): Frame => ({ x: new Float32Array(0), denoised })
    const made = run(settings)
    const records = made.records.map((own) => ({
      ...own,
      samples: own.samples.map((sample) => ({ ...sample, positive: without(sample.positive!) })),
    }))
    expect(pictureAt({ ...made, records }, 0, 0, 'positive', 'noisy', model)?.image).toEqual(image(1))
    expect(pictureAt({ ...made, records }, 0, 0, 'guided', 'noisy', model)?.image).toEqual(image(4))
  })

  it('shows the end of a stored run until the pictures of its steps have come', () => {
    const stored = { ...run(settings), whole: () => Promise.reject(new Error('not yet')) }
    expect(positionSeen(stored, 0.4)).toBe(1)
    expect(positionSeen(run(settings), 0.41)).toBe(0.4)
    expect(positionSeen(null, 0.4)).toBe(0)
    // What leaves the page says at which step it is, so it is never another.
    expect(pictureAt(stored, 0.4, 0, 'guided', 'denoised', model)).toBeNull()
  })

  it('explains the end by the step with the largest ratio', () => {
    const records = [0.2, 0.5, null, 0.4, 0.1].map((ratio, index) => record(index, settings, ratio))
    const whole = { ...run(settings), records }
    expect(recordAt(whole, 5, 0, model.image)?.index).toBe(1)
    expect(recordAt(whole, 3, 0, model.image)?.index).toBe(3)
    const unguided = { ...whole, records: records.map((_, index) => record(index, settings, null)) }
    expect(recordAt(unguided, 5, 0, model.image)?.index).toBe(4)
  })

  it('knows which pictures a change touches', () => {
    expect(sameRole('positive', settings, { ...settings, scale: 3, layers: [1] })).toBe(true)
    expect(sameRole('negative', settings, { ...settings, scale: 3, window: [1, 5] })).toBe(true)
    expect(sameRole('negative', settings, { ...settings, layers: [1] })).toBe(false)
    expect(sameRole('guided', settings, { ...settings, scale: 3 })).toBe(false)
    expect(sameRole('positive', settings, { ...settings, steps: 9 })).toBe(false)
    expect(sameRole('positive', settings, { ...settings, seed: 9 })).toBe(false)
    expect(sameRole('positive', settings, { ...settings, network: 'small' })).toBe(false)
    expect(sameRole('positive', settings, { ...settings, ema: 0.1 })).toBe(false)
    const pair = { ...defaultSettings(model, 'pair'), seed: settings.seed }
    expect(sameRole('positive', pair, { ...pair, layers: [1] })).toBe(false)
  })

  it('keeps untouched pictures while a preview is shown', () => {
    const settled = run(settings)
    const preview = { ...run(settings), id: 2, pass: 'preview' as const, settings: { ...settings, scale: 3 } }
    expect(sourceOf('positive', preview, settled)).toBe(settled)
    expect(sourceOf('guided', preview, settled)).toBe(preview)
    expect(sourceOf('positive', settled, null)).toBe(settled)
  })
})

describe('run cache', () => {
  it('gives back what was kept, and drops the longest unused beyond its budget', () => {
    const cache = new RunCache()
    const large = { ...settings, samples: 9, steps: 20 }
    const kept = run(large)
    for (const key of ['a', 'b', 'c']) cache.set(key, { ...kept, final: finals(large) })
    expect(cache.get('a')).toBeUndefined()
    expect(cache.get('c')?.settings).toEqual(large)
    expect(cache.get('b')).toBeDefined()
    cache.set('d', kept)
    expect(cache.get('c')).toBeUndefined()
    expect(cache.get('b')).toBeDefined()
  })
})
