/** The embedding of the noise level in graphs that are hard to read: found where the author has it, proved, or refused with the reason. */
import { create } from '@bufbuild/protobuf'
import { AttributeProtoSchema, AttributeProto_AttributeType, GraphProtoSchema } from 'onnx-buf'
import { readFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { openGraph } from '../../../src/engine/open-graph'
import { GraphEditor } from '../../../src/network/editor'
import { findEmbedding } from '../../../src/network/handles/embedding'
import { insertHandles } from '../../../src/network/handles/insert'
import { proveEmbedding } from '../../../src/network/handles/prove'
import { EMBEDDING_OFFSET, type EmbeddingHandle, type HandleSearch } from '../../../src/network/handles/types'
import { measured } from '../../../src/network/maps/measure'
import { plain } from '../../../src/network/maps/trial'
import type { Feeds, GraphTensor } from '../../../src/network/maps/types'
import { createNode, floatTensor, floatValue, intTensor, parseModel, type ModelProto } from '../../../src/network/onnx'
import { attachWeights, readWeights } from '../../../src/network/weights'
import { emptyModel, numbers } from './graphs'

const open = openGraph({ InferenceSession, Tensor }, null, { intraOpNumThreads: 1, logSeverityLevel: 3 })
const [c, h, w, d] = [3, 4, 5, 6]

/** A network under construction: x [rows, c, h, w] and t [rows]; an embedding of width d. */
class Net {
  readonly e = emptyModel()
  readonly x = this.e.addInput(floatValue('x', ['rows', c, h, w]))
  #seed = 0

  /** `offset`: what the author adds to the embedding. */
  constructor(readonly offset: Float32Array | null) {}

  add(op: string, inputs: readonly string[], base: string, attributes = {}): string {
    return this.e.add(op, inputs, base, { attributes })
  }

  floats(dims: readonly number[], seed = ++this.#seed): string {
    const count = dims.reduce((a, b) => a * b, 1)
    return this.e.addInitializer(floatTensor('weights', dims, numbers(count, 900 + seed)))
  }

  ints(values: readonly number[]): string {
    return this.e.addInitializer(intTensor('numbers', [values.length], values))
  }

  level(dims: readonly (number | string)[] = ['rows']): string {
    return this.e.addInput(floatValue('t', dims))
  }

  linear(tensor: string, from: number, to: number, seed?: number): string {
    return this.add('Gemm', [tensor, this.floats([from, to], seed), this.floats([to], seed)], 'linear')
  }

  silu(tensor: string): string {
    return this.add('Mul', [tensor, this.add('Sigmoid', [tensor], 'sigmoid')], 'silu')
  }

  waves(t: string): string {
    const turns = this.add(
      'Mul',
      [this.add('Reshape', [t, this.ints([-1, 1])], 'column'), this.floats([1, d / 2])],
      'turns',
    )
    return this.add('Concat', [this.add('Sin', [turns], 'sin'), this.add('Cos', [turns], 'cos')], 'waves', {
      axis: { int: 1 },
    })
  }

  /** The author's embedding, with the author's offset. */
  told(embedding: string): string {
    if (!this.offset) return embedding
    return this.add(
      'Add',
      [embedding, this.e.addInitializer(floatTensor('own_offset', [1, this.offset.length], this.offset))],
      'told',
    )
  }

  mlp(t: string, seed?: number): string {
    return this.linear(this.silu(this.linear(this.waves(t), d, d, seed)), d, d, seed && seed + 1)
  }

  asImage(vector: string): string {
    return this.add('Unsqueeze', [vector, this.ints([2, 3])], 'as_image')
  }

  conv(image: string, from = c, to = c): string {
    return this.add('Conv', [image, this.floats([to, from, 1, 1])], 'conv')
  }

  /** h + conv(silu(conv(h) + linear(silu(embedding)))). */
  block(image: string, embedding: string): string {
    const shift = this.asImage(this.linear(this.silu(embedding), d, c))
    const branch = this.conv(this.silu(this.add('Add', [this.conv(image), shift], 'shifted')))
    return this.add('Add', [image, branch], 'block')
  }

  end(image: string): ModelProto {
    this.e.addOutput(image, floatValue('y', ['rows', c, h, w]))
    return this.e.model
  }
}

/** Forms whose embedding there is. `copies`: how many tensors hold it; `width`: d where nothing is said. */
const FOUND: Readonly<
  Record<string, { readonly copies?: number; readonly width?: number; readonly build: (net: Net) => ModelProto }>
> = {
  'used twice': {
    build(net) {
      const embedding = net.told(net.mlp(net.level()))
      return net.end(net.block(net.block(net.x, embedding), embedding))
    },
  },
  'activated once': {
    build(net) {
      const active = net.silu(net.told(net.mlp(net.level())))
      const shift = () => net.asImage(net.linear(active, d, c))
      return net.end(net.add('Mul', [net.add('Add', [net.x, shift()], 'moved'), shift()], 'scaled'))
    },
  },
  'computed again for each block': {
    copies: 2,
    build(net) {
      const t = net.level()
      const own = () => {
        const turns = net.add(
          'Mul',
          [net.add('Reshape', [t, net.ints([-1, 1])], 'column'), net.floats([1, d], 77)],
          'turns',
        )
        return net.told(net.linear(net.silu(net.linear(net.add('Cos', [turns], 'cos'), d, d, 50)), d, d, 51))
      }
      return net.end(net.block(net.block(net.x, own()), own()))
    },
  },
  'a layer of its own for each block': {
    build(net) {
      const waves = net.told(net.waves(net.level()))
      const own = () => net.linear(net.silu(net.linear(waves, d, d)), d, d)
      return net.end(net.block(net.block(net.x, own()), own()))
    },
  },
  'class added': {
    build(net) {
      const label = net.linear(net.e.addInput(floatValue('label', ['rows', 2])), 2, d)
      const embedding = net.add('Add', [net.told(net.mlp(net.level())), label], 'both')
      return net.end(net.block(net.block(net.x, embedding), embedding))
    },
  },
  'class behind it': {
    build(net) {
      const label = net.e.addInput(floatValue('label', ['rows', 2]))
      const both = net.add('Concat', [net.told(net.mlp(net.level())), label], 'both', { axis: { int: 1 } })
      return net.end(net.block(net.x, net.linear(both, d + 2, d)))
    },
  },
  'one layer for the modulations of all': {
    build(net) {
      const all = net.linear(net.silu(net.told(net.mlp(net.level()))), d, 2 * c)
      const [first, second] = ['shift_first', 'shift_second']
      net.e.graph.node.push(
        createNode('Split', [all, net.ints([c, c])], [first, second], { attributes: { axis: { int: 1 } } }),
      )
      const moved = net.silu(net.add('Add', [net.conv(net.x), net.asImage(first)], 'moved'))
      return net.end(net.add('Add', [net.conv(moved), net.asImage(second)], 'moved'))
    },
  },
  'with the preconditioning in the graph': {
    build(net) {
      const t = net.level()
      const factor = net.add(
        'Reshape',
        [net.add('Exp', [net.add('Neg', [t], 'less')], 'factor'), net.ints([-1, 1, 1, 1])],
        'factor',
      )
      const scaled = net.add('Mul', [net.x, factor], 'scaled_x')
      const embedding = net.told(net.mlp(t))
      const inside = net.block(net.block(scaled, embedding), embedding)
      return net.end(
        net.add('Add', [net.add('Mul', [net.x, factor], 'skip'), net.add('Div', [inside, factor], 'out')], 'denoised'),
      )
    },
  },
  'one level for the batch': {
    build(net) {
      const embedding = net.told(net.mlp(net.level([1])))
      return net.end(net.block(net.block(net.x, embedding), embedding))
    },
  },
  'a token of its own': {
    width: c,
    build(net) {
      const tokens = net.add('Reshape', [net.x, net.ints([0, c, h * w])], 'tokens')
      const time = net.add('Unsqueeze', [net.told(net.linear(net.mlp(net.level()), d, c)), net.ints([2])], 'time')
      const all = net.add('Concat', [time, tokens], 'all', { axis: { int: 2 } })
      const mixed = net.add('MatMul', [all, net.floats([h * w + 1, h * w])], 'mixed')
      return net.end(net.add('Reshape', [mixed, net.ints([0, c, h, w])], 'image'))
    },
  },
}

/** A graph inside a node, which reads a tensor of the one around it. */
const inner = (name: string, op: string, reads: string, dims: readonly (number | string)[]) =>
  create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.GRAPH,
    g: create(GraphProtoSchema, {
      name,
      node: [createNode(op, [reads], [`${name}_out`])],
      output: [floatValue(`${name}_out`, dims)],
    }),
  })

/** Forms without an embedding, and why. */
const REFUSED: Readonly<Record<string, { readonly reason: RegExp; readonly build: (net: Net) => ModelProto }>> = {
  'told nothing': { reason: /^the network is told no noise level$/, build: (net) => net.end(net.conv(net.x)) },
  'told what it does not use': {
    reason: /^the output is not computed from t$/,
    build(net) {
      net.level()
      return net.end(net.conv(net.x))
    },
  },
  'a channel of the image': {
    reason: /as a map, not as an embedding, at beside$/,
    build(net) {
      const column = net.add('Reshape', [net.level(), net.ints([-1, 1, 1, 1])], 'column')
      const map = net.add('Expand', [column, net.ints([1, 1, h, w])], 'map')
      return net.end(net.conv(net.add('Concat', [net.x, map], 'beside', { axis: { int: 1 } }), c + 1))
    },
  },
  'a channel of the image beside an embedding': {
    reason: /^t has several embeddings: .* at beside/,
    build(net) {
      const t = net.level()
      const column = net.add('Reshape', [t, net.ints([-1, 1, 1, 1])], 'column')
      const map = net.add('Expand', [column, net.ints([1, 1, h, w])], 'map')
      const image = net.conv(net.add('Concat', [net.x, map], 'beside', { axis: { int: 1 } }), c + 1)
      return net.end(net.block(image, net.mlp(t)))
    },
  },
  'two embeddings': {
    reason: /^t has several embeddings/,
    build(net) {
      const t = net.level()
      const other = net.add(
        'Add',
        [net.mlp(net.add('Log', [net.add('Exp', [t], 'exp')], 'log')), net.floats([d])],
        'other',
      )
      return net.end(net.block(net.block(net.x, net.mlp(t)), other))
    },
  },
  'a number added to the image': {
    reason: /as a number, not as an embedding, at plus$/,
    build(net) {
      const column = net.add('Reshape', [net.level(), net.ints([-1, 1, 1, 1])], 'column')
      return net.end(net.conv(net.add('Add', [net.x, column], 'plus')))
    },
  },
  'a factor only': {
    reason: /^t only scales the image, the first time at scaled$/,
    build(net) {
      const column = net.add('Reshape', [net.level(), net.ints([-1, 1, 1, 1])], 'column')
      return net.end(net.conv(net.add('Mul', [net.x, column], 'scaled')))
    },
  },
  'a choice between two images': {
    reason: /^t gets into the image as a number, not as an embedding, at chosen$/,
    build(net) {
      const image = (name: string, op: string) => inner(name, op, net.x, ['rows', c, h, w])
      const first = net.add('ReduceMax', [net.level()], 'first', { keepdims: { int: 0 } })
      const node = createNode('If', [net.add('Less', [first, net.floats([])], 'low')], ['chosen'], { name: 'chosen' })
      node.attribute.push(image('then_branch', 'Sin'), image('else_branch', 'Cos'))
      net.e.graph.node.push(node)
      return net.end(net.conv('chosen'))
    },
  },
  'read inside a branch': {
    reason: /^t is read by a graph inside chosen$/,
    build(net) {
      const embedding = net.mlp(net.level())
      const condition = net.add(
        'Less',
        [net.add('ReduceMax', [net.x], 'most', { keepdims: { int: 0 } }), net.floats([])],
        'low',
      )
      const node = createNode('If', [condition], ['chosen'], { name: 'chosen' })
      node.attribute.push(
        inner('then_branch', 'Sin', embedding, ['rows', d]),
        inner('else_branch', 'Cos', embedding, ['rows', d]),
      )
      net.e.graph.node.push(node)
      return net.end(net.block(net.x, net.add('Identity', ['chosen'], 'taken')))
    },
  },
}

const rowsOf = (model: ModelProto, rows: number): Feeds =>
  Object.fromEntries(
    model.graph!.input.map((input, i): [string, GraphTensor] => {
      const shape = input.type?.value.case === 'tensorType' ? input.type.value.value.shape!.dim : []
      const dims = shape.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : rows))
      const each = dims.reduce((a, b) => a * b, 1)
      const data = input.name === EMBEDDING_OFFSET ? new Float32Array(each) : numbers(each, i + 1)
      return [input.name, { type: 'float32', dims, data }]
    }),
  )

const searchOf = (model: ModelProto): HandleSearch => ({
  model,
  original: model,
  open,
  feeds: (rows) => rowsOf(model, rows),
  batch: null,
  noise: model.graph!.input.some(({ name }) => name === 't') ? 't' : null,
  output: 'y',
  weights: null,
})

const plainOf = (search: HandleSearch) => plain({ ...search, layers: [], most: 2 })

async function found(model: ModelProto, search: HandleSearch = searchOf(model)): Promise<EmbeddingHandle> {
  return proveEmbedding(
    search,
    await plainOf(search),
    findEmbedding(new GraphEditor(model), await measured(search), search),
  )
}

async function run(model: ModelProto, feeds: Feeds, output = 'y'): Promise<Float32Array> {
  const session = await open(model)
  const { [output]: tensor } = await session.run(feeds)
  await session.release()
  if (tensor?.type !== 'float32') throw new Error(`no ${output}`)
  return tensor.data
}

function apart(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

describe.each(Object.entries(FOUND))('an embedding %s', (_, { build, copies = 1, width = d }) => {
  it('is found where its author adds to it', async () => {
    const offset = numbers(width, 5)
    const model = build(new Net(null))
    const handle = await found(model)
    expect(handle).toMatchObject({ kind: 'found', width })
    if (handle.kind !== 'found') return
    expect(handle.tensors).toHaveLength(copies)
    const plain = await run(model, rowsOf(model, 2))
    const controlled = build(new Net(null))
    insertHandles(controlled, { embedding: handle }, { rows: 'dynamic' })
    const told = (data: Float32Array): Feeds => ({
      ...rowsOf(model, 2),
      [EMBEDDING_OFFSET]: { type: 'float32', dims: [2, width], data },
    })
    // Nothing added is nothing changed, to the bit; what is added to one row is what the author would have added.
    expect(await run(controlled, told(new Float32Array(2 * width)))).toEqual(plain)
    const own = await run(build(new Net(offset)), rowsOf(model, 2))
    const changed = await run(controlled, told(Float32Array.from([...new Float32Array(width), ...offset])))
    const each = changed.length / 2
    expect(changed.subarray(0, each)).toEqual(plain.subarray(0, each))
    expect(apart(changed.subarray(each), own.subarray(each))).toBeLessThan(1e-5)
    expect(apart(changed.subarray(each), plain.subarray(each))).toBeGreaterThan(1e-2)
  })
})

it.each(Object.entries(REFUSED))('a network is refused: %s', async (_, { build, reason }) => {
  const handle = await found(build(new Net(null)))
  expect(handle).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) })
})

describe('a proof', () => {
  it('refuses an embedding that nothing comes of', async () => {
    const net = new Net(null)
    const none = net.e.addInitializer(floatTensor('none', [], [0]))
    const embedding = net.mlp(net.level())
    const lost = net.add('Mul', [net.block(net.block(net.x, embedding), embedding), none], 'lost')
    const handle = await found(net.end(net.add('Add', [net.x, lost], 'kept')))
    expect(handle).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('it changes nothing in the output'),
    })
  })

  it('refuses what the graph can’t do', async () => {
    const model = FOUND['used twice']!.build(new Net(null))
    const claimed = { kind: 'found', tensors: ['x'], dims: [1, d], width: d } as const
    const handle = await proveEmbedding(searchOf(model), await plainOf(searchOf(model)), claimed)
    expect(handle).toMatchObject({ kind: 'refused', reason: expect.stringContaining('fails its proof') })
  })
})

it('the networks that are shipped have their own, and without it an offset is found to do the same', async () => {
  const folder = `${import.meta.dirname}/../../../models/tiny`
  const [bytes, weights] = [readFileSync(`${folder}/graph.onnx`), readFileSync(`${folder}/weights.fp16.bin`)]
  const shipped = () => {
    const model = parseModel(bytes)
    attachWeights(model, readWeights(model, weights), 'inline')
    return model
  }
  const search = (model: ModelProto) => ({ ...searchOf(model), noise: 'noise_level', output: 'prediction' })
  const bare = shipped()
  const editor = new GraphEditor(bare)
  const adder = editor.consumers(EMBEDDING_OFFSET)[0]!
  editor.replace(
    adder,
    adder.input.find((name) => name !== EMBEDDING_OFFSET)!,
  )
  bare.graph!.input = bare.graph!.input.filter(({ name }) => name !== EMBEDDING_OFFSET)
  editor.finish()
  const handle = await found(bare, search(bare))
  expect(await found(shipped(), search(shipped()))).toEqual({ kind: 'own' })
  if (handle.kind !== 'found') throw new Error(handle.kind)
  const own = shipped().graph!.input.find(({ name }) => name === EMBEDDING_OFFSET)!
  insertHandles(bare, { embedding: handle }, { rows: 'dynamic' })
  expect(bare.graph!.input.find(({ name }) => name === EMBEDDING_OFFSET)).toEqual(own)
  const dims = [2, handle.width]
  const feeds: Feeds = {
    ...rowsOf(bare, 2),
    [EMBEDDING_OFFSET]: { type: 'float32', dims, data: numbers(2 * handle.width, 9) },
  }
  const theirs = await run(shipped(), feeds, 'prediction')
  expect(apart(await run(bare, feeds, 'prediction'), theirs)).toBeLessThan(1e-5)
  expect(apart(await run(bare, rowsOf(bare, 2), 'prediction'), theirs)).toBeGreaterThan(1e-2)
})
