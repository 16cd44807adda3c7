/** What can be left out round an attention of anybody's graph: found as its author wrote it, proved on the graph, or refused with the reason. */
import { clone, create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema } from 'onnx-buf'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { openGraph } from '../../../src/engine/open-graph'
import { GraphEditor } from '../../../src/network/editor'
import { proveLayers } from '../../../src/network/handles/prove-layers'
import type { Branches } from '../../../src/network/left-out'
import { findMaps } from '../../../src/network/maps/find'
import { plain } from '../../../src/network/maps/trial'
import { guidable, type Feeds, type MapLayer, type OpenGraph } from '../../../src/network/maps/types'
import { createNode, floatTensor, floatValue, intTensor, type ModelProto } from '../../../src/network/onnx'
import { numbers } from './graphs'

const open = openGraph({ InferenceSession, Tensor }, null, { intraOpNumThreads: 1, logSeverityLevel: 3 })
const [c, h, w] = [4, 3, 4]

/** Tokens [rows, h · w, c] of an image x [rows, c, h, w], and what networks do with them. */
class Net {
  readonly e = new GraphEditor(
    create(ModelProtoSchema, {
      irVersion: 10n,
      opsetImport: [
        create(OperatorSetIdProtoSchema, { domain: '', version: 17n }),
        create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }),
      ],
      graph: create(GraphProtoSchema, { name: 'test' }),
    }),
  )
  readonly x = this.e.addInput(floatValue('x', ['rows', c, h, w]))
  #seed = 0

  add(op: string, inputs: readonly string[], base: string, attributes = {}): string {
    return this.e.add(op, inputs, base, { attributes })
  }

  floats(dims: readonly number[]): string {
    const count = dims.reduce((a, b) => a * b, 1)
    return this.e.addInitializer(floatTensor('weights', dims, numbers(count, 500 + ++this.#seed)))
  }

  ints(values: readonly number[]): string {
    return this.e.addInitializer(intTensor('numbers', [values.length], values))
  }

  tokens(image: string): string {
    const flat = this.add('Reshape', [image, this.ints([0, c, h * w])], 'flat')
    return this.add('Transpose', [flat], 'tokens', { perm: { ints: [0, 2, 1] } })
  }

  image(tokens: string): string {
    const flat = this.add('Transpose', [tokens], 'turned', { perm: { ints: [0, 2, 1] } })
    return this.add('Reshape', [flat, this.ints([0, c, h, w])], 'image')
  }

  linear(tensor: string, to = c, from = c): string {
    return this.add('MatMul', [tensor, this.floats([from, to])], 'linear')
  }

  conv(image: string, size = 3): string {
    const pads = Array<number>(4).fill((size - 1) / 2)
    return this.add('Conv', [image, this.floats([c, c, size, size])], 'conv', { pads: { ints: pads } })
  }

  relu(tensor: string): string {
    return this.add('Relu', [tensor], 'relu')
  }

  sum(a: string, b: string, name: string): string {
    return this.add('Add', [a, b], name)
  }

  /** softmax(Q Kᵀ) V with one head. */
  attention(tokens: string, context = tokens): string {
    const turned = this.add('Transpose', [this.linear(context)], 'keys', { perm: { ints: [0, 2, 1] } })
    const scores = this.add('MatMul', [this.linear(tokens), turned], 'scores')
    const map = this.add('Softmax', [scores], 'map', { axis: { int: -1 } })
    return this.add('MatMul', [map, this.linear(context)], 'attended')
  }

  norm(tokens: string): string {
    return this.add('LayerNormalization', [tokens, this.floats([c]), this.floats([c])], 'norm', { axis: { int: -1 } })
  }

  feedForward(tokens: string): string {
    return this.linear(this.relu(this.linear(tokens, 2 * c)), c, 2 * c)
  }

  /** h + conv(relu(conv(h))). */
  residual(image: string, name: string): string {
    return this.sum(image, this.conv(this.relu(this.conv(image))), name)
  }

  end(image: string): ModelProto {
    this.e.addOutput(image, floatValue('y', ['rows', c, h, w]))
    return this.e.model
  }
}

interface Wanted {
  readonly attention: readonly string[] | RegExp
  readonly block: readonly string[] | RegExp
  readonly dropped?: number
}

/** Networks and what their author says of each of their attentions. */
const NETS: Readonly<Record<string, { readonly layers: readonly Wanted[]; readonly build: (net: Net) => ModelProto }>> =
  {
    'a transformer of two blocks': {
      layers: [
        { attention: ['first'], block: ['first_ff'] },
        { attention: ['second'], block: ['second_ff'] },
      ],
      build(net) {
        const tokens = net.tokens(net.x)
        const first = net.sum(tokens, net.linear(net.attention(net.norm(tokens))), 'first')
        const middle = net.sum(first, net.feedForward(net.norm(first)), 'first_ff')
        const second = net.sum(net.linear(net.attention(net.norm(middle))), middle, 'second')
        return net.end(net.image(net.sum(net.feedForward(net.norm(second)), second, 'second_ff')))
      },
    },
    'norms that come last': {
      layers: [{ attention: ['first'], block: ['first_ff'] }],
      build(net) {
        const tokens = net.tokens(net.x)
        const normed = net.norm(net.sum(net.attention(tokens), tokens, 'first'))
        return net.end(net.image(net.norm(net.sum(net.feedForward(normed), normed, 'first_ff'))))
      },
    },
    'sums inside the optimiser’s norms': {
      layers: [{ attention: ['normed/sum'], block: ['ended/sum'] }],
      build(net) {
        const tokens = net.tokens(net.x)
        const skip = (input: string, shortcut: string, name: string, outputs: readonly string[]) => {
          const inputs = [input, shortcut, net.floats([c]), net.floats([c]), net.floats([c])]
          net.e.graph.node.push(
            createNode('SkipLayerNormalization', inputs, outputs, { domain: 'com.microsoft', name }),
          )
          return name
        }
        skip(net.attention(net.norm(tokens)), tokens, 'normed', ['normed', '', '', 'kept'])
        const ended = skip(net.feedForward('normed'), 'kept', 'ended', ['ended'])
        return net.end(net.image(ended))
      },
    },
    'attention to a text, too': {
      layers: [{ attention: ['first'], block: ['crossed', 'first_ff'] }],
      build(net) {
        const text = net.e.addInput(floatValue('text', ['rows', 5, c]))
        const tokens = net.tokens(net.x)
        const first = net.sum(net.attention(net.norm(tokens)), tokens, 'first')
        const crossed = net.sum(net.attention(net.norm(first), text), first, 'crossed')
        return net.end(net.image(net.sum(net.feedForward(net.norm(crossed)), crossed, 'first_ff')))
      },
    },
    'a feed-forward beside the attention': {
      layers: [
        { attention: /^the addition both is of the attention and of something beside it together$/, block: ['both'] },
      ],
      build(net) {
        const tokens = net.tokens(net.x)
        const normed = net.norm(tokens)
        const beside = net.add('Concat', [net.attention(normed), net.relu(net.linear(normed))], 'beside', {
          axis: { int: -1 },
        })
        return net.end(net.image(net.sum(tokens, net.linear(beside, c, 2 * c), 'both')))
      },
    },
    'a residual block before it': {
      layers: [{ attention: ['attended_image'], block: ['block'], dropped: c }],
      build(net) {
        const block = net.residual(net.conv(net.x), 'block')
        const result = net.image(net.linear(net.attention(net.tokens(block))))
        return net.end(net.residual(net.sum(result, block, 'attended_image'), 'later'))
      },
    },
    'the long way of a U-Net is no block': {
      layers: [
        { attention: ['inner'], block: /^no residual block is in front of/ },
        { attention: ['outer'], block: /^no residual block is in front of/ },
      ],
      build(net) {
        const start = net.conv(net.x)
        const down = net.relu(net.conv(start))
        const inner = net.sum(down, net.image(net.attention(net.tokens(down))), 'inner')
        const joined = net.sum(start, net.conv(inner), 'joined')
        return net.end(net.sum(joined, net.image(net.attention(net.tokens(joined))), 'outer'))
      },
    },
    'no addition': {
      layers: [
        { attention: /gets to the output without an addition round it$/, block: /without an addition round it$/ },
      ],
      build: (net) => net.end(net.image(net.attention(net.tokens(net.x)))),
    },
    'an addition round more': {
      layers: [
        {
          attention: /^the addition far leads round more than the attention: conv/,
          block: /^the addition far leads round more/,
        },
      ],
      build: (net) => net.end(net.sum(net.x, net.image(net.attention(net.tokens(net.conv(net.x)))), 'far')),
    },
    'an addition to something else': {
      layers: [
        {
          attention: /^the addition far is to something else than the attention is computed from$/,
          block: /^the addition far is to/,
        },
      ],
      build(net) {
        const aside = net.conv(net.x)
        return net.end(net.sum(aside, net.image(net.attention(net.tokens(net.x))), 'far'))
      },
    },
    'an addition to what came long before': {
      layers: [
        { attention: ['inner'], block: /^no residual block is in front of/ },
        { attention: /^the addition far is to something else/, block: /^the addition far is to something else/ },
      ],
      build(net) {
        const start = net.tokens(net.x)
        const inner = net.relu(start)
        const sum = net.sum(inner, net.attention(inner), 'inner')
        return net.end(net.image(net.sum(start, net.attention(sum), 'far')))
      },
    },
    'two attentions in one branch': {
      layers: [
        { attention: /^the addition both leads round another attention, too: map_1$/, block: /another attention/ },
        { attention: /^the addition both leads round another attention, too: map$/, block: /another attention/ },
      ],
      build(net) {
        const tokens = net.tokens(net.x)
        return net.end(net.image(net.sum(tokens, net.attention(net.attention(tokens)), 'both')))
      },
    },
  }

const feedsOf =
  (model: ModelProto) =>
  (rows: number): Feeds =>
    Object.fromEntries(
      model.graph!.input.map(({ name }, i) => {
        const dims = name === 'x' ? [rows, c, h, w] : [rows, 5, c]
        const data = numbers(
          dims.reduce((a, b) => a * b, 1),
          40 + i,
        )
        return [name, { type: 'float32', dims, data }]
      }),
    )

function expectBranches(found: Branches, wanted: readonly string[] | RegExp): void {
  if (wanted instanceof RegExp) expect(found).toMatchObject({ kind: 'refused', reason: expect.stringMatching(wanted) })
  else expect(found.kind === 'found' ? found.additions.map(({ sum }) => sum) : found).toEqual(wanted)
}

describe.each(Object.entries(NETS))('%s', (_, { build, layers: wanted }) => {
  it('is left out as its author wrote it, which is proved', async () => {
    const original = build(new Net())
    const model = clone(ModelProtoSchema, original)
    const feeds = feedsOf(original)
    const { layers, closed } = await findMaps({ model, open, feeds, batch: null, sample: 'x' })
    expect(closed).toEqual([])
    const guided = layers.filter(guidable)
    expect(guided).toHaveLength(wanted.length)
    for (const [i, { branches }] of guided.entries()) {
      expectBranches(branches.attention, wanted[i]!.attention)
      expectBranches(branches.block, wanted[i]!.block)
      expect(branches.convolution?.channels).toBe(wanted[i]!.dropped)
    }
    const ask = { original, model, layers, open, feeds, batch: null, output: 'y' }
    const proved = await proveLayers(ask, await plain(ask))
    for (const [i, handles] of proved.entries()) {
      expect(handles.tokens.kind).toBe('proved')
      expect(handles.dropout).toMatchObject(
        wanted[i]!.dropped ? { kind: 'proved' } : { kind: 'refused', reason: expect.stringContaining('no place') },
      )
      for (const key of ['attention', 'block'] as const)
        expect(handles[key].kind, key).toBe(wanted[i]![key] instanceof RegExp ? 'refused' : 'proved')
    }
  })
})

it('a layer whose branch the graph does not have is refused, and stops no other', async () => {
  const original = NETS['a transformer of two blocks']!.build(new Net())
  const model = clone(ModelProtoSchema, original)
  const feeds = feedsOf(original)
  const { layers } = await findMaps({ model, open, feeds, batch: null, sample: 'x' })
  const wrong = layers.map((layer, i): MapLayer => {
    const { attention } = layer.branches
    if (i > 0 || attention.kind === 'refused') return layer
    const additions = attention.additions.map((addition) => ({ ...addition, sum: 'gone' }))
    return { ...layer, branches: { ...layer.branches, attention: { kind: 'found', additions } } }
  })
  const ask = { original, model, layers: wrong, open, feeds, batch: null, output: 'y' }
  const [first, second] = await proveLayers(ask, await plain(ask))
  expect(first).toMatchObject({
    attention: { kind: 'refused', reason: 'the graph has no tensor gone' },
    block: { kind: 'refused' },
    tokens: { kind: 'refused' },
  })
  expect(second).toMatchObject({ attention: { kind: 'proved' }, block: { kind: 'proved' }, tokens: { kind: 'proved' } })
})

it('what is not as the other way makes it fails its proof', async () => {
  const original = NETS['a transformer of two blocks']!.build(new Net())
  const model = clone(ModelProtoSchema, original)
  const feeds = feedsOf(original)
  const { layers } = await findMaps({ model, open, feeds, batch: null, sample: 'x' })
  /** The graphs of the other way give a little more. */
  const off: OpenGraph = async (graph) => {
    const session = await open(graph)
    const other = graph.graph!.input.some(({ name }) => name.startsWith('proof_'))
    const run = async (given: Feeds) => {
      const { y } = await session.run(given)
      if (!other || y?.type !== 'float32') return { y: y! }
      return { y: { ...y, data: y.data.map((value) => 1.01 * value) } }
    }
    return { run, release: () => session.release() }
  }
  const ask = { original, model, layers, open: off, feeds, batch: null, output: 'y' }
  for (const { dropout: _, ...handles } of await proveLayers(ask, await plain(ask)))
    for (const one of Object.values(handles))
      expect(one).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(/^the output is off by .* % of its deviation$/),
      })
})
