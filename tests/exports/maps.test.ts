/** Anybody's graph: its maps are found as its author knows them, and what controls do to one layer of one row is what PyTorch does by hand. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { widenHalf } from '../../src/core/half'
import { openGraph } from '../../src/engine/open-graph'
import { ControlInputs } from '../../src/network/controls/inputs'
import { mapNames } from '../../src/network/controls/types'
import { findMaps } from '../../src/network/maps/find'
import { insertMapControls } from '../../src/network/maps/insert'
import { proveMaps } from '../../src/network/maps/prove'
import { guidable, imageAlone, type GraphTensor, type MapLayer, type OpenGraph } from '../../src/network/maps/types'
import { copyModel, type ModelProto } from '../../src/network/onnx'
import type { AttentionControl } from '../../src/network/types'
import { deviations, exportNames, readExport, type Exported } from '../support/export-files'
import { batchOf, feedsOf, load } from '../support/export-graphs'

const folder = process.env['EXPORTS'] ?? ''
const open = openGraph({ InferenceSession, Tensor }, null, { intraOpNumThreads: 1, logSeverityLevel: 3 })

/** The graph with controls, for both rows however many it takes at a time. */
async function controlled(exported: Exported, model: ModelProto, maps: readonly MapLayer[], map: number | null) {
  const name = model.graph!.output[0]!.name
  const layers = insertMapControls(model, maps, { rows: batchOf(model) ?? 'dynamic', features: [], map })
  const session = await open(model)
  const inputs = new ControlInputs(layers)
  const step = batchOf(model) ?? 2
  const run = async (rows: readonly [AttentionControl | null, AttentionControl | null], at: number, output = name) => {
    const parts: number[] = []
    for (let first = 0; first < 2; first += step) {
      const own = rows.slice(first, first + step).map((row) => layers.map((_, i) => (i === at ? row : null)))
      const controls = Object.entries(inputs.feeds(own, [])).map(
        ([key, { data, dims }]) => [key, { type: 'float32' as const, data, dims }] as const,
      )
      const outputs = await session.run({ ...feedsOf(exported, model, first, step), ...Object.fromEntries(controls) })
      const tensor = outputs[output]!
      if (tensor.type === 'float16') parts.push(...widenHalf(tensor.data))
      else if (tensor.type === 'float32') parts.push(...tensor.data)
      else throw new Error(`${output} is ${tensor.type}`)
    }
    return Float32Array.from(parts)
  }
  return { layers, run, release: () => session.release() }
}

/** As far from what a graph gives as can be, of the same size. */
function opposite(outputs: Readonly<Record<string, GraphTensor>>): Record<string, GraphTensor> {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, tensor]) => {
      if (tensor.type === 'float32') return [key, { ...tensor, data: tensor.data.map((value) => -value) }]
      return tensor.type === 'float16'
        ? [key, { ...tensor, data: tensor.data.map((bits) => bits ^ 0x8000) }]
        : [key, tensor]
    }),
  )
}

/** A layer as the network's author calls it. */
function kindOf(layer: MapLayer): string {
  if (guidable(layer)) return imageAlone(layer) ? 'joint' : 'self'
  const { kind, reason } = { reason: '', ...layer.verdict }
  if (kind === 'not-understood' && reason.includes('no softmax')) return 'no softmax'
  if (kind === 'not-understood' && reason.includes('attention in slices')) return 'in pieces'
  if (kind === 'not-understood' && reason.endsWith('tokens come from can’t be followed')) return 'lost'
  return reason.startsWith('channels look at channels') ? 'channels' : kind
}

describe.each(exportNames(folder))('%s', (name) => {
  const exported = readExport(folder, name)
  const wanted = exported.layers.flatMap((layer, i) =>
    layer.kind === 'self' || layer.kind === 'joint' ? [{ ...layer, number: i }] : [],
  )
  // Graphs that compute in halves or in whole numbers of 8 bits are not exact themselves.
  const bound = Math.max(1e-4, 3 * exported.error)
  const rough = exported.error > 1e-3

  let found: ReturnType<typeof surveyed> | null = null
  const survey = async () => {
    const { model, ...rest } = await (found ??= surveyed())
    return { model: copyModel(model), ...rest }
  }

  async function surveyed() {
    const model = load(exported)
    const feeds = (rows: number) => feedsOf(exported, model, 0, rows)
    const sample = exported.inputs.find((input) => exported.tensor(`input:${input}`).dims.length >= 3)!
    const found = await findMaps({ model, open, feeds, batch: batchOf(model), sample })
    // Of tokens that come in a row nothing tells how they lie: the network's author does.
    let guided = -1
    const layers = found.layers.map((layer) => {
      if (!guidable(layer)) return layer
      const grid = wanted[++guided]?.grid
      if (!layer.image || layer.image.grid || !grid) return layer
      return { ...layer, image: { ...layer.image, grid: { height: grid[0], width: grid[1] } } }
    })
    return { ...found, layers }
  }

  it('is read as its author knows it', async () => {
    const { layers, closed } = await survey()
    expect(closed).toEqual([])
    // Those that can't be guided are told of, too, where they are.
    expect(layers.map(kindOf)).toEqual(exported.layers.map(({ kind }) => kind))
    const guided = layers.filter(guidable)
    expect(
      guided.map((layer) => {
        const { heads, windows, queries, keys, image, beside } = layer
        const { start, keyStart, count } = image ?? {}
        return {
          kind: imageAlone(layer) ? 'joint' : 'self',
          heads,
          windows,
          queries,
          keys,
          grid: image?.grid ? [image.grid.height, image.grid.width] : null,
          image: beside === 'nothing' ? null : { start, keyStart, count },
        }
      }),
    ).toEqual(
      wanted.map(({ kind, heads, windows, queries, keys, grid, image }) => ({
        kind,
        heads,
        windows,
        queries,
        keys,
        grid,
        image: image && { keyStart: image.start, ...image },
      })),
    )
  })

  it.runIf(wanted.length > 0)(
    'does what PyTorch does when one layer of one row is changed, and nothing else',
    async () => {
      const { model, layers: maps } = await survey()
      const { layers, run, release } = await controlled(exported, model, maps, null)
      const output = exported.floats('output')
      const each = output.length / 2
      const row = (values: Float32Array, i: number) => values.subarray(i * each, (i + 1) * each)
      const neutral = await run([null, null], 0)
      expect(deviations(neutral, output)).toBeLessThan(bound)
      for (const [at, { number }] of wanted.entries()) {
        expect(layers[at]?.reach).toBe('queries')
        const { identity, blur } = exported.rows
        const changes: readonly (readonly [string, number, AttentionControl])[] = [
          [`identity_${number}`, identity, { mix: 1 }],
          ...exported.sigmas.map(
            (sigma) =>
              [`blur_${number}_${sigma}`, blur, { querySigma: sigma === 'inf' ? Infinity : Number(sigma) }] as const,
          ),
        ]
        for (const [key, changed, control] of changes) {
          const found = await run(changed === 0 ? [control, null] : [null, control], at)
          expect(deviations(row(found, changed), row(exported.floats(key), changed)), key).toBeLessThan(bound)
          if (!rough) expect(row(found, 1 - changed), `${key} the other row`).toEqual(row(neutral, 1 - changed))
        }
      }
      await release()
    },
  )

  it.runIf(wanted.length > 0)('tells the maps', async () => {
    const { model, layers: maps } = await survey()
    const at = wanted.length - 1
    const { run, release } = await controlled(exported, model, maps, at)
    const truth = exported.floats(`map_${wanted[at]!.number}`)
    const map = await run([null, null], at, mapNames(at).map)
    expect(map.length).toBe(truth.length)
    const difference = map.reduce((most, value, i) => Math.max(most, Math.abs(value - truth[i]!)), 0)
    expect(difference).toBeLessThan(rough ? bound : 1e-4)
    await release()
  })

  it('is proved on the machine that opens it, and what a wrong layout would do is not', async () => {
    const { model, layers } = await survey()
    const original = load(exported)
    const batch = batchOf(original)
    const feeds = (rows: number) => feedsOf(exported, original, 0, rows)
    const ask = { original, model, open, feeds, batch, output: original.graph!.output[0]!.name, most: 2 }
    const { proved, layers: kept, neutral } = await proveMaps({ ...ask, layers })
    expect(kept).toEqual(layers)
    expect(neutral).toBeLessThan(rough ? 10 * bound : 1e-5)
    expect(proved.map(({ layer }) => layer).sort((a, b) => a - b)).toEqual(
      layers.flatMap((layer, i) => (guidable(layer) ? [i, i] : [])),
    )
    for (const { error } of proved) expect(error).toBeLessThan(rough ? 10 * bound : 1e-4)
    if (rough && wanted.length <= 4) {
      const sample = exported.inputs[0]!
      // A graph that is all error shows nothing: the other way changes nothing here, and must not pass for all that.
      const blind: OpenGraph = async (graph) => {
        const session = await open(graph)
        return {
          async run(given) {
            const seen = Object.entries(given).map(([key, tensor]) =>
              key.startsWith('proof_') && tensor.type === 'bool'
                ? ([key, { ...tensor, data: new Uint8Array(tensor.data.length) }] as const)
                : ([key, tensor] as const),
            )
            const outputs = await session.run(Object.fromEntries(seen))
            const isPlain = seen.every(([key]) => !/^(?:proof_|mix_)/.test(key))
            const isShaken = isPlain && given[sample]!.data[0] !== feeds(1)[sample]!.data[0]
            return isShaken ? opposite(outputs) : outputs
          },
          release: () => session.release(),
        }
      }
      const unproved = await proveMaps({ ...ask, open: blind, layers })
      expect(unproved.layers.filter(guidable)).toEqual([])
    }
    const [first] = layers.filter((layer) => guidable(layer) && layer.heads * layer.windows > 1)
    if (batch !== null || rough || !first || wanted.length > 4) return
    const turned = { ...first, layout: { ...first.layout, headsFirst: !first.layout.headsFirst } }
    const wrong = layers.map((layer) => (layer === first ? turned : layer))
    const refused = await proveMaps({ ...ask, layers: wrong })
    expect(refused.layers[layers.indexOf(first)]!.verdict.kind).toBe('not-understood')
    expect(refused.layers.filter((_, i) => i !== layers.indexOf(first))).toEqual(layers.filter((one) => one !== first))
  })
})
