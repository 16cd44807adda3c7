/** Whole networks through the runner: what onnxruntime gives, and the same to the bit whatever else is computed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { normals } from '../../../src/core/random'
import { parseManifest } from '../../../src/model/manifest'
import { ControlInputs } from '../../../src/network/controls/inputs'
import { insertControls } from '../../../src/network/controls/insert'
import { FEATURES, type Feature } from '../../../src/network/controls/types'
import type { Feeds } from '../../../src/network/maps/types'
import { declaredShape, parseModel } from '../../../src/network/onnx'
import type { AttentionControl } from '../../../src/network/types'
import { attachWeights, readWeights } from '../../../src/network/weights'
import { hasRelaxed } from '../../../src/runner/kernels'
import { heldOf } from '../../../src/runner/session'
import '../../support/kernel-memory'
import { createBench, farthest, reference } from '../../support/runner'

const ROOT = join(import.meta.dirname, '../../..')

interface Asked {
  readonly features: readonly Feature[]
  readonly controls: readonly (AttentionControl | null)[]
  readonly map?: number
}

/** A network of ours with its controls, and feeds of some rows. */
function network(id: string, { features, controls, map }: Asked) {
  const folder = join(ROOT, 'models', id)
  const info = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
  const model = parseModel(readFileSync(join(folder, info.graph.file)))
  const weights = readWeights(model, readFileSync(join(folder, info.weights.file)))
  attachWeights(model, weights)
  const layers = insertControls(model, {
    rows: 'dynamic',
    features,
    map: map ?? null,
    grids: info.layers,
    form: 'fused',
  })
  const inputs = new ControlInputs(layers)
  const feeds = (rows: readonly number[]): Feeds => {
    const asked = inputs.feeds(
      rows.map((row) => {
        const control = controls[row]
        return control ? layers.map(() => control) : null
      }),
      features,
    )
    const own = model.graph!.input.map((value) => {
      const given = asked[value.name]
      if (given) return [value.name, { type: 'float32' as const, data: given.data, dims: given.dims }] as const
      const dims = declaredShape(value)!.map((length) => (typeof length === 'number' ? length : rows.length))
      const each = dims.reduce((a, b) => a * b, 1) / rows.length
      const data = new Float32Array(rows.flatMap((row) => [...normals(row, 0, each)]))
      return [value.name, { type: 'float32' as const, data, dims }] as const
    })
    return Object.fromEntries(own)
  }
  return { model, weights, feeds, output: info.output.name }
}

const CONTROLS: Readonly<Record<string, Asked>> = {
  plain: { features: [], controls: [null, { mix: 0.3, querySigma: 1, temperature: 0.7 }, { querySigma: Infinity }] },
  'a map': { features: [], controls: [null, { mix: 1 }], map: 2 },
  mask: { features: ['mask'], controls: [null, { mask: { rate: 0.3, seed: 1, keepDiagonal: true } }] },
  drop: { features: ['drop'], controls: [{ drop: { rate: 0.3, seed: 1 } }, null] },
  noise: { features: ['noise'], controls: [{ noise: { deviation: 0.1, seed: 1 } }, null] },
  smooth: { features: ['smooth'], controls: [{ smooth: 'gaussian' }, { smooth: 'average' }] },
  shuffle: { features: ['shuffle'], controls: [null, { shuffle: { share: 0.5, seed: 1 } }] },
  skip: { features: ['skip'], controls: [{ skip: 'attention' }, { skip: 'block' }] },
  entmax: { features: ['entmax'], controls: [{ entmax: 1.5 }, null] },
  sparsemax: { features: ['sparsemax'], controls: [{ sparsemax: 1 }, null] },
  extrapolate: { features: ['extrapolate'], controls: [{ extrapolate: { scale: 2, limit: 2, blend: 0.5 } }, null] },
  dropout: { features: ['dropout'], controls: [{ dropout: { rate: 0.2, seed: 1 } }, null] },
}

test('every feature of the rewritten graph is among those that are tried', () => {
  expect(Object.keys(CONTROLS)).toEqual(expect.arrayContaining([...FEATURES]))
})

describe('the tiny network', () => {
  const bench = createBench()

  test.each(Object.entries(CONTROLS))('%s: as onnxruntime computes it', async (_, asked) => {
    const { model, weights, feeds } = network('tiny', asked)
    const given = feeds(asked.controls.map((_row, i) => i))
    const wanted = await reference(model, given, weights)
    const session = bench.session(model, weights.data)
    const got = await bench.run(session, given)
    expect(Object.keys(got)).toEqual(Object.keys(wanted))
    for (const [name, values] of Object.entries(wanted))
      expect(farthest(got[name]!.data, values), name).toBeLessThan(3e-5)
    bench.release(session)
  })

  test('what a row gives is the same to the bit alone and in any company', async () => {
    const { model, weights, feeds, output } = network('tiny', CONTROLS['plain']!)
    const session = bench.session(model, weights.data)
    const rows = [0, 1, 2, 1, 0]
    const together = (await bench.run(session, feeds(rows)))[output]!.data
    const each = together.length / rows.length
    for (const [i, row] of rows.entries()) {
      const alone = (await bench.run(session, feeds([row])))[output]!.data
      expect(Buffer.from(alone.buffer).equals(Buffer.from(together.slice(i * each, (i + 1) * each).buffer))).toBe(true)
    }
    bench.release(session)
  })

  test('sessions of one set of weights share what is computed of it, and give all of it back', async () => {
    const own = createBench()
    const { model, weights, feeds } = network('tiny', CONTROLS['plain']!)
    const first = own.session(model, weights.data)
    await own.run(first, feeds([0, 1, 2]))
    const once = own.bytes
    const second = own.session(network('tiny', CONTROLS['plain']!).model, weights.data)
    const [a, b] = [await own.run(first, feeds([0])), await own.run(second, feeds([0]))]
    expect(a).toEqual(b)
    expect(own.bytes).toBe(once)
    // All weights are packed, once.
    expect(heldOf(own.heap, weights.data) / weights.data.byteLength).toBeGreaterThan(0.9)
    expect(heldOf(own.heap, weights.data) / weights.data.byteLength).toBeLessThan(2)
    for (let round = 0; round < 5; round++) {
      own.release(first)
      own.release(second)
      expect(heldOf(own.heap, weights.data)).toBe(0)
      await own.run(first, feeds([0, 1, 2]))
      await own.run(second, feeds([1]))
    }
    expect(own.bytes).toBe(once)
  })

  test('weights that are given up leave their room to the next', async () => {
    const own = createBench()
    const { model, weights, feeds } = network('tiny', CONTROLS['plain']!)
    const once = async () => {
      const session = own.session(model, weights.data.slice())
      await own.run(session, feeds([0]))
      own.release(session)
      return own.bytes
    }
    const bytes = await once()
    for (let i = 0; i < 20; i++) expect(await once()).toBe(bytes)
  })

  test.runIf(hasRelaxed())('a fused multiply-add changes nothing that counts', async () => {
    const { model, weights, feeds, output } = network('tiny', CONTROLS['plain']!)
    const given = feeds([0, 1, 2])
    const results = await Promise.all(
      [true, false].map(async (relaxed) => {
        const own = createBench(relaxed)
        return (await own.run(own.session(model, weights.data), given))[output]!.data
      }),
    )
    expect(farthest(results[0]!, results[1]!)).toBeLessThan(3e-5)
    expect(farthest(results[0]!, results[1]!)).toBeGreaterThan(0)
  })
})

test.each(['avatars', 'toys'])('the network of %s: as onnxruntime computes it', async (id) => {
  const bench = createBench()
  const { model, weights, feeds } = network(id, CONTROLS['plain']!)
  const given = feeds([0, 1])
  const wanted = await reference(model, given, weights)
  const got = await bench.run(bench.session(model, weights.data), given)
  for (const [name, values] of Object.entries(wanted))
    expect(farthest(got[name]!.data, values), name).toBeLessThan(3e-5)
})
