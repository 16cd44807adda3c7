/** What a graph of which nothing is known is run with: inputs of every kind, lengths left to run time, tables with ends; or why it can't be. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { interfaceOf } from '../../../src/engine/interface'
import { openGraph } from '../../../src/engine/open-graph'
import type { GraphEditor } from '../../../src/network/editor'
import { exampleFeeds, runningExample } from '../../../src/network/maps/example-feeds'
import { noisyImage } from '../../../src/network/maps/example-inputs'
import { DataType, floatTensor, floatValue, intTensor, type Dimension } from '../../../src/network/onnx'
import { emptyModel } from './graphs'

const open = openGraph({ InferenceSession, Tensor }, null, { intraOpNumThreads: 1, logSeverityLevel: 4 })

function input(e: GraphEditor, name: string, dims: readonly Dimension[], type = DataType.FLOAT): string {
  const value = floatValue(name, dims)
  if (value.type?.value.case === 'tensorType') value.type.value.value.elemType = type
  return e.addInput(value)
}

const parameter = (e: GraphEditor, name: string, dims: readonly number[]) =>
  e.addInitializer(
    floatTensor(
      name,
      dims,
      new Float32Array(dims.reduce((a, b) => a * b, 1)).map((_, i) => (i % 7) / 7 - 0.5),
    ),
  )

/** A network as SD's exporters leave it: every length of the image to run time, its channels too. */
function latentNetwork(classes: number | null = null) {
  const e = emptyModel()
  const x = input(e, 'sample', ['batch', 'channels', 'height', 'width'])
  const half = e.add('Conv', [x, parameter(e, 'w', [4, 4, 2, 2])], 'half', {
    attributes: { strides: { ints: [2, 2] } },
  })
  let hidden = e.add('Conv', [half, parameter(e, 'w2', [4, 4, 4, 4])], 'eighth', {
    attributes: { strides: { ints: [4, 4] } },
  })
  if (classes !== null) {
    const y = input(e, 'y', ['batch'], DataType.INT64)
    const moved = e.add('Add', [y, e.addInitializer(intTensor('one', [1], [1]))], 'moved')
    const found = e.add('Gather', [parameter(e, 'table', [classes, 4]), moved], 'found')
    const axes = e.addInitializer(intTensor('axes', [2], [2, 3]))
    hidden = e.add('Add', [hidden, e.add('Unsqueeze', [found, axes], 'wide')], 'told')
  }
  e.addOutput(hidden, floatValue('out', ['batch', 4, null, null]))
  e.finish()
  return e
}

describe('the noisy image', () => {
  const of = (inputs: Readonly<Record<string, readonly Dimension[]>>, made: readonly Dimension[]) => {
    const e = emptyModel()
    for (const [name, dims] of Object.entries(inputs)) input(e, name, dims)
    e.addOutput('', floatValue('out', made))
    return noisyImage(e.model)?.name
  }
  const text = ['rows', 77, 12]

  it.each([
    [
      'a vector beside a text, where the prediction is one',
      { text, hidden_states: ['rows', 12], other: ['rows', 9] },
      ['rows', 12],
      'hidden_states',
    ],
    ['tokens beside a text', { text, hidden_states: ['rows', 24, 8] }, ['rows', 24, 8], 'hidden_states'],
    [
      'a picture whose labels are as long as what is told of it',
      { label: ['rows', 10], image: ['rows', 3, 8, 8] },
      ['rows', 10],
      'image',
    ],
    [
      'a picture beside one to go by',
      { text, given: ['rows', 4, 16, 16], x: ['rows', 4, 8, 8] },
      ['rows', 4, 8, 8],
      'x',
    ],
    ['what there is, where nothing is alike', { text, flat: ['rows', 5] }, ['rows', 12], 'text'],
  ] as const)('is %s', (_, inputs, made, wanted) => {
    expect(of(inputs, made)).toBe(wanted)
  })
})

describe('inputs', () => {
  it('of every kind are given, rows differ, and a row is the same beside others', () => {
    const e = emptyModel()
    // The text comes first, and is no more the image than its length is the image's.
    const all = [
      input(e, 'encoder_hidden_states', ['batch', 'words', 12]),
      input(e, 'hidden_states', ['batch', 'tokens', 8], DataType.FLOAT16),
      input(e, 'img_ids', ['tokens', 3]),
      input(e, 'txt_ids', ['words', 3]),
      input(e, 'timestep', ['batch']),
      input(e, 'seen', ['batch', 'words'], DataType.BOOL),
      input(e, 'steps', [1], DataType.INT32),
    ]
    e.addOutput(e.add('Identity', [all[1]!], 'same'), floatValue('out', ['batch', 'tokens', 8]))
    const { sample, batch, feeds } = exampleFeeds(e.model)
    expect({ sample, batch }).toEqual({ sample: 'hidden_states', batch: null })
    const two = feeds(2)
    expect(
      Object.fromEntries(Object.entries(two).map(([name, { type, dims }]) => [name, `${type} ${dims.join('×')}`])),
    ).toEqual({
      encoder_hidden_states: 'float32 2×8×12',
      hidden_states: 'float16 2×24×8',
      img_ids: 'float32 24×3',
      txt_ids: 'float32 8×3',
      timestep: 'float32 2',
      seen: 'bool 2×8',
      steps: 'int32 1',
    })
    // Tokens lie at places of their own, words at none.
    const places = Array.from({ length: 24 }, (_, i) => String(two['img_ids']!.data.slice(3 * i, 3 * i + 3)))
    expect(new Set(places).size).toBe(24)
    expect(Array.from(two['txt_ids']!.data, Number)).toEqual(Array(24).fill(0))
    expect(Array.from(two['seen']!.data, Number)).toEqual(Array(16).fill(1))
    for (const [name, { data: own, dims }] of Object.entries(feeds(1))) {
      const data = Array.from(own, Number)
      const both = Array.from(two[name]!.data, Number)
      expect(both.slice(0, data.length), name).toEqual(data)
      if (dims[0] === two[name]!.dims[0] || name === 'seen') continue
      expect(both.slice(data.length), name).not.toEqual(data)
    }
  })

  it('of a graph for so many rows are given for as many', () => {
    const e = emptyModel()
    e.addOutput(e.add('Identity', [input(e, 'x', [3, 2, 5, 7])], 'same'), floatValue('out', [3, 2, 5, 7]))
    const { batch, feeds } = exampleFeeds(e.model)
    expect(batch).toBe(3)
    expect(feeds(3)['x']?.dims).toEqual([3, 2, 5, 7])
  })

  it('are told from the graph where their lengths are left to run time', async () => {
    const { model } = latentNetwork()
    const { feeds } = await runningExample(model, open)
    // Four channels, as the first convolution takes; sides that its strides divide, and that differ.
    expect(feeds(2)['sample']?.dims).toEqual([2, 4, 32, 48])
    const asked = await runningExample(model, open, { size: { height: 16, width: 8 } })
    expect(asked.feeds(1)['sample']?.dims).toEqual([1, 4, 16, 8])
  })

  it('that are looked up in a table stay inside it', async () => {
    const { model } = latentNetwork(5)
    expect(interfaceOf(model).inputs.map(({ table }) => table)).toEqual([undefined, 5])
    const { feeds } = exampleFeeds(model)
    const session = await open(model)
    expect((await session.run(feeds(2)))['out']?.dims).toEqual([2, 4, 4, 6])
    await session.release()
  })
})

it('a size is looked for where the graph takes only one, whatever it says', async () => {
  const e = latentNetwork()
  // A position for each of 4 × 4 places, as transformers have.
  const own = e.graph.output.pop()!
  e.addOutput(
    e.add('Add', [own.name, parameter(e, 'places', [1, 4, 4, 4])], 'placed'),
    floatValue('placed_out', ['batch', 4, null, null]),
  )
  const { feeds } = await runningExample(e.model, open)
  expect(feeds(1)['sample']?.dims).toEqual([1, 4, 32, 32])
})

describe('what can’t be run is refused with its reason', () => {
  it.each<readonly [string, (e: GraphEditor) => string, string]>([
    ['no image', (e) => input(e, 't', ['batch']), 'no input is an image or a row of tokens; there are t [batch]'],
    [
      'a type that is not given',
      (e) => input(e, 'x', ['batch', 3, 4, 4], DataType.DOUBLE),
      'the input x is of the type DOUBLE, and can be FLOAT, FLOAT16, INT64, INT32 or BOOL; export it as one of them',
    ],
    [
      'channels that nothing tells',
      (e) => input(e, 'x', ['batch', null, 4, 4]),
      'the input x [batch, ?, 4, 4] leaves the length of axis 1 to run time, and nothing in the graph tells it; export it with a fixed one',
    ],
    [
      'more values than there is memory for',
      (e) => input(e, 'x', ['batch', 4096, 4096, 4096]),
      'the input x [batch, 4096, 4096, 4096] has 68719476736 values, more than can be tried',
    ],
  ])('%s', (_, make, message) => {
    const e = emptyModel()
    e.addOutput(e.add('Identity', [make(e)], 'same'), floatValue('out', [null]))
    expect(() => exampleFeeds(e.model)).toThrow(message)
  })

  it('an input that is not there', () => {
    expect(() => exampleFeeds(latentNetwork().model, { sample: 'z' })).toThrow(
      'the graph has no input z that is to be the image; there are sample [batch, channels, height, width]',
    )
  })

  it('a graph that runs with no size', async () => {
    const e = latentNetwork()
    const own = e.graph.output.pop()!
    e.addOutput(
      e.add('Add', [own.name, parameter(e, 'places', [1, 4, 5, 5])], 'placed'),
      floatValue('out2', ['batch', 4, null, null]),
    )
    await expect(runningExample(e.model, open)).rejects.toThrow('the graph runs with no size of sample that was tried')
  })
})
