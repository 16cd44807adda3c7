/** Graphs put together at random: what the runner computes of them is what onnxruntime computes. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normals } from '../../../src/core/random'
import type { GraphEditor } from '../../../src/network/editor'
import type { Attribute } from '../../../src/network/onnx'
import { floatTensor, floatValue, intTensor } from '../../../src/network/onnx'
import { Unsupported } from '../../../src/runner/unsupported'
import { tries } from '../../support/fuzz'
import { createBench, farthest, reference } from '../../support/runner'
import { emptyModel } from '../network/graphs'

/** Picks among what fits, and makes up weights. */
class Luck {
  #at = 0
  #seed = 0

  constructor(private readonly draws: readonly number[]) {}

  of<T>(choices: readonly T[]): T {
    return choices[this.draws[this.#at++ % this.draws.length]! % choices.length]!
  }

  weights(count: number): Float32Array {
    return normals(7, this.#seed++, count).map((value) => value * 0.5)
  }
}

interface Drawn {
  readonly e: GraphEditor
  readonly luck: Luck
}

interface Value {
  readonly name: string
  readonly dims: readonly number[]
}

const product = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1)

const add = (
  { e }: Drawn,
  op: string,
  inputs: readonly string[],
  dims: readonly number[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Value => ({ name: e.add(op, inputs, op.toLowerCase(), { attributes }), dims })

const constant = ({ e, luck }: Drawn, dims: readonly number[]) =>
  e.addInitializer(floatTensor('weight', dims, luck.weights(product(dims))))
const list = ({ e }: Drawn, values: readonly number[]) => e.addInitializer(intTensor('list', [values.length], values))

/** Of [rows, channels, height, width]; each gives an image again. */
const OF_IMAGES: readonly ((at: Drawn, x: Value, others: readonly Value[]) => Value)[] = [
  (at, x) => {
    const [rows, channels, height, width] = x.dims as [number, number, number, number]
    const [kernel, stride, dilation] = at.luck.of([
      [3, 1, 1],
      [1, 1, 1],
      [3, 2, 1],
      [3, 1, 2],
      [2, 1, 1],
      [5, 1, 1],
    ] as const)
    const groups = at.luck.of([1, 1, 1, channels, channels % 2 === 0 ? 2 : 1])
    const outputs = at.luck.of([groups, channels, groups * 3, groups * 20])
    const pad = kernel === 2 ? 0 : (dilation * (kernel - 1)) / 2
    const pads = kernel === 2 ? [0, 1, 1, 0] : [pad, pad, pad, pad]
    const long = (size: number, both: number) => Math.floor((size + both - dilation * (kernel - 1) - 1) / stride) + 1
    const inputs = [x.name, constant(at, [outputs, channels / groups, kernel, kernel])]
    if (at.luck.of([true, false])) inputs.push(constant(at, [outputs]))
    return add(
      at,
      'Conv',
      inputs,
      [rows, outputs, long(height, pads[0]! + pads[2]!), long(width, pads[1]! + pads[3]!)],
      {
        kernel_shape: { ints: [kernel, kernel] },
        strides: { ints: [stride, stride] },
        dilations: { ints: [dilation, dilation] },
        pads: { ints: pads },
        group: { int: groups },
      },
    )
  },
  // A group norm as exporters write it, and what scales it.
  (at, x) => {
    const [rows, channels] = x.dims as [number, number]
    const groups = at.luck.of([1, channels % 2 === 0 ? 2 : 1, channels])
    const apart = add(at, 'Reshape', [x.name, list(at, [rows, groups, -1])], [])
    const ones = at.e.addInitializer(floatTensor('ones', [groups], Array<number>(groups).fill(1)))
    const zeros = at.e.addInitializer(floatTensor('zeros', [groups], Array<number>(groups).fill(0)))
    const normed = add(at, 'InstanceNormalization', [apart.name, ones, zeros], [], { epsilon: { float: 1e-5 } })
    const back = add(at, 'Reshape', [normed.name, list(at, x.dims)], x.dims)
    const scaled = add(
      at,
      'Mul',
      [back.name, constant(at, at.luck.of([[channels, 1, 1], [1, channels, 1, 1], []]))],
      x.dims,
    )
    return add(
      at,
      'Add',
      [
        constant(
          at,
          at.luck.of([
            [channels, 1, 1],
            [rows, channels, 1, 1],
          ]),
        ),
        scaled.name,
      ],
      x.dims,
    )
  },
  (at, x) => {
    const gate = add(at, 'Sigmoid', [x.name], x.dims)
    return add(
      at,
      'Mul',
      at.luck.of([
        [x.name, gate.name],
        [gate.name, x.name],
      ]),
      x.dims,
    )
  },
  (at, x) =>
    add(at, at.luck.of(['Tanh', 'Relu', 'Sigmoid', 'Softplus', 'Abs', 'Neg', 'Erf', 'Sin', 'Cos']), [x.name], x.dims),
  (at, x, others) => {
    const [rows, channels, height, width] = x.dims as [number, number, number, number]
    const same = others.filter(({ dims }) => dims.every((length, axis) => length === x.dims[axis]))
    const shape = at.luck.of([
      [channels, 1, 1],
      [1],
      [],
      [rows, 1, 1, 1],
      [height, width],
      [rows, channels, 1, width],
      x.dims,
    ])
    const other = same.length > 0 && at.luck.of([true, false]) ? at.luck.of(same).name : constant(at, shape)
    return add(
      at,
      at.luck.of(['Add', 'Sub', 'Mul', 'Max', 'Min']),
      at.luck.of([
        [x.name, other],
        [other, x.name],
      ]),
      x.dims,
    )
  },
  // Tokens, and a product with all of them.
  (at, x) => {
    const [rows, channels, height, width] = x.dims as [number, number, number, number]
    const flat = add(at, 'Reshape', [x.name, list(at, [rows, channels, height * width])], [])
    const tokens = add(at, 'Transpose', [flat.name], [], { perm: { ints: [0, 2, 1] } })
    const outputs = at.luck.of([channels, 5, 24])
    const wide = add(at, 'MatMul', [tokens.name, constant(at, [channels, outputs])], [])
    const biased = at.luck.of([true, false]) ? add(at, 'Add', [wide.name, constant(at, [outputs])], []) : wide
    const back = add(at, 'Transpose', [biased.name], [], { perm: { ints: [0, 2, 1] } })
    return add(at, 'Reshape', [back.name, list(at, [rows, outputs, height, width])], [rows, outputs, height, width])
  },
  // Each token looks at all.
  (at, x) => {
    const [rows, channels, height, width] = x.dims as [number, number, number, number]
    const flat = add(at, 'Reshape', [x.name, list(at, [rows, channels, -1])], [])
    const tokens = add(at, 'Transpose', [flat.name], [], { perm: { ints: [0, 2, 1] } })
    const scores = add(at, 'MatMul', [tokens.name, flat.name], [])
    const map = add(at, 'Softmax', [scores.name], [], { axis: { int: -1 } })
    const seen = add(at, 'MatMul', [map.name, tokens.name], [])
    const back = add(at, 'Transpose', [seen.name], [], { perm: { ints: [0, 2, 1] } })
    return add(at, 'Reshape', [back.name, list(at, [rows, channels, height, width])], x.dims)
  },
  (at, x, others) => {
    const [rows, channels, height, width] = x.dims as [number, number, number, number]
    const fitting = others.filter(({ dims }) => dims[0] === rows && dims[2] === height && dims[3] === width)
    const other = at.luck.of([x, ...fitting])
    const order = at.luck.of([
      [x.name, other.name],
      [other.name, x.name],
    ])
    return add(at, 'Concat', order, [rows, channels + other.dims[1]!, height, width], { axis: { int: 1 } })
  },
  (at, x) => {
    const axis = at.luck.of([1, 2, 3])
    const length = x.dims[axis]!
    const start = length > 2 ? at.luck.of([0, 1]) : 0
    const end = at.luck.of([length, Math.max(start + 1, length - 1)])
    const step = at.luck.of([1, 1, 2])
    const dims = x.dims.map((own, i) => (i === axis ? Math.ceil((end - start) / step) : own))
    const inputs = [x.name, list(at, [start]), list(at, [end]), list(at, [axis]), list(at, [step])]
    return add(at, 'Slice', inputs, dims)
  },
  (at, x) => {
    const [rows, channels, height, width] = x.dims as [number, number, number, number]
    const scales = at.e.addInitializer(floatTensor('scales', [4], [1, 1, 2, 2]))
    return height * width > 100
      ? x
      : add(at, 'Resize', [x.name, '', scales], [rows, channels, height * 2, width * 2], {
          mode: { string: 'nearest' },
          coordinate_transformation_mode: { string: 'asymmetric' },
          nearest_mode: { string: 'floor' },
        })
  },
  (at, x) => {
    const [rows, channels, height, width] = x.dims as [number, number, number, number]
    if (Math.min(height, width) < 2) return x
    const dims = [rows, channels, Math.floor((height - 2) / 2) + 1, Math.floor((width - 2) / 2) + 1]
    return add(at, at.luck.of(['AveragePool', 'MaxPool']), [x.name], dims, {
      kernel_shape: { ints: [2, 2] },
      strides: { ints: [2, 2] },
    })
  },
  (at, x) =>
    add(
      at,
      'Transpose',
      [x.name],
      [0, 1, 3, 2].map((axis) => x.dims[axis]!),
      { perm: { ints: [0, 1, 3, 2] } },
    ),
  (at, x) => {
    const axis = at.luck.of([1, 2, 3])
    const mean = add(at, 'ReduceMean', [x.name], [], { axes: { ints: [axis] }, keepdims: { int: 1 } })
    return add(at, 'Sub', [x.name, mean.name], x.dims)
  },
]

const bench = createBench()

/** What a graph does, to be read where it fails. */
const written = (e: GraphEditor) =>
  e.graph.node.map(({ opType, input, output }) => `${output.join()} = ${opType}(${input.join(', ')})`).join('; ')

test('what the runner computes of any of them is what onnxruntime computes', async () => {
  const counted = { computed: 0, left: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        rows: fc.constantFrom(1, 2, 3),
        channels: fc.constantFrom(1, 3, 4, 6, 16, 20),
        height: fc.integer({ min: 2, max: 9 }),
        width: fc.integer({ min: 2, max: 9 }),
        draws: fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
        length: fc.integer({ min: 1, max: 9 }),
      }),
      async ({ rows, channels, height, width, draws, length }) => {
        const e = emptyModel()
        const at = { e, luck: new Luck(draws) }
        const dims = [rows, channels, height, width]
        e.graph.input.push(floatValue('x', dims))
        const values: Value[] = [{ name: 'x', dims }]
        for (let i = 0; i < length; i++) {
          const from = at.luck.of([values.at(-1)!, values.at(-1)!, at.luck.of(values)])
          const made = at.luck.of(OF_IMAGES)(at, from, values)
          if (product(made.dims) <= 20_000) values.push(made)
        }
        for (const { name, dims: shape } of [values.at(-1)!, at.luck.of(values)])
          if (name !== 'x' && !e.isOutput(name)) e.graph.output.push(floatValue(name, shape))
        if (e.graph.output.length === 0) return
        const feeds = { x: { type: 'float32' as const, dims, data: normals(3, 0, product(dims)) } }
        const wanted = await reference(e.model, feeds)
        const session = bench.session(e.model)
        try {
          const got = await bench.run(session, feeds)
          counted.computed += 1
          for (const [name, value] of Object.entries(wanted))
            expect(farthest(got[name]!.data, value, 0.1), `${name} of ${written(e)}`).toBeLessThan(1e-4)
        } catch (error) {
          if (!(error instanceof Unsupported)) throw error
          counted.left += 1
        } finally {
          bench.release(session)
        }
      },
    ),
    tries(60),
  )
  expect(counted.left).toBe(0)
  expect(counted.computed).toBeGreaterThan(50)
})

test('a norm that is counted in other axes takes nothing in that acts on those', async () => {
  const e = emptyModel()
  const at = { e, luck: new Luck([0]) }
  const dims = [2, 6, 8]
  e.graph.input.push(floatValue('x', dims))
  const ones = e.addInitializer(floatTensor('ones', [6], Array<number>(6).fill(1)))
  const zeros = e.addInitializer(floatTensor('zeros', [6], Array<number>(6).fill(0)))
  const norm = add(at, 'InstanceNormalization', ['x', ones, zeros], dims)
  const apart = add(at, 'Reshape', [norm.name, list(at, [2, 2, 3, 8])], [2, 2, 3, 8])
  const scaled = add(at, 'Mul', [apart.name, constant(at, [2, 1, 1])], apart.dims)
  e.graph.output.push(floatValue(scaled.name, apart.dims))
  const feeds = { x: { type: 'float32' as const, dims, data: normals(3, 0, product(dims)) } }
  const session = bench.session(e.model)
  const got = await bench.run(session, feeds)
  const wanted = await reference(e.model, feeds)
  expect(farthest(got[scaled.name]!.data, wanted[scaled.name]!)).toBeLessThan(1e-5)
  bench.release(session)
})
