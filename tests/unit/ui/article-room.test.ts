/** The article's room: what its figures find among measurements, on made numbers and on the shipped ones by hand, and its addresses. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modelFolder, readModel } from '../../../src/cli/models'
import { parseCurves } from '../../../src/evaluation/curves'
import { parsePublished, type Published } from '../../../src/evaluation/published'
import { defaultSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { restOf, sectionAddress, sectionOf } from '../../../src/ui/rooms/article/address'
import { counted, linesFound } from '../../../src/ui/rooms/article/findings'
import { along, type Evidence, evidenceOf, found, keyOf, unguided } from '../../../src/ui/rooms/article/evidence'
import { reachOf } from '../../../src/ui/rooms/article/Interval'
import { bestMovesDown, everyRowValley, settledOn } from '../../../src/ui/rooms/article/judge'
import type { Figure, Judged, Line, Lines, Plane, Table } from '../../../src/ui/rooms/article/section'
import { sections } from '../../../src/ui/rooms/article/sections/index.generated'
import { cellsOf, judgedOf, linesOf, nth, pictured, rowsOf, SHOWN } from '../../../src/ui/rooms/article/spots'
import { layers } from '../../../src/ui/rooms/measured/shapes/layers'
import { valley } from '../../../src/ui/rooms/measured/shapes/valley'
import { visitOf } from '../../../src/ui/rooms/rooms'
import { model } from './fixtures'

const tried = (scale: number, value: number, images = 500) => ({
  scale,
  images,
  frechet: { value: 10 + value, margin: 0.3 },
  against: { value, margin: 0.5 },
})

function row(settings: Partial<Settings>, value: number, more: Partial<Published> = {}): Published {
  const { scale, ...told } = tried(0.5, value, 2000)
  const share = { value: 0.5, margin: 0.1 }
  return {
    name: 'PAG',
    settings: { ...defaultSettings(model, 'pag'), scale, ...settings },
    ...told,
    precision: share,
    recall: share,
    evaluations: 32,
    heun: null,
    scales: [],
    ...more,
  }
}

describe('a line', () => {
  const pag = row({}, -1, { scales: [tried(1, 2), tried(0.5, -3), tried(0.25, -0.5)] })
  const other = row({ window: [1, 5] }, -9, { scales: [tried(2, -9)] })
  const evidence = evidenceOf(model, [other, pag], [])

  it('goes from no guidance through all that differs in nothing else, what most images tell first', () => {
    const points = along(evidence, pag.settings, 'scale', valley)
    expect(points.map(({ label, against }) => [label, against.value])).toEqual([
      ['1', 0],
      ['1.25', -0.5],
      ['1.5', -1],
      ['2', 2],
    ])
    // What it is drawn against is the distance without guidance of the same images.
    expect(points[0]!.point.frechet.value).toBeCloseTo(10)
  })

  it('has none where nothing was measured, and no place for what is none on its axis', () => {
    expect(along(evidence, { ...pag.settings, rescale: 1 }, 'scale', valley)).toEqual([])
    const one = (settings: Partial<Settings>, value: number) => row({ ...settings, scale: 0.5 }, value)
    const many = evidenceOf(model, [one({ layers: 'all' }, 5), one({ layers: [1] }, 2), one({ layers: [0, 1] }, 3)], [])
    const points = along(many, one({ layers: [0] }, 0).settings, 'layers', layers)
    expect(points.map(({ against }) => against.value)).toEqual([2])
  })

  it('finds settings whatever their class and seed, unless no class is asked for', () => {
    const now = { ...pag.settings, class: 2, seed: 77, samples: 4 }
    expect(found(evidence, now)).toMatchObject({ images: 2000, against: { value: -1 } })
    expect(found(evidence, { ...now, class: null })).toBeNull()
    expect(keyOf(now, model)).toBe(keyOf(pag.settings, model))
    expect(keyOf({ ...now, scale: 0 }, model)).toBe(keyOf(unguided(now, model), model))
    expect(keyOf({ ...now, network: 'small' }, model)).not.toBe(keyOf(now, model))
  })
})

describe('a table', () => {
  const place = (label: string, value: number, margin = 0.2): Judged => ({ label, against: { value, margin } })
  const judge = settledOn(1)

  it('tells whether the authors’ choice is the best here, beyond both intervals', () => {
    expect(judge([place('a', -0.5), place('b', -1), place('c', 0)])).toEqual({
      finding: 'met',
      sentence: '“b” (−1.00 ± 0.20) is the best, the next is “a” (−0.50 ± 0.20).',
    })
    expect(judge([place('a', -0.9), place('b', -1), place('c', 0)])).toEqual({
      finding: 'open',
      sentence: '“b” (−1.00 ± 0.20) from “a” (−0.90 ± 0.20).',
    })
    expect(judge([place('a', -0.9), place('b', 0), place('c', -2)])).toMatchObject({
      finding: 'missed',
      sentence: expect.stringMatching(/^“c” .* better than “b”/),
    })
  })

  it('says nothing of one alone, nor that it is the best while one was not measured', () => {
    expect(judge([null, place('b', -1)])).toBeNull()
    expect(judge([place('a', -0.5), place('b', -1), null])).toBeNull()
    expect(judge([place('a', -1), null, place('c', 0)])).toBeNull()
  })

  it('draws its intervals on one scale with no guidance, if there are two', () => {
    const of = (value: number, margin: number) => ({
      ...tried(1, value),
      settings: defaultSettings(model, 'pag'),
      against: { value, margin },
    })
    expect(reachOf([of(-1, 0.5), null, of(-0.5, 0.25)])).toEqual({ low: -1.5, high: 0 })
    expect(reachOf([of(1, 0.5), undefined])).toBeNull()
  })
})

describe('a valley that moves', () => {
  /** Lines of points at places, of values and one margin. */
  const lines = (...each: readonly (readonly (readonly [number, number])[])[]): readonly Line[] =>
    each.map((points, index) => ({
      label: `line ${index}`,
      points: points.map(([scale, value]) => {
        const against = { value, margin: 0.2 }
        const settings = { ...defaultSettings(model, 'pag'), scale }
        const point = { x: scale, settings, frechet: against, against }
        return { ...valley.place(point, 0, model), point, against }
      }),
    }))

  it('is told of the first and the last line, each better at its own lowest place than at the other’s', () => {
    const [late, middle, early] = [
      [
        [1, -0.5],
        [3, -1],
        [5, -2],
      ],
      [
        [1, -1],
        [3, -2],
        [5, 0],
      ],
      [
        [1, -2],
        [3, 0],
        [5, 3],
      ],
    ] as const
    expect(bestMovesDown(lines(late, middle, early))).toEqual({
      finding: 'met',
      sentence: 'the lowest places are w = 6, w = 4 and w = 2.',
    })
    expect(bestMovesDown(lines(early, late))?.finding).toBe('missed')
    // There the last is hardly better where it is best, or the way there goes up.
    expect(
      bestMovesDown(
        lines(late, [
          [1, -2],
          [5, -1.9],
        ]),
      )?.finding,
    ).toBe('open')
    expect(bestMovesDown(lines(middle, late, early))?.finding).toBe('open')
    // Nobody tried the last where the first is best: the nearest tells.
    expect(
      bestMovesDown(
        lines(late, [
          [1, -2],
          [3, 0],
        ]),
      )?.finding,
    ).toBe('met')
    expect(bestMovesDown(lines(late))).toBeNull()
  })

  it('is in every row of a plane, or in some', () => {
    const row = (...values: readonly number[]): readonly Judged[] =>
      values.map((value, at) => ({ label: `place ${at}`, against: { value, margin: 0.2 } }))
    expect(everyRowValley([row(0, -1, 0), row(1, -1, 2)])?.finding).toBe('met')
    expect(everyRowValley([row(0, -1, 0), row(0, -0.3, 0)])).toEqual({
      finding: 'open',
      sentence:
        '1 of 2 are valleys beyond both intervals; the lowest are “place 1” (−1.00 ± 0.20) and “place 1” (−0.30 ± 0.20).',
    })
    expect(everyRowValley([row(-1, -0.5, 0)])?.finding).toBe('open')
    expect(everyRowValley([row(0, -1, 0), [null, ...row(-1, 0)]])).toBeNull()
  })
})

const avatars = readModel('avatars')
const json: unknown = JSON.parse(readFileSync(join(modelFolder('avatars'), 'evaluation.json'), 'utf8'))
const shipped: Evidence = evidenceOf(avatars, parsePublished(json, avatars), parseCurves(json, avatars))

const figureOf = (id: string): Figure => sections.flatMap(({ figures }) => figures).find((figure) => figure.id === id)!

/** The section's figures of avatars, by hand: models/avatars/README.md has the numbers. */
describe('of avatars', () => {
  it('has the article’s ten sections, each with figures of ids of their own', () => {
    expect(sections.map(({ order }) => order).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const ids = sections.flatMap(({ figures }) => figures.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(sections.every(({ figures, says }) => figures.length > 0 && says.length > 0)).toBe(true)
  })

  it('draws what was measured of autoguidance', () => {
    const training = figureOf('training') as Lines
    const { drawn, missing } = linesOf(shipped, training)
    expect(drawn.map(({ points }) => points.map(({ label }) => label).join(' '))).toEqual([
      '1 1.25 1.5 2 2.5 3 4',
      '1 1.5 2',
      '1 1.5 2 2.5',
      '1 1.5 2 3',
    ])
    expect(drawn.map(({ points }) => points.find(({ label }) => label === '1.5')!.against.value.toFixed(2))).toEqual([
      '-1.18',
      '-1.22',
      '-0.81',
      '-0.35',
    ])
    expect(missing).toEqual([])
    const { each, beside } = linesFound(training, drawn)
    expect(each).toMatchObject([
      { finding: 'met' },
      { sentence: 'best at w = 1.5 (−1.22 ± 0.43); that it rises again beyond is not told apart.' },
      { sentence: 'best at w = 2 (−1.07 ± 0.49); that it rises again beyond is not told apart.' },
      { sentence: 'best at w = 3 (−1.09 ± 0.59), the largest that was tried.' },
    ])
    expect(beside?.finding).toBe('open')
    const capacity = figureOf('capacity') as Lines
    const { drawn: sizes } = linesOf(shipped, capacity)
    expect(sizes).toHaveLength(3)
    expect(capacity.judge!(sizes)).toEqual({
      finding: 'missed',
      sentence:
        '“same size, earlier, w = 1.5” (−1.18 ± 0.18) is better than “smaller and earlier, w = 1.25” (−0.88 ± 0.12).',
    })
    const averages = figureOf('averages') as Plane
    const places = cellsOf(shipped, averages).map(({ cells }) => cells.map(judgedOf))
    expect(places.map((line) => line.map((place) => place?.against.value.toFixed(2)).join(' '))).toEqual([
      '-0.95 -0.96 -0.99',
      '-0.83 -0.90 -0.92',
      '-0.80 -0.85 -0.91',
    ])
    expect(averages.judge!(places)).toEqual({
      finding: 'open',
      sentence:
        '“good 0.075, weak 0.100” (−0.85 ± 0.43) from 6 others, the lowest of which is “good 0.100, weak 0.050” (−0.99 ± 0.52).',
    })
  })

  it('finds SIMS along scale and budget, SEG along σ to infinity, and layers one at a time', () => {
    const cells = cellsOf(shipped, figureOf('sims-budget') as Plane).map((line) =>
      line.cells.map(({ spot }) => spot?.measured?.against?.value.toFixed(2) ?? '-').join(' '),
    )
    expect(cells).toEqual(['-0.47 -1.22 -1.64', '-0.88 -1.75 -0.21', '-1.22 -1.58 2.34'])
    const scale = figureOf('sims-scale') as Lines
    expect(linesFound(scale, linesOf(shipped, scale).drawn).beside).toEqual({
      finding: 'met',
      sentence: 'the lowest places are w = 9, w = 5 and w = 3.',
    })
    const seg = linesOf(shipped, figureOf('seg-sigma') as Lines).drawn
    expect(seg.map(({ points }) => points.map(({ label }) => label).join(' '))).toEqual(Array(3).fill('0 0.5 1 2 4 ∞'))
    expect(linesOf(shipped, figureOf('pag-layers') as Lines).drawn[0]!.points).toHaveLength(7)
  })

  it('tells of windows of noise that only a push at low noise gains', () => {
    const windows = figureOf('windows') as Table
    const rows = rowsOf(shipped, windows)
    expect(rows.map(({ spot }) => Math.sign(spot!.measured!.against!.value))).toEqual([1, 1, 1, -1])
    expect(windows.judge!(rows.map(judgedOf))).toMatchObject({
      finding: 'missed',
      sentence: expect.stringMatching(/^“At low noise only, .* is better than “In the middle/),
    })
  })

  it('tells that scaling back to the positive’s contrast harms, and that most of PAG’s maps gain as much', () => {
    const judged = (id: string) => rowsOf(shipped, figureOf(id) as Table).map(judgedOf)
    const rescale = judged('rescale')
    expect(rescale.map((row) => row?.against.value.toFixed(2))).toEqual(['5.63', '8.83', '16.49'])
    expect((figureOf('rescale') as Table).judge!(rescale)).toMatchObject({ finding: 'missed' })
    const maps = judged('pag-maps')
    expect(maps.map((row) => row?.against.value.toFixed(2)).join(' ')).toBe(
      '-0.46 -0.33 -0.66 3.63 -0.50 -0.28 -0.72 4.76',
    )
    // The identity is neither the best nor told apart from it.
    expect((figureOf('pag-maps') as Table).judge!(maps)).toMatchObject({
      finding: 'open',
      sentence: expect.stringMatching(/^“Itself only: the identity” .* from .*“Averaged over neighbours”/),
    })
  })

  it('finds attention the least harmful of SAG’s places to blur', () => {
    const masks = figureOf('sag-masks') as Table
    const rows = rowsOf(shipped, masks)
    expect(rows.map(({ spot }) => spot?.measured?.against?.value.toFixed(2))).toEqual([
      '0.32',
      '1.01',
      '1.03',
      '0.48',
      '0.78',
      '0.57',
    ])
    expect(masks.judge!(rows.map(judgedOf))).toMatchObject({ finding: 'met' })
  })

  it('counts its findings, without figures that the article does not have', () => {
    const section = (id: string) => sections.filter((one) => one.id === id)
    // CFG’s valley; and SEG by σ on three choices of layers, not by its strength.
    expect(counted(shipped, section('no-cfg'))).toEqual({ met: 1, open: 0, missed: 0 })
    expect(counted(shipped, section('seg'))).toEqual({ met: 0, open: 1, missed: 2 })
  })

  it('asks for nothing that the family cannot draw', () => {
    const empty = sections
      .flatMap(({ figures }) => figures)
      .filter((figure) => {
        if (figure.kind === 'lines') return linesOf(shipped, figure).drawn.length === 0
        const rows =
          figure.kind === 'table' ? rowsOf(shipped, figure) : cellsOf(shipped, figure).flatMap(({ cells }) => cells)
        return rows.length === 0 || rows.some(({ spot }) => spot === null)
      })
    expect(empty.map(({ id }) => id)).toEqual([])
  })

  it('shows of each place the first images that were measured, beside those without guidance', () => {
    const all = pictured(shipped, sections)
    for (const settings of all.values()) expect(all.has(keyOf(unguided(settings, avatars), avatars))).toBe(true)
    // models/train/article.ts draws them; a row a place, of the weights that are shipped.
    const sheet = join(import.meta.dirname, '../../../src/ui/rooms/article/pictures/avatars')
    expect(JSON.parse(readFileSync(`${sheet}.json`, 'utf8'))).toEqual([...all.keys()])
    const bytes = readFileSync(`${sheet}.webp`)
    const { width, height } = avatars.image
    // An extended WebP says its size in its header, less one.
    expect(bytes.subarray(12, 16).toString()).toBe('VP8X')
    expect([24, 27].map((at) => bytes.readUIntLE(at, 3) + 1)).toEqual([SHOWN * width, all.size * height])
    expect(bytes.length).toBeLessThan(1e6)
    const [settings] = all.values()
    expect([0, 1, 2].map((index) => nth(settings!, index, avatars)).map((one) => [one.class, one.seed])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ])
  })
})

describe('an address', () => {
  const hash = '#room=article&section=3&v=3&model=avatars&method=pag'

  it('names a section, and keeps the settings to come back to', () => {
    expect(sectionOf(hash)).toBe(3)
    expect(sectionOf('#room=article&section=x')).toBeNull()
    expect(restOf(hash)).toBe('v=3&model=avatars&method=pag')
    expect(sectionAddress(6, hash)).toBe('#room=article&section=6&v=3&model=avatars&method=pag')
    expect(
      visitOf(sectionAddress(6, '#room=article'), { article: () => Promise.reject(new Error('unused')) }).room,
    ).toBe('article')
  })
})
