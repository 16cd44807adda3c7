/** People's models opened by the worker, in Node: the tiny family's graph without its manifest, as a stranger would bring it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { isGuided, methods, refusal } from '../../../src/guidance'
import { keptOf, parseKept } from '../../../src/model/kept'
import { openedParts } from '../../../src/model/opened'
import { defaultSettings, firstSettings } from '../../../src/settings'
import { type Answer, type Order, parseAnswer, parseOrder } from '../../../src/worker/opener/messages'
import { ModelOpener } from '../../../src/worker/opener/opener'

const folder = join(import.meta.dirname, '..', '..', '..', 'models', 'tiny')
const fileOf = (name: string, path = name, bytes: Uint8Array = readFileSync(join(folder, name))) => ({
  path,
  file: new File([Uint8Array.from(bytes)], path.slice(path.lastIndexOf('/') + 1)),
})
const graph = fileOf('graph.onnx', 'net/graph.onnx')
const weights = fileOf('weights.fp16.bin', 'net/weights.fp16.bin')

const NONE = { decoder: null, encoders: [] }

type Body<T> = T extends unknown ? Omit<T, 'id'> : never

/** The last answer, and all of them; both ends check what crosses. */
async function ask(order: Body<Order>) {
  const said: Answer[] = []
  const opener = new ModelOpener({
    post: (answer) => said.push(parseAnswer(structuredClone(answer))),
    start: () => Promise.resolve({ runtime: ort, sessionOptions: {} }),
    now: () => performance.now(),
  })
  await opener.handle(parseOrder({ ...order, id: 3 }))
  return { last: said.at(-1)!, said }
}

async function looked(files: readonly ReturnType<typeof fileOf>[], path = graph.path) {
  const { last } = await ask({ kind: 'look', files, graph: path })
  if (last.kind !== 'looked') throw new Error(JSON.stringify(last))
  return last
}

it('names the weights that did not come, and takes them from where they lie', async () => {
  const alone = await looked([graph])
  expect(alone.look.missing).toEqual(['weights.fp16.bin'])
  expect(alone.look.guess?.description.inputs.map(({ meaning }) => meaning)).toEqual([
    'sample',
    'noise-level',
    'class-weights',
    'constant',
  ])
  const elsewhere = await looked([graph, fileOf('weights.fp16.bin', 'other/weights.fp16.bin')])
  expect(elsewhere.look.missing).toEqual([])
  expect(elsewhere.bytes).toBe(graph.file.size + weights.file.size)
  const { last } = await ask({
    kind: 'try',
    files: [graph],
    graph: graph.path,
    beside: NONE,
    description: alone.look.guess!.description,
    named: { name: 'Tiny' },
    threads: 1,
  })
  expect(last).toMatchObject({ kind: 'failed', message: expect.stringContaining('weights.fp16.bin: drop that file') })
})

it('opens it as it came in a moment, for all that needs nothing from inside', async () => {
  const files = [graph, weights]
  const { look } = await looked(files)
  const { description } = look.guess!
  const asked = { files, graph: graph.path, beside: NONE, description, named: { name: 'My tiny Net' }, threads: 1 }
  const { last, said } = await ask({ kind: 'open', inside: false, ...asked })
  if (last.kind !== 'opened') throw new Error(JSON.stringify(last))
  const { model } = last
  // Under the id that it has when its layers are proved, since it is of the same files.
  expect(openedParts(model.id)).toMatchObject({ name: 'my-tiny-net' })
  expect(model).toMatchObject({ layers: [], brought: { searched: false } })
  expect(said.filter(({ kind }) => kind === 'progress').length).toBeLessThan(10)
  expect(parseKept(JSON.parse(JSON.stringify(keptOf(model)))).brought).toMatchObject({ searched: false })
  const able = methods.flatMap(({ id }) => (refusal(defaultSettings(model, id), model) === null ? [id] : []))
  expect(able).toEqual(expect.arrayContaining(['icg', 'momentum', 'self-guidance', 'apg']))
  for (const id of ['pag', 'seg', 'sag', 'slg'] as const)
    expect(refusal(defaultSettings(model, id), model), id).toMatch(/not proved yet/)
  // The page opens with one that runs.
  const first = firstSettings(model)
  expect(able).toContain(first.method)
  expect(isGuided(first)).toBe(true)
})

it('tries and opens it: pictures at three levels, layers proved, a model that can be kept and told again', async () => {
  const files = [graph, weights]
  const { look } = await looked(files)
  const asked = {
    files,
    graph: graph.path,
    beside: NONE,
    description: look.guess!.description,
    named: { name: 'My tiny Net', classes: ['a', 'b'] },
    threads: 1,
  }
  const { last: tried } = await ask({ kind: 'try', ...asked })
  if (tried.kind !== 'tried') throw new Error(JSON.stringify(tried))
  expect(tried.pictures).toHaveLength(3)
  expect(tried.pictures.every(({ denoised }) => denoised.every(Number.isFinite))).toBe(true)

  const { last: opened, said } = await ask({ kind: 'open', inside: true, ...asked })
  if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened))
  expect(said.filter(({ kind }) => kind === 'progress').length).toBeGreaterThan(3)
  expect(opened.layers.map(({ verdict }) => verdict.kind)).toEqual(opened.layers.map(() => 'ready'))
  expect(opened.model.layers.length).toBeGreaterThan(0)
  expect(openedParts(opened.model.id)).toMatchObject({ name: 'my-tiny-net' })
  expect(Object.keys(opened.files)).toContain(opened.model.graph.file)
  // As it is kept: JSON, and the same model again.
  expect(opened.model).toMatchObject(parseKept(JSON.parse(JSON.stringify(keptOf(opened.model)))))
  // What was kept before a map could have more keys than queries says once where the image's tokens begin.
  const withMaps = { ...opened.model, brought: { ...opened.model.brought, maps: opened.layers } }
  const before = JSON.stringify(withMaps).replaceAll(/"keyStart":\d+,/g, '')
  expect(opened.layers).toMatchObject(parseKept({ format: 1, ...JSON.parse(before) }).brought!.maps!)

  const { model, files: prepared } = opened
  const { last: mapped, said: steps } = await ask({ kind: 'map', model, files: prepared, threads: 1 })
  if (mapped.kind !== 'mapped') throw new Error(JSON.stringify(mapped))
  expect(steps.filter(({ kind }) => kind === 'progress').length).toBeGreaterThan(3 * model.layers.length)
  expect(mapped.map.levels).toHaveLength(3)
  expect(mapped.map.layers).toHaveLength(model.layers.length)
  for (const { size, where } of mapped.map.layers.flat()) {
    expect(size).toBeGreaterThan(0)
    expect(where.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
  }

  const json = new TextEncoder().encode(JSON.stringify(opened.manifest))
  const told = await looked([...files, fileOf('', 'manifest.json', json)])
  expect(told.told).toMatchObject({ description: asked.description, named: { name: 'My tiny Net' } })
  const other = await looked([fileOf('graph-small.onnx'), fileOf('', 'manifest.json', json)], 'graph-small.onnx')
  expect(other.told).toBeNull()
  expect(other.notes.join()).toContain('describes another file')
})

it.each([
  ['nothing', new Uint8Array(), 'is empty'],
  ['text', new TextEncoder().encode('<!doctype html><p>404'), 'can’t be opened'],
  ['half of it', readFileSync(join(folder, 'graph.onnx')).subarray(0, 60_000), 'can’t be opened'],
])('says in a sentence what is wrong with a graph of %s', async (_, bytes, why) => {
  const { last } = await ask({ kind: 'look', files: [fileOf('', 'bad.onnx', bytes)], graph: 'bad.onnx' })
  expect(last).toMatchObject({ kind: 'failed', message: expect.stringContaining(why) })
})
