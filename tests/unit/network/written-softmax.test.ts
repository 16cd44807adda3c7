/** Softmaxes that are written out are maps like others, or are told of with the reason. */
import { beforeAll, expect, it } from 'vitest'
import type { GraphEditor } from '../../../src/network/editor'
import { proveMaps } from '../../../src/network/maps/prove'
import { guidable } from '../../../src/network/maps/types'
import { floatTensor, intTensor } from '../../../src/network/onnx'
import { c, n, products, reshape, softmax, surveyed, transpose } from './picture-graphs'

type Form = (e: GraphEditor, scores: string) => string

const add = (e: GraphEditor, op: string, ...inputs: readonly string[]) => e.add(op, inputs, op.toLowerCase())
const axes = (e: GraphEditor, at: number) => e.addInitializer(intTensor('axes', [1], [at]))
const number = (e: GraphEditor, value: number) => e.addInitializer(floatTensor('number', [], [value]))
const sum = (e: GraphEditor, tensor: string, at = -1) => add(e, 'ReduceSum', tensor, axes(e, at))
const most = (e: GraphEditor, tensor: string) =>
  e.add('ReduceMax', [tensor], 'most', { attributes: { axes: { ints: [-1] } } })
const lessMost: Form = (e, scores) => add(e, 'Sub', scores, most(e, scores))
const logSum: Form = (e, scores) => add(e, 'Log', sum(e, add(e, 'Exp', scores)))

const divided: Form = (e, scores) => {
  const exp = add(e, 'Exp', scores)
  return add(e, 'Div', exp, sum(e, exp))
}

const OPENED: Readonly<Record<string, Form>> = {
  'divided by the sum': divided,
  'less the largest': (e, scores) => divided(e, lessMost(e, scores)),
  'times one over the sum': (e, scores) => {
    const exp = add(e, 'Exp', scores)
    return add(e, 'Mul', add(e, 'Reciprocal', sum(e, exp)), exp)
  },
  'a sum that loses its axis': (e, scores) => {
    const exp = add(e, 'Exp', scores)
    const flat = e.add('ReduceSum', [exp, axes(e, 2)], 'flat', { attributes: { keepdims: { int: 0 } } })
    return add(e, 'Div', exp, add(e, 'Unsqueeze', flat, axes(e, -1)))
  },
  'on its side': (e, scores) => {
    const exp = add(e, 'Exp', transpose(e, scores, [0, 2, 1]))
    return transpose(e, add(e, 'Div', exp, sum(e, exp, 1)), [0, 2, 1])
  },
  'a log-softmax': (e, scores) =>
    add(e, 'Exp', e.add('LogSoftmax', [scores], 'log', { attributes: { axis: { int: -1 } } })),
  'less the log of the sum': (e, scores) => add(e, 'Exp', add(e, 'Sub', scores, logSum(e, scores))),
  'less the log of the sum, from the largest on': (e, scores) => {
    const large = most(e, scores)
    const log = logSum(e, add(e, 'Sub', scores, large))
    return add(e, 'Exp', add(e, 'Sub', scores, add(e, 'Add', large, log)))
  },
  ReduceLogSumExp: (e, scores) => {
    const log = e.add('ReduceLogSumExp', [scores], 'log', { attributes: { axes: { ints: [-1] } } })
    return add(e, 'Exp', add(e, 'Sub', scores, log))
  },
}

/** What is proved of a picture's attention whose softmax is so. */
async function proved(form: Form) {
  const weighed = (e: GraphEditor, pixels: string) =>
    add(e, 'MatMul', form(e, products(e, pixels, [0, 2, 1])), reshape(e, pixels, [-1, n, c]))
  const found = await surveyed(weighed)
  const proof = await proveMaps({ ...found, output: 'y' })
  return {
    closed: found.closed,
    neutral: proof.neutral,
    effects: proof.proved.map(({ change, effect }) => ({ change, effect })),
    layers: proof.layers,
  }
}

let plain: Awaited<ReturnType<typeof proved>>
beforeAll(async () => {
  // Weights are drawn by the number of nodes before: those of queries and keys come first.
  plain = await proved(softmax)
})

it.each(Object.entries(OPENED))('%s', async (_, form) => {
  const { closed, neutral, effects, layers } = await proved(form)
  expect(closed).toEqual([])
  expect(layers.map(({ verdict, queries, keys }) => ({ verdict, queries, keys }))).toEqual([
    { verdict: { kind: 'ready' }, queries: n, keys: n },
  ])
  expect(neutral).toBeLessThan(1e-5)
  expect(effects.map(({ change }) => change)).toEqual(['identity', 'blur'])
  for (const [i, { effect }] of effects.entries()) expect(effect).toBeCloseTo(plain.effects[i]!.effect, 4)
})

const REFUSED: Readonly<Record<string, Form>> = {
  'one more in the sum': (e, scores) => {
    const exp = add(e, 'Exp', scores)
    return add(e, 'Div', exp, add(e, 'Add', sum(e, exp), number(e, 1)))
  },
  'another’s sum': (e, scores) => {
    const other = add(e, 'Exp', add(e, 'Mul', scores, number(e, 2)))
    return add(e, 'Div', add(e, 'Exp', scores), sum(e, other))
  },
  'a mask between': (e, scores) => {
    const mask = e.addInitializer(
      floatTensor(
        'mask',
        [n, n],
        Float32Array.from({ length: n * n }, (_, i) => i % 2),
      ),
    )
    const some = add(e, 'Mul', add(e, 'Exp', scores), mask)
    return add(e, 'Div', some, sum(e, some))
  },
  'a sum over all': (e, scores) => {
    const exp = add(e, 'Exp', scores)
    const all = e.add('ReduceSum', [exp, e.addInitializer(intTensor('axes', [2], [1, 2]))], 'all')
    return add(e, 'Div', exp, all)
  },
}

it.each(Object.entries(REFUSED))('%s is no softmax, and is told of', async (_, form) => {
  const { closed, layers } = await proved(form)
  expect(layers.filter(guidable)).toEqual([])
  expect(closed.length).toBeGreaterThan(0)
  for (const { node, reason } of closed) {
    expect(node).toMatch(/^exp/)
    expect(reason).toContain('divided by something else than their sum alone')
  }
})
