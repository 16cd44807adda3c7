import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parsePublished, type Published } from '../../../src/evaluation/published'
import { methods } from '../../../src/guidance'
import { parseManifest } from '../../../src/model/manifest'
import { defaultSettings, TERM, withoutStarts } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { measuredScales, overshootAt } from '../../../src/ui/scale/measured-scales'
import { LARGE_STEP, positionOf, rangeOf, scaleAt } from '../../../src/ui/scale/stops'
import { model } from './fixtures'

const { min, max } = TERM.scale

describe('the slider of a scale', () => {
  const scales = fc.integer({ min: min * 1e4, max: max * 1e4 }).map((whole) => whole / 1e4)

  it('keeps the order of scales, and finds each again', () => {
    fc.assert(
      fc.property(scales, scales, (a, b) => {
        expect(scaleAt(positionOf(a))).toBe(a === 0 ? 0 : a)
        if (a < b) expect(positionOf(a)).toBeLessThan(positionOf(b))
      }),
      { numRuns: 2000 },
    )
  })

  it('has a stop at every scale that people use', () => {
    const used = [-1, -0.5, 0, 0.01, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 12, 20]
    for (const scale of used) expect(positionOf(scale), String(scale)).toBe(Math.round(positionOf(scale)))
  })

  it('goes in round steps: by at most a fifth of what there is, except next to 0; the large one to what is rounder still', () => {
    const { max: last } = rangeOf(min, max)
    for (let at = positionOf(min); at < last; at++) {
      const [here, next] = [scaleAt(at), scaleAt(at + 1)]
      const step = next - here
      expect(step).toBeGreaterThan(0)
      // The next stop has two digits that are not 0 at most.
      expect(Number(next.toPrecision(2))).toBe(next)
      if (here >= 0.25) expect(step / here).toBeLessThanOrEqual(0.2 + 1e-9)
    }
    const large = Array.from({ length: last / LARGE_STEP + 1 }, (_, i) => scaleAt(i * LARGE_STEP))
    expect(large).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20])
    expect(scaleAt(-LARGE_STEP)).toBe(-0.5)
    expect(scaleAt(-2 * LARGE_STEP)).toBe(-1)
  })

  it.each(methods.map(({ id, scale }) => [id, scale.max] as const))('of %s reaches both ends exactly', (_, most) => {
    const range = rangeOf(min, most)
    expect(scaleAt(range.min)).toBe(min)
    expect(scaleAt(range.max)).toBe(most)
  })

  it('ends at a stop behind a typed scale, and gives what is fine the room', () => {
    expect(scaleAt(rangeOf(0, 7.31).max)).toBe(7.4)
    const { max: last } = rangeOf(0, 6)
    expect(positionOf(0.25) / last).toBeGreaterThan(0.3)
  })
})

describe('what was measured at other scales', () => {
  const at = (scale: number, value: number, margin: number | null = 0.2) => ({
    scale,
    images: 500,
    frechet: { value: 6, margin: 0.5 },
    against: { value, margin },
  })
  const settings = defaultSettings(model, 'pag')
  const row = (scales: Published['scales'], changes: Partial<Settings> = {}): Published => ({
    name: 'PAG',
    settings: { ...settings, scale: 0.5, ...changes },
    images: 500,
    frechet: { value: 6, margin: 0.5 },
    against: { value: -0.5, margin: 0.2 },
    precision: { value: 0.9, margin: 0.1 },
    recall: { value: 0.4, margin: 0.1 },
    evaluations: 32,
    heun: null,
    scales,
  })
  const usual = [at(0.25, -0.3), at(0.5, -0.5), at(1, 0.1), at(1.5, 1), at(2, 3)]

  it('is that of the settings in use, whatever class, seed, number of images and scale', () => {
    const now = { ...settings, class: 2, seed: 9, samples: 4, scale: 3 }
    expect(measuredScales([row(usual)], now)?.best).toMatchObject({ scale: 0.5, images: 500, verdict: 'helps' })
    const others: readonly Partial<Settings>[] = [
      { layers: [1] },
      { steps: 8 },
      { solver: 'heun' },
      { rescale: 0.5 },
      { network: 'small' },
      { window: [0, 5] },
      { class: null },
      { parameters: { ...settings.parameters, mix: 0.5 } },
      { stack: [{ ...settings, method: 'seg' }] },
    ]
    for (const other of others)
      expect(measuredScales([row(usual)], { ...now, ...other }), JSON.stringify(other)).toBeNull()
    // Of several rows of a method it is the one that agrees.
    const rows = [row([at(0.5, -1)], { layers: [0] }), row(usual)]
    expect(measuredScales(rows, now)?.tried).toHaveLength(5)
    expect(measuredScales([row([])], now)).toBeNull()
  })

  it('overshoots where the difference is above its interval, and says no more than was tried', () => {
    expect(measuredScales([row(usual)], settings)?.overshoots).toEqual([{ from: 1.5, to: 2, open: true }])
    const between = measuredScales([row([at(0.25, 0.5), at(0.5, -0.5), at(1, 0.4), at(2, 0.9), at(3, 0.1)])], settings)!
    expect(between.overshoots).toEqual([
      { from: 0.25, to: 0.25, open: false },
      { from: 1, to: 2, open: false },
    ])
    expect(overshootAt(1.5, between.overshoots)).toEqual(between.overshoots[1])
    for (const outside of [0, 0.3, 0.9, 2.5]) expect(overshootAt(outside, between.overshoots)).toBeNull()
    const open = [{ from: 1.5, to: 2, open: true }]
    expect([overshootAt(2, open), overshootAt(9, open)]).toEqual([open[0], null])
    // Without an interval nothing is told.
    expect(measuredScales([row([at(0.5, 5, null)])], settings)).toMatchObject({
      overshoots: [],
      best: { verdict: 'same' },
    })
  })

  it('joins rows of the same settings, and below 0 nothing overshoots', () => {
    const turned = row([at(-1, 0.5), at(-0.5, -0.4)], { scale: -0.5 })
    const worse = { ...row([at(0.25, 0.3), at(0.5, 0.6)], { scale: 0.25 }), images: 5000 }
    const measured = measuredScales([worse, turned], settings)!
    expect(measured.tried.map(({ scale }) => scale)).toEqual([-1, -0.5, 0.25, 0.5])
    expect(measured.best).toMatchObject({ scale: -0.5, verdict: 'helps' })
    expect(measured.overshoots).toEqual([{ from: 0.25, to: 0.5, open: true }])
    // Of two that help, that of more images.
    const more = row([{ ...at(0.5, -0.3), images: 5000 }], { scale: 0.5 })
    expect(measuredScales([turned, more], settings)?.best).toMatchObject({ scale: 0.5, images: 5000 })
    const twice = row([at(0.5, 3)], { scale: 0.5 })
    expect(measuredScales([twice, more], settings)?.tried).toMatchObject([{ scale: 0.5, verdict: 'helps' }])
  })

  it('has no best scale where even that is worse than no guidance', () => {
    const measured = measuredScales([row([at(0.5, 0.3), at(1, 0.6)])], settings)!
    expect(measured.best).toBeNull()
    expect(measured.overshoots).toEqual([{ from: 0.5, to: 1, open: true }])
  })

  it('of avatars: SAG and Self-Guidance are worse at every scale above 0, SAG helps turned round, PAG is best at 0.25', () => {
    const read = (file: string): unknown => JSON.parse(readFileSync(`models/avatars/${file}`, 'utf8'))
    const avatars = parseManifest(read('manifest.json'))
    const published = parsePublished(read('evaluation.json'), avatars)
    const of = (method: string) => measuredScales(published, defaultSettings(withoutStarts(avatars), method))!
    for (const method of ['sag', 'self-guidance']) {
      const forward = of(method).tried.filter(({ scale }) => scale > 0)
      expect(forward.length, method).toBeGreaterThan(3)
      expect(forward.every(({ verdict }) => verdict === 'harms')).toBe(true)
    }
    expect(of('self-guidance').best).toBeNull()
    expect(of('sag').best?.scale).toBeLessThan(0)
    expect(of('sag').best?.verdict).toBe('helps')
    expect(of('pag')).toMatchObject({ best: { scale: 0.25, verdict: 'helps' }, overshoots: [{ from: 1, open: true }] })
  })
})
