/** Where what a row is told meets the rest of a graph, and that the two parts together are the whole. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../src/cli/site.mjs'
import { bakeRows } from '../../../src/network/controls/rows'
import { GraphEditor } from '../../../src/network/editor'
import {
  copyModel,
  declaredShape,
  floatTensor,
  floatValue,
  intTensor,
  parseModel,
  serializeModel,
  type ModelProto,
} from '../../../src/network/onnx'
import { cutTold, onlyTold, toldInput } from '../../../src/network/told'
import { attachWeights, readWeights } from '../../../src/network/weights'
import { emptyModel, numbers } from './graphs'

const ROWS = 2

async function run(model: ModelProto, feeds: Readonly<Record<string, Tensor>>) {
  const session = await InferenceSession.create(serializeModel(model), { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const outputs = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])))
  await session.release()
  return outputs
}
const inputsOf = (model: ModelProto) => model.graph!.input.map(({ name }) => name).sort()

describe('the network of a family', () => {
  const told = ['noise_level', 'class_weights', 'embedding_offset']
  const folder = join(ROOT, 'models', 'tiny')
  const whole = parseModel(readFileSync(join(folder, 'graph.onnx')))
  attachWeights(whole, readWeights(whole, readFileSync(join(folder, 'weights.fp16.bin'))), 'inline')
  const baked = copyModel(whole)
  bakeRows(new GraphEditor(baked), ROWS)

  it('is cut at one vector a row, which gives the same', async () => {
    const [rest, made] = [copyModel(baked), copyModel(whole)]
    const tensors = cutTold(rest, told, ROWS)!
    expect(tensors).toHaveLength(1)
    onlyTold(made, tensors)
    expect(inputsOf(rest)).toEqual([toldInput(tensors[0]!), 'x'].sort())
    expect(inputsOf(made)).toEqual([...told].sort())
    const feeds = Object.fromEntries(
      baked.graph!.input.map((input, i) => {
        const dims = declaredShape(input) as number[]
        return [
          input.name,
          new Tensor(
            'float32',
            numbers(
              dims.reduce((a, b) => a * b, 1),
              40 + i,
            ),
            dims,
          ),
        ]
      }),
    )
    const vectors = (await run(made, feeds))[tensors[0]!.name]!
    expect(vectors.dims).toEqual([ROWS, tensors[0]!.width])
    const wanted = (await run(baked, feeds))['prediction']!.data as Float32Array
    const given = (await run(rest, { ...feeds, [toldInput(tensors[0]!)]: vectors as Tensor }))['prediction']!
    const error = wanted.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (given.data as Float32Array)[i]!)),
      0,
    )
    expect(error).toBeLessThan(1e-5)
  })

  it('is left as it is where one of them is no matter of the rows alone', () => {
    // Without its noise level nothing of the vector is known before the image.
    const rest = copyModel(baked)
    expect(cutTold(rest, ['class_weights', 'noise_level', 'embedding_offset', 'x'], ROWS)).toBeNull()
    expect(inputsOf(rest)).toEqual(inputsOf(baked))
  })
})

describe('other graphs', () => {
  /** A graph of an image x [rows, 3] and a level [rows]. */
  function graph(build: (e: GraphEditor, x: string, level: string) => string) {
    const e = emptyModel()
    const x = e.addInput(floatValue('x', [ROWS, 3]))
    const level = e.addInput(floatValue('level', [ROWS]))
    const y = build(e, x, level)
    e.addOutput(y, floatValue('y', [ROWS, null]))
    return e.model
  }
  const reshape = (e: GraphEditor, tensor: string, dims: readonly number[]) =>
    e.add('Reshape', [tensor, e.addInitializer(intTensor('dims', [dims.length], dims))], 'reshaped')
  const wide = (e: GraphEditor, level: string) =>
    e.add('MatMul', [reshape(e, level, [ROWS, 1]), e.addInitializer(floatTensor('turns', [1, 3], [1, 2, 3]))], 'wide')

  it('keeps what parts a vector on the side of the image', () => {
    const model = graph((e, x, level) => {
      const lengths = e.addInitializer(intTensor('lengths', [1], [3]))
      return e.add(
        'Mul',
        [x, reshape(e, e.add('Split', [e.add('Sin', [wide(e, level)], 'sine'), lengths], 'part'), [ROWS, 3])],
        'product',
      )
    })
    expect(cutTold(model, ['level'], ROWS)).toEqual([{ name: 'sine', width: 3 }])
    expect(model.graph!.node.map(({ opType }) => opType)).toEqual(['Split', 'Reshape', 'Mul', 'Identity'])
  })

  it.each<readonly [string, (e: GraphEditor, x: string, level: string) => string]>([
    [
      'reads the level itself beside the image',
      (e, x, level) => e.add('Mul', [x, reshape(e, level, [ROWS, 1])], 'product'),
    ],
    [
      'has more axes than a vector',
      (e, x, level) => {
        const square = e.add('Tanh', [reshape(e, wide(e, level), [ROWS, 1, 3])], 'square')
        return reshape(e, e.add('Mul', [reshape(e, x, [ROWS, 1, 3]), square], 'product'), [ROWS, 3])
      },
    ],
    [
      'mixes rows',
      (e, x, level) =>
        e.add(
          'Mul',
          [x, e.add('ReduceMean', [wide(e, level)], 'mean', { attributes: { axes: { ints: [0] } } })],
          'product',
        ),
    ],
    [
      'gives it as an output as well',
      (e, x, level) => {
        const told = e.add('Sin', [wide(e, level)], 'told')
        e.graph.output.push(floatValue(told, [ROWS, 3]))
        return e.add('Mul', [x, told], 'product')
      },
    ],
    ['has nothing of it', (e, x) => e.add('Tanh', [x], 'tanh')],
  ])('is left whole where it %s', (_, build) => {
    const model = graph(build)
    const before = model.graph!.node.map(({ opType }) => opType)
    expect(cutTold(model, ['level'], ROWS)).toBeNull()
    expect(model.graph!.node.map(({ opType }) => opType)).toHaveLength(before.length)
  })
})
