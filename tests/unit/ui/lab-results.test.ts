/** Results of the lab: rows that are kept, compared, and taken home. */
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { measured, metricsOf, type Judged } from '../../../src/evaluation/metrics'
import { paired } from '../../../src/evaluation/paired'
import { readResults, type Result } from '../../../src/lab/result'
import { defaultSettings } from '../../../src/settings'
import { memoryStorage } from '../../../src/storage/lab'
import { readNpz } from '../../../src/storage/read-npz'
import { keepImages, readImages } from '../../../src/ui/rooms/lab/judged/images'
import { pointOf } from '../../../src/ui/rooms/lab/judged/point'
import { keepJudged, keepResult, resultOf } from '../../../src/ui/rooms/lab/judged/result'
import { compare } from '../../../src/ui/rooms/lab/tabs/results/compare'
import { FORMATS, take } from '../../../src/ui/rooms/lab/tabs/results/files'
import {
  filtered,
  keyOfResult,
  orderOf,
  orderText,
  rowOf,
  rowsOf,
  sorted,
  type Row,
} from '../../../src/ui/rooms/lab/tabs/results/rows'
import { fakeModel as model } from '../../browser/page/fake-engine'

const JUDGE = '0123456789abcdef'
const real = {
  width: 2,
  moments: { mean: new Float64Array(2), covariance: Float64Array.of(1, 0, 0, 1) },
  count: 1000,
  features: Float32Array.from(normals(7, 0, 80)),
}
const imagesOf = (scale: number, count: number): readonly Judged[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    asked: index % 3,
    seen: index % 4,
    features: Float32Array.from(normals(index, 0, 2), (value) => value + 0.4 * scale),
  }))

function judgedRow(scale: number, count: number, change: Partial<Result> = {}): Row {
  const point = pointOf({ ...defaultSettings(model, 'pag', 0), scale }, model, JUDGE)
  const values = { scale: String(scale) }
  const numbers = metricsOf(imagesOf(scale, count), real)
  const result = resultOf({ point, values, metrics: numbers, cost: null, judge: JUDGE, made: 1e12 + scale })
  return rowOf({ ...result, ...change }, [model])
}

const meter = async () => ({
  measured: async (sets: readonly (readonly Judged[])[]) => sets.map((set) => measured(set, real)),
})

describe('images that are kept', () => {
  it('come back as they were, over several entries, and whatever is no entry of ours is none', async () => {
    const storage = memoryStorage()
    const judged = imagesOf(1, 130)
    const pictures = [Uint8Array.of(1, 2, 3)]
    await keepImages(storage, 'a', { judged: judged.slice(0, 60), pictures }, 0, 0)
    await keepImages(storage, 'a', { judged, pictures }, 60, 0)
    expect(await readImages(storage, 'a')).toEqual({ judged, pictures })
    await storage.put({ judged: [{ id: 'a/1', made: 0, value: { asked: 'nonsense' } }] })
    expect((await readImages(storage, 'a')).judged).toHaveLength(50)
    expect((await readImages(storage, 'b')).judged).toEqual([])
  })
})

describe('rows', () => {
  const rows = [judgedRow(0.5, 100), judgedRow(2, 100), judgedRow(1, 40)]

  it('say what was judged, and with it open the first image live', () => {
    const [first] = rows
    expect(first!.words).toMatch(/PAG, s 0.50.*classes in turn.*seed 1/)
    expect(first!.settings).toMatchObject({ method: 'pag', scale: 0.5, seed: 1 })
    expect(first!.result.preset).not.toHaveProperty('seed')
    expect(first!.result.preset.class).toBe('each')
    expect(first!.key).toBe(pointOf(first!.settings!, model, JUDGE).key)
  })

  it('are filtered by words wherever they stand, and sorted by any head', () => {
    expect(filtered(rows, 'pag 2.00')).toHaveLength(1)
    expect(filtered(rows, 'seg')).toEqual([])
    expect(filtered(rows, 'page')).toEqual([])
    expect(filtered([judgedRow(1, 40, { by: 'cli' }), ...rows], 'command 40')).toHaveLength(1)
    const byImages = sorted(rows, orderOf('images'))
    expect(byImages[0]!.result.images).toBe(40)
    const scales = (order: string) => sorted(rows, orderOf(order)).map(({ settings }) => settings!.scale)
    expect(scales('words')).toEqual([0.5, 1, 2])
    expect(scales('-words')).toEqual([2, 1, 0.5])
    const lacking = judgedRow(3, 100, { metrics: {} })
    for (const order of ['frechet', '-frechet']) expect(sorted([lacking, ...rows], orderOf(order)).at(-1)).toBe(lacking)
    expect(orderText(orderOf('-recall'))).toBe('-recall')
    expect(orderOf('nonsense')).toEqual(orderOf(undefined))
  })

  it('of a family that is not here are rows all the same', () => {
    const { result } = rows[0]!
    const strange = rowOf({ ...result, preset: { ...result.preset, model: 'gone' } }, [model])
    expect(strange).toMatchObject({ model: null, settings: null })
    expect(strange.words).toMatch(/^gone · pag/)
    expect(rowsOf([{ id: 'x', made: 0, value: { id: 'no result' } }], [model])).toEqual([])
  })
})

describe('a comparison', () => {
  it('is paired where the images of both are kept, over the seeds that both have', async () => {
    const storage = memoryStorage()
    const [a, b] = [judgedRow(0.5, 150), judgedRow(1, 120)]
    await keepImages(storage, a.key, { judged: imagesOf(0.5, 150), pictures: [] }, 0, 0)
    await keepImages(storage, b.key, { judged: imagesOf(1, 120), pictures: [] }, 0, 0)
    const [compared] = await compare([a, b], { storage, meter })
    const expected = paired(measured(imagesOf(1, 120), real), measured(imagesOf(0.5, 120), real))
    expect(compared).toMatchObject({ kind: 'paired', images: 120, note: null })
    expect(compared!.differences.frechet).toEqual(expected.frechet)
  })

  it('is of two numbers by themselves where they are not, and says why', async () => {
    const storage = memoryStorage()
    const [a, b] = [judgedRow(0.5, 100), judgedRow(1, 40)]
    const [compared] = await compare([a, b], { storage, meter })
    expect(compared).toMatchObject({
      kind: 'apart',
      note: expect.stringMatching(/not kept here.*other numbers of images/),
    })
    // Of 40 images no interval is known, so none of the difference is.
    expect(compared!.differences.frechet!.margin).toBeNull()
    const other = judgedRow(1, 100, { judge: 'another judge' })
    const [strange] = await compare([a, other], { storage, meter })
    expect(strange!.differences).toEqual({})
    expect(strange!.note).toMatch(/Another judge/)
    const [known] = await compare([a, judgedRow(2, 100)], { storage, meter })
    const [first, second] = [0.5, 2].map((scale) => metricsOf(imagesOf(scale, 100), real).frechet)
    expect(known!.differences.frechet!.margin).toBeCloseTo(Math.hypot(first!.margin!, second!.margin!), 12)
  })
})

describe('what the judge of the pictures saw', () => {
  it('is kept as if the lab had drawn it, and says less only where more was known', async () => {
    const storage = memoryStorage()
    const settings = { ...defaultSettings(model, 'pag', 4), scale: 1 }
    const told = (count: number) => {
      const judged = imagesOf(1, count)
      return { settings, model, judge: JUDGE, judged, metrics: metricsOf(judged, real) }
    }
    const kept = async () => rowsOf(await storage.all('results'), [model])
    await keepJudged(storage, told(100), 0)
    const { key } = judgedRow(1, 100)
    expect((await kept()).map((row) => [row.key, row.result.images])).toEqual([[key, 100]])
    expect((await readImages(storage, key)).judged).toHaveLength(100)
    await keepJudged(storage, told(40), 0)
    expect((await kept())[0]!.result.images).toBe(100)
    expect((await readImages(storage, key)).judged).toHaveLength(100)
    // What a curve said of it stays.
    const point = pointOf(settings, model, JUDGE)
    const { result } = judgedRow(1, 120)
    await keepResult(storage, point, result, 0)
    await keepResult(storage, point, { ...result, values: {}, images: 150 }, 0)
    expect((await kept())[0]!.result).toMatchObject({ images: 150, values: { scale: '1' } })
  })
})

describe('files', () => {
  const rows = [judgedRow(0.5, 100), judgedRow(2, 40)]
  const bytesOf = async (id: 'parquet' | 'npz', storage = memoryStorage()) => {
    const written = await FORMATS[id].write(rows, storage)
    return written instanceof Uint8Array ? written : null
  }

  it('of JSON Lines come back as they went, and what is of more images stays', async () => {
    const storage = memoryStorage()
    const text = String(await FORMATS.jsonl.write(rows, storage))
    expect(readResults(text)).toEqual(rows.map(({ result }) => result))
    await storage.put({ results: [{ id: rows[1]!.key, made: 0, value: { ...rows[1]!.result, images: 500 } }] })
    expect(await take(text, storage, () => 0)).toBe(1)
    const kept = rowsOf(await storage.all('results'), [model])
    expect(kept.map(({ result }) => result.images).sort()).toEqual([100, 500])
    await expect(take(`${text}nonsense\n`, storage, () => 0)).rejects.toThrow('Line 3')
  })

  it('of CSV and Parquet have a row for each, with margins that may be missing', async () => {
    const [head, ...lines] = String(await FORMATS.csv.write(rows, memoryStorage()))
      .trimEnd()
      .split('\r\n')
    expect(head).toMatch(/^scale,frechet,frechet ±/)
    expect(lines).toHaveLength(2)
    const bytes = (await bytesOf('parquet'))!
    const objects = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    })
    expect(objects.map(({ scale, images }) => [scale, images])).toEqual([
      [0.5, 100],
      [2, 40],
    ])
    expect(objects[1]!['frechet ±']).toBeNull()
    expect(objects[0]!.frechet).toBe(rows[0]!.result.metrics.frechet!.value)
  })

  it('of features are NumPy’s, of the rows whose images are kept', async () => {
    expect(await bytesOf('npz')).toBeNull()
    const storage = memoryStorage()
    await keepImages(storage, rows[0]!.key, { judged: imagesOf(0.5, 70), pictures: [] }, 0, 0)
    const arrays = readNpz((await bytesOf('npz', storage))!)
    const { id } = rows[0]!.result
    expect(arrays[`${id}.features`]!.shape).toEqual([70, 2])
    expect([...arrays[`${id}.features`]!.data].slice(4, 6)).toEqual([...imagesOf(0.5, 3)[2]!.features])
    expect([...arrays[`${id}.asked`]!.data].slice(0, 4)).toEqual([0, 1, 2, 0])
    expect(keyOfResult(rows[0]!.result)).toBe(rows[0]!.key)
  })
})
