/** Tokens of a picture that look at themselves and at keys that nobody asks from: which are its own is known, or it is left alone. */
import { expect, it } from 'vitest'
import type { GraphEditor } from '../../../src/network/editor'
import { proveMaps } from '../../../src/network/maps/prove'
import { guidable } from '../../../src/network/maps/types'
import { floatTensor, floatValue } from '../../../src/network/onnx'
import { numbers } from './graphs'
import { c, height, n, project, reshape, softmax, surveyed, told, transpose, verdicts, width } from './picture-graphs'

const texts = 5
const joined = (e: GraphEditor, parts: readonly string[], axis = 1) =>
  e.add('Concat', parts, 'joined', { attributes: { axis: { int: axis } } })
const text = (e: GraphEditor) => project(e, e.addInput(floatValue('text', ['rows', texts, c])))

/** Queries of the picture over these keys, which are their values, too. */
const over = (e: GraphEditor, pixels: string, keys: string) =>
  e.add(
    'MatMul',
    [softmax(e, e.add('MatMul', [project(e, pixels), transpose(e, keys, [0, 2, 1])], 'products')), keys],
    'sums',
  )

const own = { start: 0, count: n, grid: { height, width } }

it.each([
  ['before', texts, (image: string, others: string) => [others, image]],
  ['behind', 0, (image: string, others: string) => [image, others]],
] as const)('a text’s keys %s the picture’s own are beside them', async (_, keyStart, order) => {
  const found = await surveyed((e, pixels) => over(e, pixels, joined(e, order(project(e, pixels), text(e)))))
  expect(found.layers.map(({ verdict, beside, image }) => ({ verdict, beside, image }))).toEqual([
    { verdict: { kind: 'joint' }, beside: 'text', image: { ...own, keyStart } },
  ])
  const proof = await proveMaps({ ...found, output: 'y' })
  expect(proof.layers.filter(guidable)).toHaveLength(1)
  expect(proof.proved.map(({ change, effect }) => [change, effect > 0.01])).toEqual([
    ['identity', true],
    ['blur', true],
  ])
})

it('heads behind the queries', async () => {
  const heads = 2
  const split = (e: GraphEditor, tensor: string, tokens: number) => reshape(e, tensor, [-1, tokens, heads, c / heads])
  const attend = (e: GraphEditor, pixels: string) => {
    const keys = split(e, joined(e, [text(e), project(e, pixels)]), n + texts)
    const einsum = (equation: string, ...inputs: readonly string[]) =>
      e.add('Einsum', inputs, 'einsum', { attributes: { equation: { string: equation } } })
    const map = softmax(e, einsum('bnhd,bmhd->bnhm', split(e, project(e, pixels), n), keys))
    return reshape(e, einsum('bnhm,bmhd->bnhd', map, keys), [-1, n, c])
  }
  const found = await surveyed(attend)
  expect(found.layers.map(({ heads: of, queries, keys, image }) => ({ of, queries, keys, image }))).toEqual([
    { of: heads, queries: n, keys: n + texts, image: { ...own, keyStart: texts } },
  ])
  expect((await proveMaps({ ...found, output: 'y' })).layers.filter(guidable)).toHaveLength(1)
})

it('keys that were learned are beside the picture’s own, and need no text', async () => {
  const learned = (e: GraphEditor, pixels: string) => {
    const ones = e.addInitializer(floatTensor('none', [1, 1, c], new Float32Array(c)))
    const tokens = e.addInitializer(floatTensor('memory', [1, 3, c], numbers(3 * c, 5)))
    const first = e.add('ReduceMean', [e.add('Mul', [pixels, ones], 'nothing')], 'nothing', {
      attributes: { axes: { ints: [1] } },
    })
    return over(e, pixels, joined(e, [project(e, pixels), e.add('Add', [tokens, first], 'memory')]))
  }
  expect((await told(learned)).map(({ verdict, beside, image }) => ({ verdict, beside, image }))).toEqual([
    { verdict: { kind: 'joint' }, beside: 'tokens', image: { ...own, keyStart: 0 } },
  ])
})

/** Keys in which the picture's own can't be told, with the reason. */
const REFUSED: Record<string, readonly [string, string, (e: GraphEditor, pixels: string) => readonly string[]]> = {
  'the picture twice': [
    'not-understood',
    'it has the image’s tokens more than once',
    (e, pixels) => [project(e, pixels), text(e), project(e, pixels)],
  ],
  'a coarser picture': [
    'cross',
    `its ${n} queries of the image look at ${n / 4} keys of it, which are not the same places`,
    (e, pixels) => {
      const picture = reshape(e, transpose(e, pixels, [0, 2, 1]), [-1, c, height, width])
      const coarse = e.add('AveragePool', [picture], 'coarse', {
        attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
      })
      return [transpose(e, reshape(e, coarse, [-1, c, n / 4]), [0, 2, 1]), text(e)]
    },
  ],
  'columns before rows': [
    'cross',
    `its ${n} queries of the image look at ${n} keys of it, which are not the same places`,
    (e, pixels) => [
      reshape(e, transpose(e, reshape(e, project(e, pixels), [-1, height, width, c]), [0, 2, 1, 3]), [-1, n, c]),
      text(e),
    ],
  ],
  'a way that is lost': [
    'not-understood',
    `its ${n} queries look at ${n + texts} keys, and where ${n} of them come from can’t be followed: the image’s own may be among them`,
    (e, pixels) => [reshape(e, e.add('Trilu', [reshape(e, pixels, [-1, n, c])], 'lower'), [-1, n, c]), text(e)],
  ],
  'a few that are lost': [
    'not-understood',
    'where 3 of its tokens come from can’t be followed',
    (e, pixels) => {
      const most = e.add('ReduceMax', [pixels], 'most', { attributes: { axes: { ints: [1, 2] } } })
      const three = e.addInitializer(floatTensor('three', [1, 3, c], numbers(3 * c, 5)))
      return [project(e, pixels), e.add('Trilu', [e.add('Mul', [three, most], 'some')], 'lower')]
    },
  ],
}

it.each(Object.entries(REFUSED))('%s is refused', async (_, [kind, reason, keys]) => {
  expect(await verdicts((e, pixels) => over(e, pixels, joined(e, keys(e, pixels))))).toEqual([{ kind, reason }])
})

it('keys that show nothing of the picture are another’s', async () => {
  expect(await verdicts((e, pixels) => over(e, pixels, text(e)))).toEqual([
    { kind: 'cross', reason: `its ${n} queries look at ${texts} keys, from the input text` },
  ])
})
