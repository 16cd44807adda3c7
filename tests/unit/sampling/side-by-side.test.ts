import { describe, expect, it } from 'vitest'
import type { Denoiser, DenoiserRow } from '../../../src/model/types'
import { RowMemory, type RowCount } from '../../../src/sampling/alike'
import { sample } from '../../../src/sampling/sample'
import { sideBySide } from '../../../src/sampling/side-by-side'
import { parsePreset } from '../../../src/settings'
import { gaussianDenoise, toyDenoiser, toyModel as model } from '../../support/model'

const row = (value: number): DenoiserRow => ({
  x: new Float32Array(4).fill(value),
  sigma: 1,
  classWeights: Float32Array.of(1, 0, 0),
  attention: null,
})

/** Evaluates rows one after another; each starts from the result of the one before. */
const walk = (start: number, steps: number) => async (denoiser: Denoiser) => {
  let value = start
  for (let i = 0; i < steps; i++) {
    if (start % 2 === 1) await Promise.resolve()
    value = (await denoiser.evaluate([row(value), row(-start)]))[0]![0]!
  }
  return value
}

describe('samplers side by side', () => {
  it('get their own results, in batches in the order of the tasks, whoever asks first', async () => {
    const toy = toyDenoiser(({ x }) => x.map((value) => value * 2))
    expect(await sideBySide(toy, [walk(1, 3), walk(2, 1), walk(4, 2)])).toEqual([8, 4, 16])
    expect(toy.batches.map((rows) => rows.map(({ x }) => x[0]))).toEqual([
      [1, -1, 2, -2, 4, -4],
      [2, -1, 8, -4],
      [4, -1],
    ])
  })

  it('share the reading of attention by layer', async () => {
    const toy = toyDenoiser(({ x }) => x)
    const read = (value: number, layer: number) => async (denoiser: Denoiser) =>
      (await denoiser.readAttention([row(value)], layer))[0]!
    const readings = await sideBySide(toy, [read(1, 0), read(2, 1), read(3, 0)])
    expect(readings.map(({ denoised, map }) => [denoised[0], map.length])).toEqual([
      [1, 256],
      [2, 16],
      [3, 256],
    ])
    expect(toy.batches.map((rows) => rows.length)).toEqual([2, 1])
  })

  it('all fail with the denoiser, and one that ends early holds nobody up', async () => {
    const failing = toyDenoiser(() => {
      throw new Error('lost')
    })
    await expect(sideBySide(failing, [walk(1, 1), walk(2, 1)])).rejects.toThrow('lost')
    const toy = toyDenoiser(({ x }) => x)
    await expect(sideBySide(toy, [() => Promise.reject(new Error('mine')), walk(2, 2)])).rejects.toThrow('mine')
    expect(toy.batches).toHaveLength(2)
  })
})

describe('rows that are the same by content', () => {
  /** Rows that differ in one thing each, beside one that is asked again. */
  const base: DenoiserRow = { ...row(1), x: Float32Array.of(1, 2, 3, 4) }
  const unlike: readonly DenoiserRow[] = [
    base,
    { ...base, x: Float32Array.of(1, 2.5, 3, 4) },
    { ...base, x: Float32Array.of(0, 2, 3, 4) },
    { ...base, x: Float32Array.of(-0, 2, 3, 4) },
    { ...base, sigma: 2 },
    { ...base, toldSigma: 2 },
    { ...base, classWeights: Float32Array.of(0, 1, 0) },
    { ...base, network: { id: 'small' } },
    { ...base, network: { id: 'small', sigmaRel: 0.1 } },
    { ...base, embeddingOffset: Float32Array.of(1) },
    { ...base, attention: [null, { mix: 1 }] },
    { ...base, attention: [{ mix: 1 }, null] },
    { ...base, attention: [null, { querySigma: Infinity }] },
    { ...base, attention: [null, { querySigma: NaN }] },
    { ...base, size: { height: 1, width: 1 } },
  ]
  const copy = (one: DenoiserRow): DenoiserRow => structuredClone(one)

  it('are evaluated once, and those that differ in anything apart', async () => {
    const toy = toyDenoiser(({ x }) => x.slice())
    const counts: RowCount[] = []
    const ask = (rows: readonly DenoiserRow[]) => (own: Denoiser) => own.evaluate(rows)
    const all = [ask(unlike), ask([...unlike].reverse().map(copy))]
    const [first, second] = await sideBySide(toy, all, (count) => counts.push(count))
    expect(toy.batches).toHaveLength(1)
    expect(toy.batches[0]).toEqual(unlike)
    expect(counts).toEqual([{ asked: 2 * unlike.length, evaluated: unlike.length }])
    expect(second!.reverse()).toEqual(first)
    // Nobody who changes a result changes another one's.
    expect(first!.some((own) => second!.includes(own))).toBe(false)
  })

  it('of a layer that is read, too, but never with those that are not read', async () => {
    const toy = toyDenoiser(({ x }) => x.slice())
    const counts: RowCount[] = []
    const read = (own: Denoiser) => own.readAttention([copy(base)], 0)
    const plain = (own: Denoiser) => own.evaluate([copy(base)])
    const answers = await sideBySide<unknown>(toy, [read, plain, read], (count) => counts.push(count))
    expect(answers[2]).toEqual(answers[0])
    expect(counts.at(-1)).toEqual({ asked: 3, evaluated: 2 })
  })

  const draw = async (denoiser: Denoiser, preset: object) => {
    const result = parsePreset({ steps: 5, seed: 3, class: 1, ...preset }, model)
    if (!result.ok) throw new Error(result.problem)
    for await (const event of sample({ denoiser, settings: result.settings, alone: [] }))
      if (event.kind === 'final') return event.samples[0]!.guided
    throw new Error('no image')
  }

  it('save evaluations of a grid, whose pictures are those of each cell alone to the bit', async () => {
    const cells = ['pag', 'seg', 'sag', 'cfg-zero-star', 'icg'].flatMap((method) =>
      [0, 1, 2.5].map((scale) => ({ method, scale, ...(method !== 'sag' && { window: [0.01, 1] }) })),
    )
    let count: Readonly<RowCount> = { asked: 0, evaluated: 0 }
    const together = toyDenoiser(gaussianDenoise)
    const pictures = await sideBySide(
      together,
      cells.map((cell) => (own) => draw(own, cell)),
      (now) => (count = now),
    )
    const alone = toyDenoiser(gaussianDenoise)
    for (const [i, cell] of cells.entries()) expect(pictures[i], JSON.stringify(cell)).toEqual(await draw(alone, cell))
    const rowsOf = ({ batches }: typeof alone) => batches.flat().length
    expect(count).toEqual({ asked: rowsOf(alone), evaluated: rowsOf(together) })
    // Up to σ = 1 all of these walk as the positive does, and then those with s = 0.
    expect(count.evaluated).toBeLessThan(0.6 * count.asked)
  })
})

describe('a memory of rows', () => {
  const settingsOf = (preset: Readonly<Record<string, unknown>>) => {
    const read = parsePreset({ steps: 4, seed: 3, class: 1, ...preset }, model)
    if (!read.ok) throw new Error(read.problem)
    return read.settings
  }
  const drawing = (preset: Readonly<Record<string, unknown>>) => async (denoiser: Denoiser) => {
    for await (const event of sample({ denoiser, settings: settingsOf(preset), alone: [] }))
      if (event.kind === 'final') return event.samples[0]!.guided
    throw new Error('no image')
  }

  it('evaluates the unguided trajectory once, whatever batches ask for it, and changes no bit', async () => {
    const toy = () => toyDenoiser((asked) => gaussianDenoise(asked))
    const presets = [{ method: 'none' }, { method: 'pag', scale: 1 }, { method: 'none' }, { method: 'pag', scale: 2 }]
    const memory = new RowMemory()
    const [own, counts] = [toy(), [] as RowCount[]]
    const images: Float32Array[] = []
    for (const preset of presets) {
      let last: RowCount = { asked: 0, evaluated: 0 }
      const told = (count: Readonly<RowCount>) => (last = { ...count })
      images.push(...(await sideBySide(own, [drawing(preset)], told, memory)))
      counts.push(last)
    }
    // Four steps; then all but the positive of the first; then nothing; then all but both of the first.
    expect(counts).toEqual([
      { asked: 4, evaluated: 4 },
      { asked: 8, evaluated: 7 },
      { asked: 4, evaluated: 0 },
      { asked: 8, evaluated: 6 },
    ])
    const apart = await Promise.all(presets.map(async (preset) => (await sideBySide(toy(), [drawing(preset)]))[0]!))
    expect(images).toEqual(apart)
  })

  it('keeps what was asked last, within its bytes, and hands out copies', async () => {
    // Each row and what is found for it are 32 bytes.
    const memory = new RowMemory(96)
    const toy = toyDenoiser(({ x }) => x.map((value) => 2 * value))
    const ask = (values: readonly number[]) =>
      sideBySide(toy, [(own) => own.evaluate(values.map(row))], undefined, memory)
    const [first] = await ask([1, 2, 3])
    first![0]!.fill(99)
    await ask([1])
    await ask([4])
    expect(memory.bytes).toBe(96)
    const [again] = await ask([1, 2])
    expect(again!.map((denoised) => denoised[0])).toEqual([2, 4])
    expect(toy.batches.map((rows) => rows.map(({ x }) => x[0]))).toEqual([[1, 2, 3], [4], [2]])
  })
})
