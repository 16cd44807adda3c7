/** The table of all methods and the article's shapes: on made numbers of two families, and on the shipped ones by hand. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { families as shipped, modelFolder, readModel } from '../../../src/cli/models'
import { type Curve, parseCurves } from '../../../src/evaluation/curves'
import type { Estimate } from '../../../src/evaluation/metrics'
import type { Published } from '../../../src/evaluation/published'
import { parsePublished } from '../../../src/evaluation/published'
import { methods } from '../../../src/guidance'
import type { ModelInfo } from '../../../src/model/types'
import { defaultSettings, firstSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import {
  acrossFamilies,
  type Entry,
  entriesOf,
  type Family,
  sorted,
  summaryOf,
} from '../../../src/ui/rooms/measured/entries'
import { axisOf } from '../../../src/ui/rooms/measured/Mark'
import { edgeOf } from '../../../src/ui/rooms/measured/MethodRows'
import { scalesOf, wayOf } from '../../../src/ui/rooms/measured/Plot'
import { pointsOf, type ShapePoint } from '../../../src/ui/rooms/measured/shape'
import { checked } from '../../../src/ui/rooms/measured/Shapes'
import { earlierOrSmaller } from '../../../src/ui/rooms/measured/claims/earlier-or-smaller'
import { icgNearCfg } from '../../../src/ui/rooms/measured/claims/icg-near-cfg'
import { sagSmallGain } from '../../../src/ui/rooms/measured/claims/sag-small-gain'
import { gainVerdict } from '../../../src/ui/rooms/measured/gain'
import { layers } from '../../../src/ui/rooms/measured/shapes/layers'
import { moreBlur } from '../../../src/ui/rooms/measured/shapes/more-blur'
import { valley } from '../../../src/ui/rooms/measured/shapes/valley'
import { model } from './fixtures'

const other: ModelInfo = { ...model, id: 'toys', name: 'Toys' }

interface Made {
  readonly name?: string
  readonly images?: number
  readonly more?: Partial<Published>
  readonly settings?: Partial<Settings>
}

/** A row of the method by its difference from an unguided 10, ± 0.5. */
function row(method: string, value: number | null, { name, images = 5000, more, settings }: Made = {}): Published {
  return {
    name: name ?? method.toUpperCase(),
    settings: { ...defaultSettings(model, method), ...settings },
    images,
    frechet: { value: 10 + (value ?? 0), margin: 0.3 },
    against: value === null ? null : { value, margin: 0.5 },
    precision: { value: 0.9, margin: 0.01 },
    recall: { value: 0.4, margin: 0.01 },
    evaluations: value === null ? 16 : 32,
    heun: null,
    scales: [],
    ...more,
  }
}

const plain = row('none', null, { name: 'No guidance' })
const family = (of: ModelInfo, ...rows: readonly Published[]): Family => ({
  model: of,
  rows,
  now: firstSettings(of),
  asked: of === model,
})
const names = (entries: readonly Entry[]) => entries.filter(({ kind }) => kind !== 'unmeasured').map(({ name }) => name)
const entryOf = (entries: readonly Entry[], name: string) => entries.find((entry) => entry.name === name)!

describe('the table of all methods', () => {
  const pag = row('pag', -1)
  const heun = row('none', -2, { name: 'No guidance, Heun', more: { evaluations: 31 } })
  const few = row('seg', -5, { images: 2000 })

  it('has every method once, what was never measured last, and no guidance first', () => {
    const entries = sorted(entriesOf([family(model, plain, pag, heun)]), { by: 'gain', family: model.id })
    expect(entries.map(({ id }) => id).filter((id) => methods.some((method) => method.id === id))).toHaveLength(
      methods.length - 1,
    )
    expect(entries[0]!.kind).toBe('reference')
    expect(names(entries)).toEqual(['No guidance', 'No guidance, Heun', 'PAG'])
    expect(entries.slice(3).every(({ kind, best }) => kind === 'unmeasured' && best.length === 0)).toBe(true)
  })

  it('sorts by gain, controls among the methods, and by cost; fewer images stand apart, whatever they gain', () => {
    const cheap = row('momentum', -0.6, { more: { evaluations: 16 } })
    const entries = entriesOf([family(model, plain, few, pag, cheap, heun)])
    expect(names(sorted(entries, { by: 'gain', family: model.id }))).toEqual([
      'No guidance',
      'No guidance, Heun',
      'PAG',
      'Momentum',
      'SEG',
    ])
    expect(names(sorted(entries, { by: 'cost', family: model.id }))).toEqual([
      'No guidance',
      'Momentum',
      'No guidance, Heun',
      'PAG',
      'SEG',
    ])
    expect(entryOf(entries, 'SEG').best[0]!.comparable).toBe(false)
  })

  it('shows a method at the best of the rows that can be compared, the others under it', () => {
    const better = row('pag', -3, { name: 'PAG, one layer', images: 2000 })
    const classless = row('pag', -4, { name: 'PAG, no class', settings: { class: null, network: 'dropout' } })
    const worse = row('pag', -0.5, { name: 'PAG, all layers' })
    const entry = entryOf(entriesOf([family(model, plain, worse, better, classless, pag)]), 'PAG')
    expect(entry.best.map((one) => one.row)).toEqual([pag])
    expect(entry.others.map(({ variant }) => variant)).toEqual(['All layers', 'No class', 'One layer'])
  })

  it('says what a row gains as a share, what it costs, and takes its settings with the class and seed of now', () => {
    const now = { ...firstSettings(model), class: 2, seed: 9 }
    const entries = entriesOf([{ ...family(model, plain, row('autoguidance', -2)), now }])
    const [best] = entryOf(entries, 'Autoguidance').best
    expect(best).toMatchObject({ verdict: 'helps', times: 2, inForce: false })
    expect(best!.share!.value).toBeCloseTo(-0.2)
    expect(best!.share!.margin).toBeCloseTo(0.05)
    expect(best!.wanted).toMatchObject({ method: 'autoguidance', class: 2, seed: 9 })
    const weak = model.networks.find(({ id }) => id === best!.wanted.parameters.weak)!
    expect(best!.bytes).toBeGreaterThanOrEqual(weak.weights.bytes)
    expect(entryOf(entriesOf([family(model, plain, pag)]), 'PAG').best[0]!.bytes).toBe(0)
  })

  it('says where families differ, and nothing across families where only one was measured', () => {
    const two = entriesOf([family(other, plain, row('pag', 1)), family(model, plain, pag, row('seg', 0.1))])
    expect(acrossFamilies(entryOf(two, 'PAG'))).toBe(`Helps on ${model.name}, harms on Toys`)
    expect(acrossFamilies(entryOf(two, 'SEG'))).toBeNull()
    expect(entryOf(two, 'PAG').best.map((one) => one.model.id)).toEqual(['toys', model.id])
    // Each order is that of one family.
    expect(names(sorted(two, { by: 'gain', family: 'toys' }))).toEqual(['No guidance', 'PAG', 'SEG'])
    expect(names(sorted(two, { by: 'gain', family: model.id }))).toEqual(['No guidance', 'PAG', 'SEG'])
    const both = entriesOf([family(model, plain, pag), family(other, plain, pag)])
    expect(acrossFamilies(entryOf(both, 'PAG'))).toBe(`Helps on ${model.name} and Toys`)
  })

  it('counts what helps, and names what gains more than longer sampling beyond both intervals', () => {
    const rows = [plain, heun, row('pag', -2.9), row('icg', -3.1), row('sag', 0.6), row('tsg', 0.4), few]
    expect(summaryOf(entriesOf([family(model, ...rows)]), model)).toMatchObject({
      helps: 2,
      same: 1,
      harms: 1,
      control: { row: heun },
      beyond: ['ICG'],
    })
  })
})

describe('where a method harms', () => {
  const harmsOf = (more: Partial<Published>, ...others: readonly Published[]) => {
    const own = row('pag', -1, { settings: { scale: 0.5 }, more })
    return entryOf(entriesOf([family(model, plain, own, ...others)]), 'PAG').best[0]!.harms
  }
  const scales = (...values: readonly (readonly [scale: number, value: number])[]) =>
    values.map(([scale, value]) => ({
      scale,
      images: 500,
      frechet: { value: 10 + value, margin: 1 },
      against: { value, margin: 0.5 },
    }))

  it('is from the scale on from which everything is worse than no guidance', () => {
    expect(harmsOf({ scales: scales([0.5, -1], [1, 0.4], [2, 3], [4, 9]) })).toEqual(['from s\u00a02 on'])
    expect(harmsOf({ scales: scales([0.5, -1], [1, 0.7], [2, 0.1]) })).toEqual([])
    expect(harmsOf({ scales: scales([0.25, 0.6], [0.5, 1]) })).toEqual(['at every s above 0 that was tried'])
    expect(harmsOf({ scales: scales([-0.5, 0.6], [0.5, 1]) })).toEqual(['at every scale that was tried'])
    expect(harmsOf({ scales: scales([0.25, 0.6]) })).toEqual(['at the one scale that was tried'])
  })

  it('is not seen of one scale alone, nor of the other side of 0', () => {
    const edge = (scale: number, ...tried: readonly number[]) =>
      edgeOf({ settings: { ...firstSettings(model), scale }, scales: scales(...tried.map((one) => [one, 0] as const)) })
    expect([edge(1, 1), edge(1, -0.5, 1), edge(1, -0.5, 1, 2), edge(1, 0.5, 1), edge(1, 0.5, 1, 2)]).toEqual([
      'the one tried',
      'the one tried',
      'lowest tried',
      'highest tried',
      null,
    ])
  })

  it('is in precision or recall that is lost beyond both intervals, where as many images are compared', () => {
    const lost = { precision: { value: 0.85, margin: 0.01 }, recall: { value: 0.39, margin: 0.01 } }
    expect(harmsOf(lost)).toEqual(['precision −5.0\u00a0points'])
    expect(harmsOf({ ...lost, images: 2000 })).toEqual([])
  })

  it('is without a class, and with the better solver', () => {
    const classless = row('pag', 1, { name: 'PAG, no class', settings: { class: null } })
    expect(harmsOf({}, classless)).toEqual(['without a class'])
    expect(harmsOf({}, { ...classless, settings: { ...classless.settings, scale: -0.5 } })).toEqual([])
    const heun = (value: number) => ({ heun: { images: 500, against: { value, margin: 0.5 } } })
    expect(harmsOf(heun(2))).toEqual(['with Heun’s solver (+2.00 ± 0.50)'])
    expect(harmsOf(heun(0.1))).toEqual(['no gain told with Heun’s solver'])
    expect(harmsOf(heun(-1))).toEqual([])
  })
})

describe('the axis of all marks', () => {
  it('holds every interval and zero, with ticks at round shares', () => {
    const { from, to, ticks } = axisOf([
      { value: -0.45, margin: 0.04 },
      { value: 0.18, margin: 0.02 },
    ])
    expect(from).toBeLessThan(-0.49)
    expect(to).toBeGreaterThan(0.2)
    expect(ticks.map((tick) => Math.round(100 * tick))).toEqual([-40, -20, 0, 20])
    const gains = axisOf([{ value: -0.3, margin: null }])
    expect(gains.to).toBeGreaterThan(0)
  })
})

/** Points of differences and half intervals, one after the other. */
const points = (...values: readonly (readonly [value: number, margin: number])[]): readonly ShapePoint[] =>
  values.map(([value, margin], at) => ({
    at,
    label: String(at),
    name: `x = ${at}`,
    against: { value, margin },
    point: { x: at, settings: firstSettings(model), frechet: { value: 7 + value, margin }, against: null },
  }))

describe('the article’s shapes', () => {
  it.each([
    [
      'met',
      [
        [0, 0],
        [-1, 0.3],
        [-0.5, 0.3],
        [2, 0.5],
        [5, 0.5],
      ],
      'best at x = 1 (−1.00 ± 0.30), worse than no guidance from x = 3 on.',
    ],
    [
      'met',
      [
        [0, 0],
        [-2, 0.3],
        [-0.5, 0.3],
      ],
      'best at x = 1 (−2.00 ± 0.30), and less good at x = 2.',
    ],
    [
      'open',
      [
        [0, 0],
        [-1, 0.3],
        [-0.8, 0.3],
      ],
      'best at x = 1 (−1.00 ± 0.30); that it rises again beyond is not told apart.',
    ],
    [
      'open',
      [
        [0, 0],
        [-1, 0.3],
        [-2, 0.3],
      ],
      'best at x = 2 (−2.00 ± 0.30), the largest that was tried.',
    ],
    [
      'open',
      [
        [0, 0],
        [-0.1, 0.3],
        [0.1, 0.3],
      ],
      'no w is told apart from no guidance.',
    ],
    [
      'missed',
      [
        [0, 0],
        [0.1, 0.3],
        [2, 0.3],
      ],
      'no w helps, and from x = 2 on it is worse than no guidance.',
    ],
    // Lower, but of too few images to be told from no guidance.
    [
      'met',
      [
        [0, 0],
        [-1, 0.3],
        [-1.2, 2],
        [2, 0.3],
      ],
      'best at x = 1 (−1.00 ± 0.30), worse than no guidance from x = 3 on.',
    ],
  ] as const)('a U is %s: %j', (finding, values, sentence) => {
    expect(valley.verdict(points(...values))).toEqual({ finding, sentence })
  })

  it('a U is judged from w = 1 on: what helps below it was turned round', () => {
    const worse = points([0, 0], [0.1, 0.3], [2, 0.3])
    const missed = 'no w helps, and from x = 2 on it is worse than no guidance.'
    const turned = (margin: number): readonly ShapePoint[] =>
      points([-0.4, margin]).map(({ point, ...rest }) => ({
        ...rest,
        name: 'w = 0.5',
        point: { ...point, settings: { ...point.settings, scale: -0.5 } },
      }))
    expect(valley.verdict([...turned(0.1), ...worse])).toEqual({
      finding: 'missed',
      sentence: `${missed} Turned round it helps: w = 0.5 (−0.40 ± 0.10).`,
    })
    expect(valley.verdict([...turned(0.5), ...worse])).toEqual({ finding: 'missed', sentence: missed })
  })

  it.each([
    [
      'met',
      [
        [-1, 0.3],
        [0.5, 0.3],
      ],
      'it helps most at x = 0 (−1.00 ± 0.30).',
    ],
    [
      'missed',
      [
        [1, 0.3],
        [0.5, 0.3],
      ],
      'worse than no guidance at each, least so at x = 1 (+0.50 ± 0.30).',
    ],
    [
      'open',
      [
        [1, 0.3],
        [0.2, 0.3],
      ],
      'at x = 1 it is not told apart from no guidance (+0.20 ± 0.30); worse at x = 0.',
    ],
    [
      'open',
      [
        [0.1, 0.3],
        [-0.2, 0.3],
      ],
      'at x = 1 it is not told apart from no guidance (−0.20 ± 0.30), nor elsewhere.',
    ],
  ] as const)('a gain of SAG is %s: %j', (finding, values, sentence) => {
    expect(gainVerdict(points(...values))).toEqual({ finding, sentence })
  })

  it.each([
    [
      'met',
      [
        [0, 0],
        [-0.2, 0.1],
        [-1, 0.3],
      ],
      'lowest at x = 2 (−1.00 ± 0.30).',
    ],
    [
      'missed',
      [
        [0, 0],
        [-1, 0.3],
        [3, 0.3],
      ],
      'lowest at x = 1 (−1.00 ± 0.30), and worse than no guidance from x = 2 on.',
    ],
    [
      'missed',
      [
        [0, 0],
        [-2, 0.3],
        [0, 0.3],
      ],
      'lowest at x = 1 (−2.00 ± 0.30), and less good at x = 2.',
    ],
    [
      'missed',
      [
        [0, 0],
        [0.1, 0.3],
        [1, 0.3],
      ],
      'no σ helps, and worse than no guidance from x = 2 on.',
    ],
    [
      'open',
      [
        [0, 0],
        [-0.6, 0.3],
        [0.2, 0.8],
      ],
      'lowest at x = 1 (−0.60 ± 0.30); at x = 2 not told apart from no guidance.',
    ],
    [
      'open',
      [
        [0, 0],
        [-0.6, 0.3],
        [-0.5, 0.3],
      ],
      'lowest at x = 1 (−0.60 ± 0.30); at x = 2 not told apart from that.',
    ],
    [
      'open',
      [
        [0, 0],
        [-0.6, 0.3],
        [-0.7, 0.3],
      ],
      'lowest at x = 2 (−0.70 ± 0.30), not told apart from x = 1.',
    ],
    [
      'open',
      [
        [0, 0],
        [-0.1, 0.3],
        [-0.2, 0.3],
      ],
      'lowest at x = 2 (−0.20 ± 0.30, not told apart from no guidance).',
    ],
  ] as const)('better with more blur is %s: %j', (finding, values, sentence) => {
    expect(moreBlur.verdict(points(...values))).toEqual({ finding, sentence })
  })

  it.each([
    [
      'met',
      [
        [-1, 0.3],
        [0, 0.3],
        [1, 0.3],
      ],
      'x = 0 helps; x = 2 harms; the other 1 is not told apart from no guidance.',
    ],
    [
      'open',
      [
        [-0.5, 0.3],
        [-0.2, 0.3],
      ],
      'x = 0 helps; the other 1 is not told apart from no guidance.',
    ],
    [
      'open',
      [
        [-0.1, 0.3],
        [0.2, 0.3],
      ],
      'none is told apart from no guidance.',
    ],
  ] as const)('that layers matter is %s: %j', (finding, values, sentence) => {
    expect(layers.verdict(points(...values))).toEqual({ finding, sentence })
  })

  it('leave out a curve of which nothing was compared with no guidance', () => {
    const curve = (against: Estimate | null): Curve => ({
      name: 'sims',
      title: 'SIMS',
      key: 'scale',
      across: 'w = s + 1',
      images: 500,
      points: [0, 1, 2].map((scale) => ({
        x: scale,
        settings: { ...defaultSettings(model, 'sims'), scale },
        frechet: { value: 7, margin: 0.3 },
        against: scale === 0 ? { value: 0, margin: 0 } : against,
      })),
    })
    const shown = (one: Curve) => checked([{ model, curve: one, now: firstSettings(model) }])
    expect(shown(curve(null))).toEqual([])
    expect(shown(curve({ value: -1, margin: 0.3 }))).toHaveLength(1)
  })

  it('are drawn with what is far worse cut off, and what helps whole', () => {
    const { y, high } = scalesOf(points([0, 0], [-1, 0.5], [9, 1]))
    expect(high).toBeCloseTo(2.25)
    expect(y(9)).toBe(y(high))
    expect(y(-1.5)).toBeGreaterThan(y(-1))
    // A fifth of the unguided distance is always shown.
    expect(scalesOf(points([0, 0], [1.3, 0.5])).high).toBeCloseTo(1.4)
  })

  it('are lines to where they are cut and back from there, but none along the edge', () => {
    const drawn = points([9, 1], [-1, 0.5], [9, 1], [9, 1], [0, 0])
    expect(wayOf(drawn, scalesOf(drawn)).replace(/[\d. ]+/g, ' ')).toBe('M L L M L ')
  })
})

describe('the article’s claims', () => {
  const by = (weak: string) => ({ parameters: { ...defaultSettings(model, 'autoguidance').parameters, weak } })
  const idOf = (role: string) => model.networks.find((network) => network.role === role)!.id
  const earlier = (value: number) => row('autoguidance', value, { settings: by(idOf('snapshot')) })
  const smaller = (value: number) => row('autoguidance', value, { settings: by(idOf('small')) })

  it.each([
    ['met', -3, -1],
    ['open', -1.5, -1],
    ['missed', -1, -3],
  ] as const)('earlier before smaller is %s: %f, %f', (finding, a, b) => {
    const verdict = earlierOrSmaller.verdict([plain, smaller(b), earlier(a), row('sag', -9)], model)
    expect(verdict).toMatchObject({ finding })
    expect(verdict!.sentence).toMatch(/^earlier −.* \(5,000 images\), smaller −/)
  })

  it('are not told where rows are missing, or of other numbers of images', () => {
    expect(earlierOrSmaller.verdict([plain, earlier(-1)], model)).toBeNull()
    expect(icgNearCfg.verdict([row('icg', -1), row('cfg', -1, { images: 2000 })], model)).toBeNull()
    expect(sagSmallGain.verdict([plain], model)).toBeNull()
  })

  it.each([
    // Behind by 9 ± 10 % of the distance without guidance; near is less than 5 %.
    ['open', -1, -1.9, 0.5],
    ['open', -1, -1.3, 0.5],
    ['met', -1, -1.3, 0.05],
    ['met', -4, -1, 0.5],
    ['missed', -1, -3, 0.5],
    // Told apart, and near or not: behind by 4 to 12 %.
    ['open', -1, -1.8, 0.2],
    // Of too few images to tell.
    ['open', -4, -1, null],
  ] as const)('ICG near CFG is %s: %f, %f ± %f', (finding, icg, cfg, margin) => {
    const measured = (method: string, value: number) => row(method, value, { more: { against: { value, margin } } })
    expect(icgNearCfg.verdict([measured('icg', icg), measured('cfg', cfg)], model)).toMatchObject({ finding })
  })

  it.each([
    ['met', -0.8, 0.1, '8 % better'],
    // Between 3 and 13 %.
    ['open', -0.8, 0.5, '8 % better'],
    ['open', -1.2, 0.5, '12 % better'],
    ['missed', -3, 0.5, '30 % better'],
    ['open', -0.4, 0.5, '4 % better'],
    ['open', -3, null, '30 % better'],
    ['missed', 2, 0.5, '20 % worse'],
  ] as const)('SAG’s small gain is %s: %f ± %f', (finding, value, margin, words) => {
    const sag = row('sag', value, { more: { against: { value, margin } } })
    const turnedRound = row('sag', -5, { settings: { scale: -0.5 } })
    const verdict = sagSmallGain.verdict([sag, row('sag', -5, { images: 500 }), turnedRound], model)
    expect(verdict).toEqual({ finding, sentence: expect.stringContaining(words) })
  })
})

describe('the shipped numbers', () => {
  const measured = shipped().flatMap(({ id }) => {
    const of = readModel(id)
    if (of.evaluation === null) return []
    const json: unknown = JSON.parse(readFileSync(join(modelFolder(id), of.evaluation), 'utf8'))
    return [{ id, model: of, rows: parsePublished(json, of), curves: parseCurves(json, of) }]
  })

  it.each(measured)(
    'of $id: each curve is one of the article’s shapes, and has its verdict',
    ({ model: of, curves }) => {
      const now = firstSettings(of)
      const shapes = checked(curves.map((curve) => ({ model: of, curve, now })))
      expect(shapes.map(({ curve }) => curve.name).sort()).toEqual(curves.map(({ name }) => name).sort())
      for (const { shape, curve } of shapes) {
        const drawn = pointsOf(curve, shape, of)
        expect(drawn.map(({ point }) => point)).toEqual(curve.points)
        expect(shape.verdict(drawn).sentence, curve.name).toMatch(/\.$/)
      }
    },
  )

  // Read off the card, models/avatars/README.md.
  it('of avatars: three rows by hand', () => {
    const { model: avatars, rows } = measured.find(({ id }) => id === 'avatars')!
    const entries = entriesOf([{ model: avatars, rows, now: firstSettings(avatars), asked: true }])
    const told = (name: string) => {
      const { row: of, share, times, harms, verdict } = entryOf(entries, name).best[0]!
      const cell = (of.against?.value ?? 0).toFixed(2)
      return [
        of.settings.scale,
        cell,
        Math.round(100 * (share?.value ?? 0)),
        times,
        verdict,
        of.precision.value.toFixed(3),
        harms,
      ]
    }
    // −1.75 of 3.91 is 45 %; 93.2 ± 0.5 against 90.7 ± 1.0.
    expect(told('SIMS')).toEqual([4, '-1.75', -45, 2, 'helps', '0.907', ['precision −2.5\u00a0points']])
    expect(told('No guidance, Heun')).toEqual([
      0,
      '-1.07',
      -27,
      31 / 16,
      'helps',
      '0.911',
      ['precision −2.1\u00a0points'],
    ])
    expect(told('SAG')).toEqual([
      0.25,
      '0.32',
      8,
      26 / 16,
      'harms',
      '0.936',
      ['at every s above 0 that was tried', 'without a class'],
    ])
    expect(summaryOf(entries, avatars)).toMatchObject({ beyond: ['SIMS', 'Momentum'] })
  })
})
