/** Attention over a picture as strangers' networks have it: what is told of it is so, whether it can be guided or not. */
import { create } from '@bufbuild/protobuf'
import { TensorProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import type { GraphEditor } from '../../../src/network/editor'
import { proveMaps } from '../../../src/network/maps/prove'
import { guidable } from '../../../src/network/maps/types'
import { DataType, floatTensor, floatValue, intTensor } from '../../../src/network/onnx'
import { numbers } from './graphs'
import {
  c,
  height,
  n,
  plain,
  products,
  project,
  reshape,
  softmax,
  surveyed,
  told,
  transpose,
  verdicts,
  width,
} from './picture-graphs'

it('an image to go by that comes before the noisy one is not taken for it', async () => {
  const beside = (e: GraphEditor, x: string) => {
    const given = e.addInput(floatValue('given', ['rows', c, height, width]))
    const both = e.add('Concat', [given, x], 'both', { attributes: { axis: { int: 1 } } })
    const kernel = e.addInitializer(floatTensor('kernel', [c, 2 * c, 1, 1], numbers(2 * c * c, 7)))
    return e.add('Conv', [both, kernel], 'one', {})
  }
  const layers = await told(plain, beside)
  expect(layers.map(({ verdict, image }) => ({ verdict, image }))).toEqual([
    { verdict: { kind: 'ready' }, image: { start: 0, keyStart: 0, count: n, grid: { height, width } } },
  ])
})

it('the tokens of a line of a picture are no picture', async () => {
  const lines = (e: GraphEditor, pixels: string) => {
    const rows = reshape(e, pixels, [-1, height, width, c])
    const map = softmax(e, products(e, rows, [0, 1, 3, 2]))
    return reshape(e, e.add('MatMul', [map, rows], 'sums'), [-1, n, c])
  }
  expect(await verdicts(lines)).toEqual([
    { kind: 'not-understood', reason: expect.stringContaining('its 6 tokens lie along one axis of x alone') },
  ])
})

it('pixels in another order come from no parameters', async () => {
  const mixed = (e: GraphEditor, pixels: string) => {
    const order = e.addInitializer(
      intTensor(
        'order',
        [n],
        Array.from({ length: n }, (_, i) => (5 * i) % n),
      ),
    )
    return plain(e, e.add('Gather', [pixels, order], 'mixed', { attributes: { axis: { int: 1 } } }))
  }
  expect(await verdicts(mixed)).toEqual([
    { kind: 'not-understood', reason: `where its ${n} tokens come from can’t be followed` },
  ])
})

const perHead = (e: GraphEditor, tensor: string) => transpose(e, reshape(e, tensor, [-1, n, 2, c / 2]), [0, 2, 1, 3])
const scores = (e: GraphEditor, tokens: string) =>
  e.add(
    'MatMul',
    [perHead(e, project(e, tokens)), transpose(e, perHead(e, project(e, tokens)), [0, 1, 3, 2])],
    'products',
  )
const axis = (e: GraphEditor, at: number) => e.addInitializer(intTensor('axis', [1], [at]))

/** Scores as no finder of products follows them: what is between them and the softmax. */
const UNFOLLOWED: Record<string, (e: GraphEditor, tokens: string) => string> = {
  // Heads that talk to each other.
  Conv: (e, tokens) =>
    e.add('Conv', [scores(e, tokens), e.addInitializer(floatTensor('mix', [2, 2, 1, 1], numbers(4, 1)))], 'mixed'),
  // A key to look at that isn't there.
  Concat: (e, tokens) => {
    const sink = e.add('ReduceMax', [scores(e, tokens)], 'sink', { attributes: { axes: { ints: [-1] } } })
    return e.add('Concat', [scores(e, tokens), sink], 'more', { attributes: { axis: { int: -1 } } })
  },
  // Products written out.
  ReduceSum: (e, tokens) => {
    const [a, b] = [3, 2].map((at) => e.add('Unsqueeze', [perHead(e, project(e, tokens)), axis(e, at)], 'apart'))
    return e.add('ReduceSum', [e.add('Mul', [a!, b!], 'each'), axis(e, -1)], 'summed', {
      attributes: { keepdims: { int: 0 } },
    })
  },
}

it.each(Object.entries(UNFOLLOWED))('%s between scores and softmax is said', async (op, build) => {
  // What becomes of the map matters to nobody.
  const attend = (e: GraphEditor, pixels: string) => {
    const sum = e.add('ReduceSum', [softmax(e, build(e, pixels)), axis(e, -1)], 'summed')
    return e.add('Mul', [pixels, reshape(e, e.add('ReduceSum', [sum, axis(e, 1)], 'summed'), [-1, n, 1])], 'weighed')
  }
  const reason = `what lies between its queries and keys and its softmax, ${op}, is not followed`
  expect(await verdicts(attend)).toEqual([{ kind: 'not-understood', reason }])
})

it('a softmax over what was projected is over no queries and keys', async () => {
  const linear = (e: GraphEditor, pixels: string) => {
    const keys = softmax(e, transpose(e, project(e, pixels), [0, 2, 1]))
    return e.add('MatMul', [project(e, pixels), e.add('MatMul', [keys, pixels], 'context')], 'read')
  }
  expect(await verdicts(linear)).toEqual([{ kind: 'linear', reason: expect.stringContaining('no map of tokens') }])
})

describe('a softmax over the queries', () => {
  // The products lie as queries by keys, and the softmax is over the first of them.
  const turned = (e: GraphEditor, pixels: string) =>
    e.add('Softmax', [products(e, pixels, [0, 2, 1])], 'map', { attributes: { axis: { int: 1 } } })
  const normed = (e: GraphEditor, map: string) => {
    const sum = e.add('ReduceSum', [map, axis(e, -1)], 'sum', { attributes: { keepdims: { int: 1 } } })
    return e.add('Div', [map, sum], 'shares')
  }

  it('is no map, where values are summed over the keys', async () => {
    const slots = (e: GraphEditor, pixels: string) => e.add('MatMul', [normed(e, turned(e, pixels)), pixels], 'sums')
    expect(await verdicts(slots)).toEqual([
      {
        kind: 'not-understood',
        reason: 'its weights sum to 1 over the tokens that ask, not over those that are asked',
      },
    ])
  })

  it.each<readonly [string, (e: GraphEditor, map: string, pixels: string) => string]>([
    ['turned', (e, map, pixels) => e.add('MatMul', [transpose(e, map, [0, 2, 1]), pixels], 'sums')],
    [
      'by its letters',
      (e, map, pixels) =>
        e.add('Einsum', [map, pixels], 'sums', { attributes: { equation: { string: 'bji,bjc->bic' } } }),
    ],
    [
      'as the second factor',
      (e, map, pixels) => transpose(e, e.add('MatMul', [transpose(e, pixels, [0, 2, 1]), map], 'sums'), [0, 2, 1]),
    ],
    // Two hops.
    [
      'after its square',
      (e, map, pixels) => {
        const lying = transpose(e, map, [0, 2, 1])
        return e.add('MatMul', [lying, e.add('MatMul', [lying, pixels], 'near')], 'sums')
      },
    ],
  ])('is one, where keys come first and values are summed over them: %s', async (_, sums) => {
    expect(await verdicts((e, pixels) => sums(e, turned(e, pixels), pixels))).toEqual([{ kind: 'ready' }])
  })
})

it('tokens with a way back that can’t be followed are not taken for parameters', async () => {
  const strange = (e: GraphEditor, pixels: string) => {
    const lost = reshape(e, e.add('Trilu', [reshape(e, pixels, [-1, n, c])], 'lower'), [-1, n, c])
    const places = e.addInitializer(floatTensor('places', [n, c], numbers(n * c, 3)))
    return plain(e, e.add('Add', [lost, places], 'placed'))
  }
  expect(await verdicts(strange)).toEqual([
    { kind: 'not-understood', reason: `where its ${n} tokens come from can’t be followed` },
  ])
})

it('windows of places that lie apart are windows, not heads', async () => {
  const [down, across] = [height / 2, width / 2]
  const grid = (e: GraphEditor, pixels: string) => {
    // Each window has every second row and column.
    const cut = transpose(e, reshape(e, pixels, [-1, down, 2, across, 2, c]), [0, 2, 4, 1, 3, 5])
    const own = plain(e, reshape(e, cut, [-1, down * across, c]))
    const back = transpose(e, reshape(e, own, [-1, 2, 2, down, across, c]), [0, 3, 1, 4, 2, 5])
    return reshape(e, back, [-1, n, c])
  }
  expect((await told(grid)).map(({ heads, windows }) => ({ heads, windows }))).toEqual([{ heads: 1, windows: 4 }])
})

it('a softmax over whole numbers is told of', async () => {
  const whole = (e: GraphEditor, pixels: string) => {
    const scale = e.addInitializer(floatTensor('scale', [], [1 / 64]))
    const zero = e.addInitializer(
      create(TensorProtoSchema, { name: 'zero', dataType: DataType.UINT8, rawData: Uint8Array.of(128) }),
    )
    const scores = e.add('QuantizeLinear', [products(e, pixels, [0, 2, 1]), scale, zero], 'whole')
    const map = e.add('QLinearSoftmax', [scores, scale, zero, scale, zero], 'map', {
      domain: 'com.microsoft',
      attributes: { axis: { int: -1 }, opset: { int: 17 } },
    })
    return e.add('MatMul', [e.add('DequantizeLinear', [map, scale, zero], 'single'), pixels], 'sums')
  }
  expect((await surveyed(whole)).closed).toEqual([{ node: 'map', reason: 'it is QLinearSoftmax, which is not opened' }])
})

it('rows that are doubled within, and mixed by it, are said to hear of each other', async () => {
  const doubled = (e: GraphEditor, pixels: string) => {
    const two = e.add('Concat', [pixels, pixels], 'two', { attributes: { axis: { int: 0 } } })
    const whole = plain(e, two)
    const half = (start: string) => {
      const rows = e.add('Slice', [e.add('Shape', [pixels], 'lengths'), axis(e, 0), axis(e, 1)], 'rows')
      const twice = e.add('Add', [rows, rows], 'twice')
      const [from, to] = start === 'first' ? [axis(e, 0), rows] : [rows, twice]
      return e.add('Slice', [whole, from, to, axis(e, 0)], 'half')
    }
    return e.add('Add', [half('first'), half('second')], 'added')
  }
  const found = await surveyed(doubled)
  const proof = await proveMaps({ ...found, output: 'y' })
  const reason = 'the identity in place of its map in one row changes the row beside it, too'
  expect(proof.layers.map(({ verdict }) => verdict)).toEqual([{ kind: 'not-understood', reason }])
})

it('rows that an exporter wrote into the graph are those that it takes', async () => {
  const always = (e: GraphEditor, x: string) =>
    e.add('Expand', [x, e.addInitializer(intTensor('two', [4], [2, 1, 1, 1]))], 'two')
  const found = await surveyed(plain, always)
  expect(found.layers.map(({ verdict, heads }) => [verdict.kind, heads])).toEqual([['ready', 1]])
  const proof = await proveMaps({ ...found, output: 'y' })
  expect([proof.rows, proof.layers.filter(guidable).length]).toEqual([2, 1])
})
