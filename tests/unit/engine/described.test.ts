/** Networks that are described by a manifest alone: small graphs of each kind of input, against the same arithmetic written here. */
import * as node from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { narrowToHalf } from '../../../src/core/half'
import { normals } from '../../../src/core/random'
import { relativeError } from '../../../src/engine/golden'
import { OnnxDenoiser } from '../../../src/engine/onnx-denoiser'
import { parseEmbeddings } from '../../../src/model/embeddings'
import type { Conditioning, ModelInput, NetworkDescription } from '../../../src/model/description'
import type { DenoiserRow, ModelInfo } from '../../../src/model/types'
import type { GraphEditor } from '../../../src/network/editor'
import { DataType, floatTensor, floatValue, intTensor, serializeModel, type Dimension } from '../../../src/network/onnx'
import { toyModel } from '../../support/model'
import { safetensors } from '../../support/safetensors'
import { emptyModel } from '../network/graphs'

const IMAGE = { channels: 2, height: 2, width: 3 }
const SIZE = 12
const TYPES = { float32: DataType.FLOAT, float16: DataType.FLOAT16, int64: DataType.INT64 }

function input(e: GraphEditor, { name, dtype, dims }: ModelInput, rows: Dimension): string {
  const value = floatValue(
    name,
    dims.map((dim) => (dim === 'rows' ? rows : dim)),
  )
  if (value.type?.value.case === 'tensorType') value.type.value.value.elemType = TYPES[dtype]
  e.addInput(value)
  return e.add('Cast', [name], `${name}_float`, { attributes: { to: { int: DataType.FLOAT } } })
}

/** F = 0.25 x + 0.01 t + the sum of each further input's values, as an image; in half precision at the end where `half`. */
function graphOf(
  inputs: readonly ModelInput[],
  { twice = false, half = false, rows = 'rows' as Dimension, output = 'out' } = {},
): Uint8Array {
  const e = emptyModel()
  const ints = (values: readonly number[]) => e.addInitializer(intTensor('ints', [values.length], values))
  const scalar = (value: number) => e.addInitializer(floatTensor('factor', [], [value]))
  let sum: string | null = null
  for (const one of inputs) {
    const value = input(e, one, rows)
    if (one.meaning === 'sample') {
      const scaled = e.add('Mul', [value, scalar(0.25)], 'scaled')
      sum = sum === null ? scaled : e.add('Add', [sum, scaled], 'sum')
      continue
    }
    const shared = !one.dims.includes('rows')
    const flat = e.add(
      'Reshape',
      [
        value,
        ints([
          shared ? 1 : -1,
          one.dims.length < 2 ? 1 : Number(one.dims.slice(1).reduce<number>((a, b) => a * Number(b), 1)),
        ]),
      ],
      'flat',
    )
    const total = e.add('ReduceSum', [flat, ints([1])], 'total', { attributes: { keepdims: { int: 1 } } })
    const factor = one.meaning === 'noise-level' ? 0.01 : 1
    const added = e.add('Mul', [e.add('Reshape', [total, ints([-1, 1, 1, 1])], 'image'), scalar(factor)], 'added')
    sum = sum === null ? added : e.add('Add', [sum, added], 'sum')
  }
  const negated = e.add('Neg', [sum!], 'variance')
  const both = twice ? e.add('Concat', [sum!, negated], 'both', { attributes: { axis: { int: 1 } } }) : sum!
  const type = half ? DataType.FLOAT16 : DataType.FLOAT
  const end = floatValue(output, [rows, twice ? 4 : 2, 2, 3])
  if (end.type?.value.case === 'tensorType') end.type.value.value.elemType = type
  e.addOutput(e.add('Cast', [both], 'cast', { attributes: { to: { int: type } } }), end)
  return serializeModel(e.model)
}

const sample: ModelInput = { name: 'latents', meaning: 'sample', dtype: 'float32', dims: ['rows', 2, 2, 3] }
const step: ModelInput = { name: 'timestep', meaning: 'noise-level', dtype: 'int64', dims: ['rows'] }
const classes: Conditioning = {
  kind: 'class',
  labelDropout: true,
  classes: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
}

const LINEAR = { betaStart: 0.0001, betaEnd: 0.02, steps: 1000, zeroTerminal: false }

function modelOf(conditioning: Conditioning, more: Partial<NetworkDescription>): ModelInfo {
  return {
    ...toyModel,
    image: IMAGE,
    conditioning,
    layers: [],
    prediction: { kind: 'epsilon', parameters: {} },
    schedule: { kind: 'linear', parameters: LINEAR },
    inputs: [sample, step],
    output: { name: 'out', learnedVariance: false },
    ...more,
  }
}

function denoiserOf(
  model: ModelInfo,
  graph: Uint8Array,
  more: { readonly embeddings?: ReturnType<typeof parseEmbeddings> } = {},
) {
  return new OnnxDenoiser({
    model,
    graph,
    weights: new Uint8Array(),
    heads: [],
    runtime: node,
    sessionOptions: { intraOpNumThreads: 1 },
    batch: { kind: 'dynamic' },
    maxRows: 8,
    ...more,
  })
}

/** Written again: σ of DDPM's steps, by the definition. */
const SIGMAS = (() => {
  let product = 1
  return Array.from({ length: 1000 }, (_, t) => {
    product *= 1 - (0.0001 + ((0.02 - 0.0001) * t) / 999)
    return Math.sqrt((1 - product) / product)
  })
})()

const rowOf = (seed: number, t: number, weights: readonly number[] = []): DenoiserRow => ({
  x: normals(seed, 0, SIZE).map((value) => value * (1 + SIGMAS[t]!)),
  sigma: SIGMAS[t]!,
  classWeights: Float32Array.from(weights),
  attention: null,
})

/** D = x − σ F, of F as `graphOf` writes it; `told`: what the further inputs add up to. */
const epsilonD = ({ x, sigma }: DenoiserRow, t: number, told = 0) =>
  x.map((value) => value - sigma * ((0.25 * value) / Math.sqrt(1 + sigma * sigma) + 0.01 * t + told))

/** The largest relative error over all rows. */
async function errorOf(denoiser: OnnxDenoiser, rows: readonly DenoiserRow[], wanted: readonly Float32Array[]) {
  const found = await denoiser.evaluate(rows)
  await denoiser.dispose()
  return Math.max(...wanted.map((image, i) => relativeError(found[i]!, image)))
}

describe('a network that is told', () => {
  it('a training step as a whole number, under names of its own', async () => {
    const rows = [rowOf(1, 10), rowOf(2, 999), rowOf(3, 0)]
    const denoiser = denoiserOf(modelOf({ kind: 'none', labelDropout: true, classes: [] }, {}), graphOf([sample, step]))
    expect(
      await errorOf(denoiser, rows, [epsilonD(rows[0]!, 10), epsilonD(rows[1]!, 999), epsilonD(rows[2]!, 0)]),
    ).toBeLessThan(1e-5)
  })

  it('one step for the whole batch: rows of one noise level run together', async () => {
    const shared = { ...step, dims: [] }
    const rows = [rowOf(1, 10), rowOf(2, 400), rowOf(3, 10)]
    const denoiser = denoiserOf(
      modelOf({ kind: 'none', labelDropout: true, classes: [] }, { inputs: [sample, shared] }),
      graphOf([sample, shared]),
    )
    const found = await denoiser.evaluate(rows)
    expect(denoiser.counts).toEqual({ rows: 3, runs: 2 })
    for (const [i, t] of [10, 400, 10].entries())
      expect(relativeError(found[i]!, epsilonD(rows[i]!, t))).toBeLessThan(1e-5)
    await denoiser.dispose()
  })

  it('a class by its index, with one more for none, or another that the manifest says', async () => {
    const index: ModelInput = { name: 'y', meaning: 'class-index', dtype: 'int64', dims: ['rows'] }
    const rows = [rowOf(1, 10, [0, 0, 1]), rowOf(2, 10, [0, 0, 0]), rowOf(3, 10, [1, 0, 0])]
    const inputs = [sample, step, index]
    expect(
      await errorOf(denoiserOf(modelOf(classes, { inputs }), graphOf(inputs)), rows, [
        epsilonD(rows[0]!, 10, 2),
        epsilonD(rows[1]!, 10, 3),
        epsilonD(rows[2]!, 10, 0),
      ]),
    ).toBeLessThan(1e-5)
    const ten: Conditioning = { ...classes, kind: 'class', nullIndex: 10, classes: classes.classes }
    expect(
      await errorOf(denoiserOf(modelOf(ten, { inputs }), graphOf(inputs)), [rows[1]!], [epsilonD(rows[1]!, 10, 10)]),
    ).toBeLessThan(1e-5)
    const mixed = denoiserOf(modelOf(classes, { inputs }), graphOf(inputs))
    await expect(mixed.evaluate([rowOf(1, 10, [0.5, 0.5, 0])])).rejects.toThrow('can’t be asked for a mix of classes')
    await mixed.dispose()
  })

  it('class weights, a constant for each row, and one for all', async () => {
    const inputs: readonly ModelInput[] = [
      { name: 'w', meaning: 'class-weights', dtype: 'float32', dims: ['rows', 3] },
      { name: 'ids', meaning: 'constant', dtype: 'float32', dims: ['rows', 4], values: [0.1, 0.2, 0.3, 0.4] },
      { name: 'mask', meaning: 'constant', dtype: 'int64', dims: ['rows', 5], values: [1] },
      { name: 'scale', meaning: 'constant', dtype: 'float32', dims: [1], values: [0.5] },
      sample,
      step,
    ]
    const rows = [rowOf(1, 20, [0, 1, 0]), rowOf(2, 20, [0.25, 0.25, 0])]
    expect(
      await errorOf(denoiserOf(modelOf(classes, { inputs }), graphOf(inputs)), rows, [
        epsilonD(rows[0]!, 20, 1 + 1 + 5 + 0.5),
        epsilonD(rows[1]!, 20, 0.5 + 1 + 5 + 0.5),
      ]),
    ).toBeLessThan(1e-5)
  })

  it('texts by their embeddings, of tokens and of all, the empty one for none', async () => {
    const inputs: readonly ModelInput[] = [
      sample,
      step,
      { name: 'tokens', meaning: 'embedding', dtype: 'float32', dims: ['rows', 2, 2] },
      { name: 'pooled', meaning: 'embedding', dtype: 'float32', dims: ['rows', 1] },
    ]
    const prompts = ['', 'a cat', 'a dog']
    const embeddings = parseEmbeddings(
      safetensors(prompts, {
        tokens: { shape: [3, 2, 2], data: Float32Array.from([1, 2, 3, 4, 0, 0, 1, 1, 5, 5, 5, 5]) },
        pooled: { shape: [3, 1], data: narrowToHalf([0.5, 0.25, 8]) },
      }),
    )
    const file = { file: 'prompts.safetensors', bytes: 1, sha256: '' }
    const conditioning: Conditioning = {
      kind: 'text',
      labelDropout: true,
      classes: [{ name: 'a cat' }, { name: 'a dog' }],
      prompts,
      embeddings: file,
    }
    const rows = [rowOf(1, 20, [1, 0]), rowOf(2, 20, [0, 0]), rowOf(3, 20, [0, 1]), rowOf(4, 20, [0.5, 0.5])]
    expect(
      await errorOf(denoiserOf(modelOf(conditioning, { inputs }), graphOf(inputs), { embeddings }), rows, [
        epsilonD(rows[0]!, 20, 2.25),
        epsilonD(rows[1]!, 20, 10.5),
        epsilonD(rows[2]!, 20, 28),
        epsilonD(rows[3]!, 20, 15.125),
      ]),
    ).toBeLessThan(1e-5)
    const without = denoiserOf(modelOf(conditioning, { inputs }), graphOf(inputs))
    await expect(without.evaluate(rows)).rejects.toThrow('no embeddings for the input tokens')
    await without.dispose()
  })
})

describe('a network', () => {
  const none: Conditioning = { kind: 'none', labelDropout: true, classes: [] }

  it('that learned its variance: the first half of its channels counts', async () => {
    const rows = [rowOf(1, 10), rowOf(2, 500)]
    const output = { name: 'out', learnedVariance: true }
    const graph = graphOf([sample, step], { twice: true })
    expect(
      await errorOf(denoiserOf(modelOf(none, { output }), graph), rows, [
        epsilonD(rows[0]!, 10),
        epsilonD(rows[1]!, 500),
      ]),
    ).toBeLessThan(1e-5)
    const unsaid = denoiserOf(modelOf(none, {}), graph)
    await expect(unsaid.evaluate(rows)).rejects.toThrow('set output.learnedVariance to true')
    await unsaid.dispose()
  })

  it('in half precision at both ends', async () => {
    const inputs: readonly ModelInput[] = [
      { ...sample, dtype: 'float16' },
      { ...step, dtype: 'float16' },
    ]
    const rows = [rowOf(1, 10), rowOf(2, 100)]
    const denoiser = denoiserOf(modelOf(none, { inputs }), graphOf(inputs, { half: true }))
    expect(await errorOf(denoiser, rows, [epsilonD(rows[0]!, 10), epsilonD(rows[1]!, 100)])).toBeLessThan(3e-3)
  })

  it('of a fixed batch is filled up, and runs as often as it must', async () => {
    const rows = [rowOf(1, 10), rowOf(2, 500), rowOf(3, 20)]
    const denoiser = denoiserOf(modelOf(none, { fixedRows: 2 }), graphOf([sample, step], { rows: 2 }))
    const found = await denoiser.evaluate(rows)
    expect(denoiser.counts).toEqual({ rows: 3, runs: 2 })
    for (const [i, t] of [10, 500, 20].entries())
      expect(relativeError(found[i]!, epsilonD(rows[i]!, t))).toBeLessThan(1e-5)
    await denoiser.dispose()
  })

  it('of pictures in [0, 1] is given them so, and its answer is taken back to [−1, 1]', async () => {
    const level: ModelInput = { name: 's', meaning: 'noise-level', dtype: 'float32', dims: ['rows'] }
    const inputs = [sample, level]
    const model = modelOf(none, {
      inputs,
      prediction: { kind: 'x0', parameters: {} },
      schedule: { kind: 'sigma', parameters: { sigmaData: 0 } },
      range: { low: 0, high: 1 },
    })
    const row: DenoiserRow = { x: normals(5, 0, SIZE), sigma: 0.8, classWeights: new Float32Array(), attention: null }
    // Its own x is (x + 1)/2, and its own σ half of ours.
    const wanted = row.x.map((value) => 2 * (0.25 * ((value + 1) / 2) + 0.01 * 0.4) - 1)
    expect(await errorOf(denoiserOf(model, graphOf(inputs)), [row], [wanted])).toBeLessThan(1e-5)
  })

  it('that lacks the output says so', async () => {
    const denoiser = denoiserOf(modelOf(none, {}), graphOf([sample, step], { output: 'other' }))
    await expect(denoiser.evaluate([rowOf(1, 10)])).rejects.toThrow('no float output out')
    await denoiser.dispose()
  })
})
