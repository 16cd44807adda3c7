/** What holds of every graph that is worked on; and that no graph, however it is made, takes more than its size. */
import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { findAttention } from '../../../src/network/attention/find'
import { insertControls } from '../../../src/network/controls/insert'
import { GraphEditor } from '../../../src/network/editor'
import {
  createNode,
  DataType,
  floatTensor,
  floatValue,
  GraphError,
  intTensor,
  parseModel,
  serializeModel,
  type NodeProto,
  type TensorProto,
} from '../../../src/network/onnx'
import { findResiduals } from '../../../src/network/residuals'
import { Shapes } from '../../../src/network/shapes'

const bytesOf = (node: NodeProto[], initializer: TensorProto[] = [], outputs = ['y']) =>
  serializeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [create(OperatorSetIdProtoSchema, { version: 17n })],
      graph: create(GraphProtoSchema, {
        node,
        initializer,
        input: [floatValue('x', ['rows', 4, 8])],
        output: outputs.map((name) => floatValue(name, ['rows', 4, 8])),
      }),
    }),
  )
const graphOf = (...parts: Parameters<typeof bytesOf>) => parseModel(bytesOf(...parts))
const relu = (from: string, to: string) => createNode('Relu', [from], [to], { name: `relu ${to}` })

const ragged = (change: (tensor: TensorProto) => void) => {
  const tensor = floatTensor('w', [2, 3], [1, 2, 3, 4, 5, 6])
  change(tensor)
  return tensor
}
const reading = createNode('Add', ['x', 'w'], ['y'])

describe('a graph', () => {
  it('that holds together is read', () => {
    expect(graphOf([reading], [floatTensor('w', [8], Array(8).fill(1))]).graph!.node).toHaveLength(1)
    // Written in no order, which runtimes read, too.
    expect(graphOf([relu('a', 'y'), relu('x', 'a')]).graph!.node).toHaveLength(2)
    // Without inline data: it is in a file of its own.
    const outside = floatTensor('w', [8], [])
    outside.dataLocation = 1
    expect(graphOf([reading], [outside]).graph!.initializer).toHaveLength(1)
  })

  it('in a graph reads what is around it', () => {
    const branch = (name: string, from: string) =>
      create(GraphProtoSchema, { name, node: [relu(from, `${name} out`)], output: [floatValue(`${name} out`, [])] })
    const when = (from: string) => {
      const node = createNode('If', ['a'], ['y'])
      node.attribute.push(
        ...createNode('If', [], [], { attributes: { then_branch: { int: 0 }, else_branch: { int: 0 } } }).attribute,
      )
      node.attribute[0]!.g = branch('then', from)
      node.attribute[1]!.g = branch('else', 'a')
      return node
    }
    expect(graphOf([relu('x', 'a'), when('x')]).graph!.node).toHaveLength(2)
    expect(() => graphOf([relu('x', 'a'), when('ghost')])).toThrow(/reads ghost/)
    expect(() => graphOf([relu('x', 'a'), when('y')])).toThrow(/cycle/)
  })

  it.each<[string, () => unknown, RegExp]>([
    ['makes a tensor twice', () => graphOf([relu('x', 'y'), relu('x', 'y')]), /y is made twice/],
    ['makes its own input', () => graphOf([relu('x', 'x'), relu('x', 'y')]), /x is made twice/],
    ['makes an initializer', () => graphOf([relu('x', 'w'), reading], [floatTensor('w', [1], [1])]), /w is made twice/],
    ['reads what nothing makes', () => graphOf([relu('ghost', 'y')]), /relu y reads ghost, which nothing makes/],
    ['multiplies one thing', () => graphOf([createNode('MatMul', ['x'], ['y'])]), /has not the inputs/],
    ['leaves the first out', () => graphOf([createNode('Mul', ['', 'x'], ['y'])]), /has not the inputs/],
    ['adds three', () => graphOf([createNode('Add', ['x', 'x', 'x'], ['y'])]), /has not the inputs/],
    ['drops its first output', () => graphOf([createNode('Dropout', ['x'], ['', 'y'])]), /has not the .* outputs/],
    [
      'drops its attention',
      () => graphOf([createNode('Attention', ['x', 'x', 'x'], ['', 'y'])]),
      /has not the .* outputs/,
    ],
    ['has a node for nothing', () => graphOf([relu('x', 'y'), createNode('Relu', ['x'], [])]), /makes nothing/],
    ['promises what nothing makes', () => graphOf([relu('x', 'z')]), /output y is made by nothing/],
    ['promises it twice', () => graphOf([relu('x', 'y')], [], ['y', 'y']), /output twice/],
    [
      'computes from itself',
      () => graphOf([createNode('Add', ['x', 'b'], ['a']), relu('a', 'b'), relu('b', 'y')]),
      /cycle/,
    ],
    [
      'has too few bytes',
      () => graphOf([reading], [ragged((w) => (w.rawData = w.rawData.slice(0, 23)))]),
      /w has 23 bytes/,
    ],
    ['has too many values', () => graphOf([reading], [ragged((w) => (w.dims = [2n, 2n]))]), /do not make \[2, 2\]/],
    ['has none', () => graphOf([reading], [ragged((w) => (w.rawData = new Uint8Array()))]), /w has 0 values/],
    ['has lengths below 0', () => graphOf([reading], [ragged((w) => (w.dims = [-2n, -3n]))]), /dimensions \[-2, -3\]/],
    ['is larger than numbers', () => graphOf([reading], [ragged((w) => (w.dims = [2n ** 62n, 3n]))]), /dimensions/],
    ['has an unknown type', () => graphOf([reading], [ragged((w) => (w.dataType = 99))]), /data type 99/],
  ])('that %s is refused in a sentence', (_, read, why) => {
    expect(read).toThrow(GraphError)
    expect(read).toThrow(why)
  })

  it('whose constants are ragged is refused, too', () => {
    const tensor = intTensor('', [2], [1])
    const constant = createNode('Constant', [], ['c'], { attributes: { value: { tensor } } })
    expect(() => graphOf([constant, createNode('Add', ['x', 'c'], ['y'])])).toThrow(/a constant has 8 bytes/)
  })
})

/** All that is asked of a graph. */
function surveyed(bytes: Uint8Array) {
  const editor = new GraphEditor(parseModel(bytes))
  const found = findAttention(editor)
  findResiduals(editor, found.self, found.cross)
  const shapes = new Shapes(editor)
  return { shape: shapes.of('y'), integers: shapes.integers('y'), found }
}

const DEEP = 20_000
const names = (i: number, last: number) => (i === 0 ? 'x' : i === last ? 'y' : `t${i}`)
const chain = (length: number, node: (from: string, to: string) => NodeProto) =>
  Array.from({ length }, (_, i) => node(names(i, length), names(i + 1, length)))
const twice = (op: string) => (from: string, to: string) => createNode(op, [from, from], [to])

describe('work on a graph', () => {
  it.each<[string, NodeProto[], TensorProto[]]>([
    ['additions', chain(60, twice('Add')), []],
    ['products', chain(60, twice('Mul')), []],
    ['joins', chain(60, twice('Concat')), []],
    ['gathers', chain(60, twice('Gather')), []],
    ['a chain', chain(DEEP, relu), []],
    ['a chain of additions', chain(DEEP, twice('Add')), []],
    [
      'shapes',
      [
        createNode('Shape', ['x'], ['s']),
        ...chain(60, twice('Concat')).map((node) => {
          node.input = node.input.map((name) => (name === 'x' ? 's' : name))
          return node
        }),
      ],
      [],
    ],
    [
      'constants',
      chain(DEEP, twice('Mul')).map((node) => {
        node.input = node.input.map((name) => (name === 'x' ? 'w' : name))
        return node
      }),
      [floatTensor('w', [], [1])],
    ],
    [
      'scores',
      [
        createNode('MatMul', ['x', 'x'], ['m']),
        ...chain(DEEP, twice('Add')).map((node) => {
          node.input = node.input.map((name) => (name === 'x' ? 'm' : name))
          if (node.output[0] === 'y') node.output = ['last']
          return node
        }),
        createNode('Softmax', ['last'], ['p']),
        createNode('MatMul', ['p', 'x'], ['y']),
      ],
      [],
    ],
  ])('looks at each node once, and does not recurse: %s', (_, nodes, initializer) => {
    // Twice at each of 60 nodes would take longer than the universe has.
    expect(surveyed(bytesOf(nodes, initializer)).found.self).toEqual([])
  })

  it('knows a shape and its integers behind a deep graph', () => {
    expect(surveyed(bytesOf(chain(DEEP, relu))).shape).toEqual([null, 4, 8])
    const nodes = [createNode('Shape', ['x'], ['s']), createNode('Gather', ['s', 'i'], ['y'])]
    expect(surveyed(bytesOf(nodes, [intTensor('i', [2], [2, 0])])).integers).toEqual([8, null])
  })

  it.each([
    ['heads that do not divide', 3, 8],
    ['no heads', 0, 8],
    ['more tokens than memory', 2, 2 ** 40],
  ])('says of attention that it can’t be read: %s', (_, heads, width) => {
    const node = createNode('MultiHeadAttention', ['q', 'q', 'q'], ['y'], {
      domain: 'com.microsoft',
      attributes: { num_heads: { int: heads } },
    })
    const shape = intTensor('shape', [3], [0, 4, width])
    const bytes = bytesOf([createNode('Reshape', ['x', 'shape'], ['q']), node], [shape])
    expect(surveyed(bytes).found.unreadable).toEqual([
      { node: '', reason: expect.stringMatching(/heads of .* tokens/) },
    ])
    const options = { rows: 'dynamic', form: 'fused', features: [], map: null } as const
    expect(() => insertControls(parseModel(bytes), options)).toThrow(GraphError)
  })

  it('asks no more of a slice than there is', () => {
    const part = (axis: number) => [intTensor('a', [1], [0]), intTensor('b', [1], [2]), intTensor('axis', [1], [axis])]
    const slice = createNode('Slice', ['x', 'a', 'b', 'axis'], ['z'])
    const nodes = [slice, createNode('Add', ['z', 'z'], ['y'])]
    const shapeOf = (axis: number) => new Shapes(new GraphEditor(graphOf(nodes, part(axis)))).of('z')
    expect([-1, 1, 4_000_000_000].map(shapeOf)).toEqual([[null, 4, 2], [null, 2, 8], null])
  })
})

it('types of ONNX are known by their size', () => {
  const known = Object.values(DataType).filter((type) => typeof type === 'number' && type !== DataType.UNDEFINED)
  for (const dataType of known)
    expect(
      graphOf([reading], [ragged((w) => Object.assign(w, { dataType, dims: [0n], rawData: new Uint8Array() }))]),
    ).toBeDefined()
})
