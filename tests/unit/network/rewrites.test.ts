/** Each rewrite gives the numbers of the graph before it, by fewer nodes; and what only resembles its pattern stays as it is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../src/cli/site.mjs'
import { ControlInputs } from '../../../src/network/controls/inputs'
import { insertControls } from '../../../src/network/controls/insert'
import { GraphEditor } from '../../../src/network/editor'
import {
  copyModel,
  countOperators,
  createNode,
  declaredShape,
  floatTensor,
  floatValue,
  intTensor,
  intsAttribute,
  intAttribute,
  parseModel,
  serializeModel,
  type ModelProto,
} from '../../../src/network/onnx'
import { rewrite } from '../../../src/network/rewrite'
import { rewrites } from '../../../src/network/rewrites/index.generated'
import { attachWeights, readWeights } from '../../../src/network/weights'
import { emptyModel, numbers } from './graphs'

const ROWS = 3

/** The processor has no convolution with this activation; it is spelled out. */
function spelledOut(model: ModelProto): ModelProto {
  const copy = copyModel(model)
  const editor = new GraphEditor(copy)
  for (const node of copy.graph!.node.filter(({ opType }) => opType === 'FusedConv')) {
    const changed = editor.add('Conv', node.input, 'spelled', {
      attributes: {
        group: { int: intAttribute(node, 'group') ?? 1 },
        kernel_shape: { ints: intsAttribute(node, 'kernel_shape')! },
      },
    })
    const gate = editor.add('Sigmoid', [changed], 'gate')
    editor.replace(node, editor.add('Mul', [changed, gate], 'silu'))
  }
  editor.finish()
  return copy
}

async function run(model: ModelProto, feeds: Readonly<Record<string, Tensor>>): Promise<Float32Array> {
  const session = await InferenceSession.create(serializeModel(spelledOut(model)), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  })
  const outputs = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])))
  await session.release()
  return outputs[session.outputNames[0]!]!.data as Float32Array
}

function distance(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length)
  const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0) / largest
}

/** The tiny family's network with its controls, and an input for everything, each row another. */
function tiny() {
  const folder = join(ROOT, 'models', 'tiny')
  const graph = parseModel(readFileSync(join(folder, 'graph.onnx')))
  attachWeights(graph, readWeights(graph, readFileSync(join(folder, 'weights.fp16.bin'))), 'inline')
  const layers = insertControls(graph, { rows: ROWS, features: [], map: null, form: 'fused' })
  const controls = new ControlInputs(layers).feeds(
    [null, layers.map(() => ({ mix: 1 })), layers.map(() => ({ querySigma: 1, temperature: 0.7, mix: 0.5 }))],
    [],
  )
  const feeds = Object.fromEntries(
    Object.entries(controls).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]),
  )
  for (const [i, input] of graph.graph!.input.entries()) {
    const dims = declaredShape(input) as number[]
    const count = dims.reduce((a, b) => a * b, 1)
    feeds[input.name] ??= new Tensor('float32', numbers(count, 100 + i), dims)
  }
  return { graph, feeds }
}

describe('on the network of a family', () => {
  const { graph, feeds } = tiny()

  it.each(rewrites)('$name', async (one) => {
    // Those before it make its pattern.
    const before = copyModel(graph)
    rewrite(
      before,
      rewrites.filter(({ order }) => order < one.order),
    )
    const after = copyModel(before)
    const [[, places]] = [...rewrite(after, [one])] as [[string, number]]
    expect(places).toBeGreaterThan(1)
    expect(distance(await run(after, feeds), await run(before, feeds))).toBeLessThan(1e-5)
  })

  it('together they leave few nodes that cost', async () => {
    const after = copyModel(graph)
    rewrite(after, rewrites)
    expect(distance(await run(after, feeds), await run(graph, feeds))).toBeLessThan(1e-5)
    const { FusedConv, LayerNormalization, SkipLayerNormalization, InstanceNormalization } = countOperators(after)
    expect({ FusedConv, LayerNormalization, SkipLayerNormalization, InstanceNormalization }).toEqual({
      FusedConv: 21,
      LayerNormalization: 14,
      SkipLayerNormalization: 14,
      InstanceNormalization: undefined,
    })
  })
})

describe('what only resembles a pattern', () => {
  const [c, h, w] = [4, 3, 5]

  /** A graph of an image, rewritten; how many places were found, and whether it still gives the same. */
  async function rewritten(build: (e: GraphEditor, x: string) => string) {
    const e = emptyModel()
    e.importOpset('com.microsoft', 1)
    const x = e.addInput(floatValue('x', [ROWS, c, h, w]))
    const y = build(e, x)
    e.graph.node.push(createNode('Mul', [y, y], ['y'], { name: 'y' }))
    e.graph.output.push(floatValue('y', [ROWS, null, null, null]))
    const before = e.model
    const after = copyModel(before)
    const found = [...rewrite(after, rewrites).values()].reduce((a, b) => a + b, 0)
    const feeds = { x: new Tensor('float32', numbers(ROWS * c * h * w, 7), [ROWS, c, h, w]) }
    return { found, error: distance(await run(after, feeds), await run(before, feeds)) }
  }
  const floats = (e: GraphEditor, dims: readonly number[], seed: number) =>
    e.addInitializer(
      floatTensor(
        'constant',
        dims,
        numbers(
          dims.reduce((a, b) => a * b, 1),
          seed,
        ),
      ),
    )
  const reshape = (e: GraphEditor, tensor: string, dims: readonly number[]) =>
    e.add('Reshape', [tensor, e.addInitializer(intTensor('dims', [dims.length], dims))], 'reshaped')
  const group = (e: GraphEditor, tensor: string, scale: string, shift: string) =>
    reshape(e, e.add('InstanceNormalization', [reshape(e, tensor, [ROWS, 2, -1]), scale, shift], 'normal'), [
      ROWS,
      c,
      h,
      w,
    ])
  const filled = (e: GraphEditor, value: number) => e.addInitializer(floatTensor('filled', [2], [value, value]))

  it.each<readonly [string, (e: GraphEditor, x: string) => string]>([
    ['a norm with factors of its own', (e, x) => group(e, x, floats(e, [2], 3), filled(e, 0))],
    ['a norm with a shift', (e, x) => group(e, x, filled(e, 1), floats(e, [2], 3))],
    [
      'a factor for each column',
      (e, x) => e.add('Add', [e.add('Mul', [x, floats(e, [w], 3)], 'scaled'), floats(e, [c, 1, 1], 4)], 'shifted'),
    ],
    [
      'a summand for each place',
      (e, x) => e.add('Add', [e.add('Mul', [x, floats(e, [c, 1, 1], 3)], 'scaled'), floats(e, [h, w], 4)], 'shifted'),
    ],
    [
      'a product that something else reads',
      (e, x) => {
        const scaled = e.add('Mul', [x, floats(e, [c, 1, 1], 3)], 'scaled')
        return e.add('Mul', [e.add('Add', [scaled, floats(e, [c, 1, 1], 4)], 'shifted'), scaled], 'both')
      },
    ],
    [
      'projections of different tensors',
      (e, x) =>
        e.add(
          'Add',
          [
            e.add('MatMul', [x, floats(e, [w, 2], 3)], 'a'),
            e.add('MatMul', [e.add('Exp', [x], 'other'), floats(e, [w, 2], 4)], 'b'),
          ],
          'sum',
        ),
    ],
    [
      'a product with what the image gives',
      (e, x) => {
        const turned = e.add('Transpose', [x], 'turned', { attributes: { perm: { ints: [0, 1, 3, 2] } } })
        return e.add('Add', [e.add('MatMul', [x, turned], 'a'), e.add('MatMul', [x, floats(e, [w, h], 3)], 'b')], 'sum')
      },
    ],
  ])('%s', async (_, build) => {
    expect(await rewritten(build)).toEqual({ found: 0, error: 0 })
  })

  it.each<readonly [string, number, (e: GraphEditor, x: string) => string]>([
    [
      'a sum that broadcasts is not taken into the norm',
      1,
      (e, x) => group(e, e.add('Add', [x, floats(e, [c, 1, 1], 3)], 'sum'), filled(e, 1), filled(e, 0)),
    ],
    [
      'a SiLU whose argument is read again is left out of the convolution',
      1,
      (e, x) => {
        const scaled = e.add('Mul', [floats(e, [c, 1, 1], 3), x], 'scaled')
        const shifted = e.add('Add', [floats(e, [c, 1, 1], 4), scaled], 'shifted')
        const silu = e.add('Mul', [shifted, e.add('Sigmoid', [shifted], 'gate')], 'silu')
        return e.add('Add', [silu, shifted], 'both')
      },
    ],
    [
      'a sum that is normalised twice',
      3,
      (e, x) => {
        const sum = e.add('Add', [x, e.add('Exp', [x], 'branch')], 'sum')
        const normals = [0, 1].map(() => group(e, sum, filled(e, 1), filled(e, 0)))
        return e.add('Mul', [e.add('Add', normals, 'normals'), sum], 'all')
      },
    ],
  ])('%s', async (_, found, build) => {
    const result = await rewritten(build)
    expect(result.found).toBe(found)
    expect(result.error).toBeLessThan(1e-5)
  })
})
