/** Residual connections: found by what the graph computes, and left out for the rows that ask for it. */
import { readFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { findAttention } from '../../../src/network/attention/find'
import { ControlInputs } from '../../../src/network/controls/inputs'
import type { RowControls } from '../../../src/network/controls/complete'
import { insertControls } from '../../../src/network/controls/insert'
import { GraphEditor } from '../../../src/network/editor'
import type { LayerBranches } from '../../../src/network/left-out'
import {
  floatTensor,
  floatValue,
  parseModel,
  serializeModel,
  type ModelProto,
  type NodeProto,
} from '../../../src/network/onnx'
import { findResiduals } from '../../../src/network/residuals'
import { FORMS, addLayer, attentionModel, emptyModel, layerWeights, naiveLayer, numbers, type Sizes } from './graphs'

const sizes: Sizes = { height: 2, width: 3, heads: 2, headWidth: 4 }
const [n, c] = [6, 8]
const weights = layerWeights(sizes, 3)
const matrix = (seed: number) => numbers(c * c, seed).map((value) => value * 0.5)

/** What a residual block before the attention looks like. */
type Block = 'identity' | 'projected shortcut' | 'branch of one chain' | 'embedding inside the branch'
const BLOCKS: readonly Block[] = [
  'identity',
  'projected shortcut',
  'branch of one chain',
  'embedding inside the branch',
]

/** x · S + act(act(x · W1) [+ embedding]) · W2, then an attention layer. Inputs `x` [rows, N, C], `e` [rows, 1, C]. */
function blockModel(block: Block): ModelProto {
  const editor = emptyModel()
  const x = editor.addInput(floatValue('x', ['rows', n, c]))
  const e = editor.addInput(floatValue('e', ['rows', 1, c]))
  const times = (tensor: string, seed: number) =>
    editor.add('MatMul', [tensor, editor.addInitializer(floatTensor(`w${seed}`, [c, c], matrix(seed)))], 'product')
  // Silu reads its input twice; Relu leaves a chain.
  const act = (tensor: string) =>
    block === 'branch of one chain'
      ? editor.add('Relu', [tensor], 'relu')
      : editor.add('Mul', [tensor, editor.add('Sigmoid', [tensor], 'sigmoid')], 'silu')
  // The embedding has been used before, so that it is behind everything.
  const first = editor.add('Add', [x, e], 'first')
  const inner = act(times(first, 31))
  const h = block === 'embedding inside the branch' ? act(editor.add('Add', [inner, times(e, 34)], 'shifted')) : inner
  const shortcut = block === 'projected shortcut' ? times(first, 33) : first
  const sum = editor.add('Add', [times(h, 32), shortcut], 'block')
  editor.addOutput(addLayer(editor, 'A: diffusers', sizes, weights, sum), floatValue('y', ['rows', n, c]))
  return editor.model
}

function naiveBlock(block: Block, x: Float32Array, e: Float32Array, skipped: boolean): number[] {
  const times = (a: ArrayLike<number>, seed: number) =>
    Array.from(a, (_, i) => {
      let sum = 0
      for (let j = 0; j < c; j++) sum += a[Math.floor(i / c) * c + j]! * matrix(seed)[j * c + (i % c)]!
      return sum
    })
  const act = (a: readonly number[]) =>
    a.map((value) => (block === 'branch of one chain' ? Math.max(value, 0) : value / (1 + Math.exp(-value))))
  const first = Array.from(x, (value, i) => value + e[i % c]!)
  const inner = act(times(first, 31))
  const shift = times(e, 34)
  const h = block === 'embedding inside the branch' ? act(inner.map((value, i) => value + shift[i % c]!)) : inner
  const branch = times(h, 32)
  return (block === 'projected shortcut' ? times(first, 33) : first).map(
    (value, i) => value + (skipped ? 0 : branch[i]!),
  )
}

async function run(
  model: ModelProto,
  inputs: Record<string, readonly Float32Array[]>,
  controls: readonly RowControls[],
) {
  const layers = insertControls(model, {
    grids: [sizes],
    rows: 'dynamic',
    features: ['skip'],
    map: null,
    form: 'fused',
  })
  const session = await InferenceSession.create(serializeModel(model), { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const feeds = new ControlInputs(layers).feeds(controls, ['skip'])
  const rows = controls.length
  const outputs = await session.run({
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, parts]) => {
        const data = Float32Array.from(parts.flatMap((part) => [...part]))
        return [name, new Tensor('float32', data, [rows, data.length / rows / c, c])]
      }),
    ),
    ...Object.fromEntries(
      Object.entries(feeds).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]),
    ),
  })
  await session.release()
  const data = outputs.y!.data as Float32Array
  return controls.map((_, i) => data.slice(i * n * c, (i + 1) * n * c))
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)))

describe('the residual round the attention', () => {
  it.each(FORMS)('is left out for the rows that skip it: %s', async (form) => {
    const [x, other] = [numbers(n * c, 1), numbers(n * c, 2)]
    const [skipped, kept, plain] = await run(attentionModel(form, sizes, weights), { x: [x, x, other] }, [
      [{ skip: 'attention' }],
      [{ mix: 0.5 }],
      null,
    ])
    // x + 0 · f: the very bits of x.
    expect(skipped).toEqual(x)
    expect(distance(kept!, naiveLayer(x, sizes, weights, { mix: 0.5 }).y)).toBeLessThan(2e-5)
    expect(distance(plain!, naiveLayer(other, sizes, weights).y)).toBeLessThan(2e-5)
  })

  /** One layer whose addition at the end is another one. */
  function ending(make: (editor: GraphEditor, branch: string, x: string) => string): ModelProto {
    const editor = emptyModel()
    const e = editor.addInput(floatValue('e', ['rows', 1, c]))
    const x = editor.add('Add', [editor.addInput(floatValue('x', ['rows', n, c])), e], 'shifted')
    const end = editor.producer(addLayer(editor, 'A: diffusers', sizes, weights, x))!
    editor.remove([end])
    editor.addOutput(make(editor, end.input[0]!, x), floatValue('y', ['rows', n, c]))
    return editor.model
  }
  const skippable = (model: ModelProto) =>
    insertControls(model, { rows: 'dynamic', features: [], map: null, form: 'fused', grids: [sizes] })[0]!.skippable

  it('is found where the branch has a factor, and where the shortcut is reshaped', () => {
    const gated = ending((editor, branch, x) =>
      editor.add('Add', [x, editor.add('Mul', [branch, 'e'], 'gated')], 'sum'),
    )
    expect(skippable(gated)).toEqual({ attention: true, block: false })
    const moved = ending((editor, branch, x) => {
      const transposed = (tensor: string) =>
        editor.add('Transpose', [tensor], 'moved', { attributes: { perm: { ints: [0, 2, 1] } } })
      const sum = editor.add('Add', [transposed(branch), transposed(x)], 'sum')
      return transposed(sum)
    })
    expect(skippable(moved)).toEqual({ attention: true, block: false })
  })

  it.each<[string, ModelProto]>([
    ['no addition', ending((_, branch) => branch)],
    [
      'a constant',
      ending((e, branch) =>
        e.add('Add', [branch, e.addInitializer(floatTensor('b', [n, c], numbers(n * c, 4)))], 'sum'),
      ),
    ],
    [
      'another input',
      ending((e, branch) => e.add('Add', [branch, e.addInput(floatValue('z', ['rows', n, c]))], 'sum')),
    ],
    ['what is broadcast', ending((editor, branch) => editor.add('Add', [branch, 'e'], 'sum'))],
  ])('is not taken for: %s', (_, model) => {
    expect(skippable(model)).toEqual({ attention: false, block: false })
  })
})

describe('branches that were found by measured shapes', () => {
  const model = () => attentionModel('A: diffusers', sizes, weights)
  const options = { grids: [sizes], rows: 'dynamic', features: ['skip'], map: null, form: 'fused' } as const

  it('are those that are left out, and no others', () => {
    const { output } = model().graph!
    const { input, output: made } = new GraphEditor(model()).producer(output[0]!.name)!
    const sum = new GraphEditor(model()).producer(input[0]!)?.opType === 'Add' ? input[0]! : made[0]!
    const none = { kind: 'refused', reason: 'none' } as const
    const attention = { kind: 'found', additions: [{ sum, branch: 0, rank: 3 }] } as const
    const skippable = (branches: readonly LayerBranches[]) =>
      insertControls(model(), { ...options, branches }).map((layer) => layer.skippable)
    expect(skippable([{ attention, block: none, convolution: null }])).toEqual([{ attention: true, block: false }])
    expect(skippable([{ attention: none, block: attention, convolution: null }])).toEqual([
      { attention: false, block: true },
    ])
    expect(skippable([{ attention: none, block: none, convolution: null }])).toEqual([
      { attention: false, block: false },
    ])
    expect(() => skippable([])).toThrow('branches were given for 0 of 1 self-attention layers')
  })
})

describe('the residual block before the attention', () => {
  it.each(BLOCKS)('is left out with its attention, and what the shortcut does stays: %s', async (block) => {
    const x = [1, 2, 3].map((seed) => numbers(n * c, seed))
    const e = [4, 5, 6].map((seed) => numbers(c, seed))
    const asked: RowControls[] = [[{ skip: 'block' }], [{ skip: 'attention' }], null]
    const y = await run(blockModel(block), { x, e }, asked)
    const attend = (values: readonly number[]) => naiveLayer(values, sizes, weights).y
    const wanted = [
      naiveBlock(block, x[0]!, e[0]!, true),
      naiveBlock(block, x[1]!, e[1]!, false),
      attend(naiveBlock(block, x[2]!, e[2]!, false)),
    ]
    for (const [i, row] of y.entries()) expect(distance(row, wanted[i]!)).toBeLessThan(3e-5)
    // What is left out matters.
    expect(distance(naiveBlock(block, x[0]!, e[0]!, true), naiveBlock(block, x[0]!, e[0]!, false))).toBeGreaterThan(0.1)
  })

  it('is not another attention, and not an embedding that is added', () => {
    const editor = emptyModel()
    const e = editor.addInput(floatValue('e', ['rows', 1, c]))
    const x = editor.add('Add', [editor.addInput(floatValue('x', ['rows', n, c])), e], 'first')
    const between = addLayer(editor, 'C: dynamo', sizes, weights, addLayer(editor, 'A: diffusers', sizes, weights, x))
    const embedded = editor.add('Add', [editor.add('Neg', [between], 'negative'), e], 'embedded')
    editor.addOutput(addLayer(editor, 'C: dynamo', sizes, weights, embedded), floatValue('y', ['rows', n, c]))
    const layers = insertControls(editor.model, {
      rows: 'dynamic',
      features: [],
      map: null,
      form: 'fused',
      grids: [sizes, sizes, sizes],
    })
    expect(layers.map(({ skippable }) => skippable)).toEqual(Array(3).fill({ attention: true, block: false }))
  })
})

describe.each(['tiny', 'avatars'])('the shipped graph of %s', (id) => {
  it('has both residuals in every layer, and the branches are the two convolutions and the attention', () => {
    const editor = new GraphEditor(
      parseModel(readFileSync(new URL(`../../../models/${id}/graph.onnx`, import.meta.url))),
    )
    const { self, cross } = findAttention(editor)
    const residuals = findResiduals(editor, self, cross)
    expect(residuals).toHaveLength(7)
    /** Operators on the way back from a tensor while there is one way. */
    const behind = (tensor: string): NodeProto[] => {
      const node = editor.producer(tensor)
      return node
        ? [
            node,
            ...(['Conv', 'Reshape', 'Transpose', 'Add', 'MatMul'].includes(node.opType) ? behind(node.input[0]!) : []),
          ]
        : []
    }
    for (const { attention, block, convolution } of residuals) {
      // Dropout acts on what enters a block's second convolution.
      expect(convolution!.node.output[0]).toBe(block!.add.input[block!.branch])
      expect(convolution!.channels % 8).toBe(0)
      expect(attention!.rank).toBe(4)
      expect(block!.rank).toBe(4)
      const branch = attention!.add.input[attention!.branch]!
      expect(behind(branch).some(({ opType }) => opType === 'Softmax' || opType === 'MatMul')).toBe(true)
      // A block ends in a convolution after its activation; its shortcut never does.
      expect(behind(block!.add.input[block!.branch]!).map(({ opType }) => opType)).toEqual(['Conv', 'Mul'])
      // The attention reads what the block gives.
      expect(attention!.add.input[1 - attention!.branch]).toBe(block!.add.output[0])
    }
    expect(new Set(residuals.flatMap(({ attention, block }) => [attention!.add, block!.add])).size).toBe(14)
  })
})
