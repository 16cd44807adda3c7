/** Tokens of a picture in another order than the picture's: what looks like rows and columns and is none is not taken for a grid. */
import { expect, it } from 'vitest'
import type { GraphEditor } from '../../../src/network/editor'
import { floatValue, intTensor } from '../../../src/network/onnx'
import { c, height, n, plain, project, reshape, softmax, told, transpose, verdicts, width } from './picture-graphs'

const ints = (e: GraphEditor, values: readonly number[], dims = [values.length]) =>
  e.addInitializer(intTensor('ints', dims, values))
/** Along an axis from start to end. */
const slice = (e: GraphEditor, tensor: string, axis: number, start: number, end: number, step = 1) =>
  e.add('Slice', [tensor, ...[start, end, axis, step].map((value) => ints(e, [value]))], 'slice')
const reversed = (e: GraphEditor, tensor: string, axis: number) => slice(e, tensor, axis, -1, -1000, -1)
const concat = (e: GraphEditor, parts: readonly string[], axis: number) =>
  e.add('Concat', parts, 'joined', { attributes: { axis: { int: axis } } })

const grid = { height, width }
const found = async (...of: Parameters<typeof told>) =>
  (await told(...of)).map(({ verdict, image }) => [verdict.kind, image?.grid ?? null])

/** Every second row comes from elsewhere. */
const interleaved = (e: GraphEditor, even: string, odd: string) => {
  const pair = (rows: string) => reshape(e, rows, [-1, c, height / 2, 1, width])
  return reshape(e, concat(e, [pair(even), pair(odd)], 3), [-1, c, height, width])
}
const rows = (e: GraphEditor, x: string, first: number) => slice(e, x, 2, first, height, 2)

it.each<readonly [string, (e: GraphEditor, x: string) => string]>([
  ['rows that go there and back', (e, x) => interleaved(e, rows(e, x, 0), reversed(e, rows(e, x, 1), 3))],
  ['every second row first', (e, x) => concat(e, [rows(e, x, 0), rows(e, x, 1)], 2)],
  [
    'the left half above the right one',
    (e, x) =>
      reshape(e, concat(e, [slice(e, x, 3, 0, width / 2), slice(e, x, 3, width / 2, width)], 2), [
        -1,
        c,
        height,
        width,
      ]),
  ],
  [
    'rows that are put back turned',
    (e, x) => {
      const whole = reshape(e, x, [1, -1, c, height, width])
      return reshape(e, e.add('ScatterND', [whole, ints(e, [0], [1, 1]), reversed(e, whole, 4)], 'put'), [
        -1,
        c,
        height,
        width,
      ])
    },
  ],
])('%s are in no order that is known', async (_, image) => {
  expect(await found(plain, image)).toEqual([['not-understood', null]])
})

it('a picture that is rolled is one', async () => {
  const roll = (e: GraphEditor, x: string) => concat(e, [slice(e, x, 3, 2, width), slice(e, x, 3, 0, 2)], 3)
  expect(await found(plain, roll)).toEqual([['ready', grid]])
})

it('keys that are counted backwards are not those of the queries', async () => {
  const [verdict] = await verdicts((e, pixels) => {
    const keys = project(e, reversed(e, pixels, 1))
    const map = softmax(e, e.add('MatMul', [project(e, pixels), transpose(e, keys, [0, 2, 1])], 'products'))
    return e.add('MatMul', [map, keys], 'sums')
  })
  expect(verdict?.kind).toBe('not-understood')
})

it('a picture with its channels last may be padded and cut', async () => {
  const resampled = (e: GraphEditor, x: string) => {
    const last = transpose(e, x, [0, 2, 3, 1])
    const wide = e.add('Pad', [last, ints(e, [0, 1, 1, 0, 0, 1, 1, 0])], 'padded')
    return transpose(e, slice(e, slice(e, wide, 1, 1, height + 1), 2, 1, width + 1), [0, 3, 1, 2])
  }
  expect(await found(plain, resampled)).toEqual([['ready', grid]])
})

it('places that turn the tokens are nearer, and tell nothing', async () => {
  const turned = (e: GraphEditor, pixels: string) => {
    const places = e.addInput(floatValue('places', ['rows', n, c]))
    return plain(e, e.add('Mul', [project(e, e.add('Relu', [pixels], 'relu')), places], 'turned'))
  }
  expect(await found(turned)).toEqual([['ready', grid]])
})

it('another picture’s tokens beside the picture’s own are as a text’s', async () => {
  const beside = (e: GraphEditor, pixels: string) => {
    const other = e.addInput(floatValue('reference', ['rows', c, height, width]))
    const tokens = transpose(e, reshape(e, other, [-1, c, n]), [0, 2, 1])
    return slice(e, plain(e, concat(e, [tokens, pixels], 1)), 1, n, 2 * n)
  }
  const layers = await told(beside)
  expect(layers.map(({ verdict, beside: what, image }) => [verdict.kind, what, image])).toEqual([
    ['joint', 'text', { start: n, keyStart: n, count: n, grid }],
  ])
})
