/** The engine under Node against PyTorch: every stored answer within 1e-4 of the largest value. */
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GOLDEN_TOLERANCE, goldenError, relativeError } from '../../../src/engine/golden'
import { loadNodeModel, type NodeModel } from '../../../src/cli/node-model'
import { adapterOf } from '../../../src/model/adapter'
import { ControlInputs } from '../../../src/network/controls/inputs'
import { DROPPED } from '../../../src/network/controls/matrices'
import { insertControls } from '../../../src/network/controls/insert'
import { parseModel, serializeModel } from '../../../src/network/onnx'
import { attachWeights, readWeights } from '../../../src/network/weights'
import { models, referenceCases } from './golden-files'

describe.each(['tiny', 'avatars', 'toys'])('%s', (id) => {
  const cases = referenceCases(id)
  const images = cases.filter(({ tensors }) => tensors.denoised && !tensors.mask)
  let loaded: NodeModel

  beforeAll(async () => {
    loaded = await loadNodeModel(join(models, id), { threads: 1 })
  })
  afterAll(() => loaded.dispose())

  it('covers plain, PAG, SEG, uniform and temperature', () => {
    expect(new Set(images.map(({ method }) => method))).toEqual(
      new Set(['plain', 'pag', 'seg', 'uniform', 'temperature', 'icg']),
    )
  })

  it('denoises like PyTorch, in batches of mixed controls', async () => {
    const denoised = await loaded.denoiser.evaluate(images.map(({ row }) => row))
    const errors = Object.fromEntries(
      images.map(({ name, tensors }, i) => [name, relativeError(denoised[i]!, tensors.denoised!)]),
    )
    expect(Math.max(...Object.values(errors))).toBeLessThan(1e-4)
    // The comparison can fail: the perturbations of the stored cases are far larger than the tolerance.
    const plain = images.findIndex(({ method }) => method === 'plain')
    const pag = images.findIndex(
      ({ method, row }) => method === 'pag' && row.x.every((value, i) => value === images[plain]!.row.x[i]),
    )
    expect(relativeError(denoised[pag]!, images[plain]!.tensors.denoised!)).toBeGreaterThan(1e-2)
  })

  it('denoises like PyTorch with attention spelt out', async () => {
    const open = await loadNodeModel(join(models, id), { threads: 1, form: 'open' })
    const some = images.slice(0, 8)
    const denoised = await open.denoiser.evaluate(some.map(({ row }) => row))
    expect(Math.max(...some.map(({ tensors }, i) => relativeError(denoised[i]!, tensors.denoised!)))).toBeLessThan(1e-4)
    await open.dispose()
  })

  it('gives the attention maps of PyTorch', async () => {
    const probed = cases.filter(({ probe }) => probe !== null)
    expect(probed.length).toBeGreaterThan(0)
    for (const { probe, row, tensors } of probed) {
      const [map] = await loaded.denoiser.attentionMaps([row], probe!)
      expect(relativeError(map!, tensors.map!)).toBeLessThan(1e-4)
    }
  })

  it('masks like PyTorch', async () => {
    const { model } = loaded
    const graph = parseModel(readFileSync(join(models, id, model.graph.file)))
    const weights = readWeights(graph, readFileSync(join(models, id, model.weights.file)))
    attachWeights(graph, weights, 'inline')
    const layers = insertControls(graph, {
      grids: model.layers,
      rows: 'dynamic',
      features: ['mask'],
      map: null,
      form: 'fused',
    })
    const session = await InferenceSession.create(serializeModel(graph), { intraOpNumThreads: 1 })
    const masked = cases.filter(({ tensors }) => tensors.mask)
    expect(masked.length).toBeGreaterThan(0)
    for (const { row, tensors, masked: at } of masked) {
      const { skip, out, in: scale, noise } = adapterOf(model).level(row.sigma)
      const feeds = new ControlInputs(layers).feeds([null], ['mask'])
      for (const layer of at) {
        const data = tensors.mask!.map((dropped) => dropped * DROPPED)
        feeds[`bias_${layer}`] = { ...feeds[`bias_${layer}`]!, data }
      }
      const { channels, height, width } = model.image
      const { prediction } = await session.run({
        x: new Tensor(
          'float32',
          row.x.map((value) => value * scale),
          [1, channels, height, width],
        ),
        noise_level: new Tensor('float32', [noise], [1]),
        class_weights: new Tensor('float32', row.classWeights, [1, 10]),
        embedding_offset: new Tensor('float32', new Float32Array(model.embedding!.width), [1, model.embedding!.width]),
        ...Object.fromEntries(
          Object.entries(feeds).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]),
        ),
      })
      const values = prediction!.data as Float32Array
      expect(
        relativeError(
          row.x.map((value, i) => skip * value + out * values[i]!),
          tensors.denoised!,
        ),
      ).toBeLessThan(1e-4)
    }
    await session.release()
  })

  it('passes its start-up check, and a damaged answer does not', async () => {
    expect(await goldenError(loaded.denoiser, loaded.golden)).toBeLessThan(GOLDEN_TOLERANCE)
    const [first] = loaded.golden
    const spoilt = { ...first!, denoised: first!.denoised.map((value, i) => (i === 7 ? value + 0.01 : value)) }
    expect(await goldenError(loaded.denoiser, [spoilt])).toBeGreaterThan(GOLDEN_TOLERANCE)
  })
})
