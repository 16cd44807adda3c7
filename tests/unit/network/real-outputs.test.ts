/** Outputs that are views of other tensors are computed, with the same numbers; others stay as they are. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { GraphEditor } from '../../../src/network/editor'
import { countOperators, createNode, floatValue, intTensor, serializeModel } from '../../../src/network/onnx'
import { realOutputs } from '../../../src/network/real-outputs'
import { emptyModel, numbers } from './graphs'

/** A graph whose output is made by `end` of tanh(x), [2, 6]. */
function ending(end: (e: GraphEditor, tensor: string) => string) {
  const e = emptyModel()
  const x = e.addInput(floatValue('x', [2, 6]))
  const last = end(e, e.add('Tanh', [x], 'last'))
  e.graph.node.push(createNode('Identity', [last], ['y'], { name: 'y' }))
  e.graph.output.push(floatValue('y', [null, null]))
  return e
}
const reshape = (e: GraphEditor, tensor: string, dims: readonly number[]) =>
  e.add('Reshape', [tensor, e.addInitializer(intTensor('dims', [dims.length], dims))], 'reshaped')

test.each([
  ['a view', 1, (e: GraphEditor, tensor: string) => reshape(e, tensor, [3, 4])],
  ['a view of a view', 1, (e: GraphEditor, tensor: string) => reshape(e, e.add('Flatten', [tensor], 'flat'), [3, 4])],
  ['what a node computes', undefined, (_: GraphEditor, tensor: string) => tensor],
  [
    'a sum of views',
    undefined,
    (e: GraphEditor, tensor: string) => e.add('Add', [reshape(e, tensor, [4, 3]), reshape(e, tensor, [4, 3])], 'sum'),
  ],
])('%s', async (_, added, end) => {
  const e = ending(end)
  const x = numbers(12, 4)
  x[3] = -Infinity
  const run = async () => {
    const session = await InferenceSession.create(serializeModel(e.model), { logSeverityLevel: 3 })
    const { y } = await session.run({ x: new Tensor('float32', x, [2, 6]) })
    await session.release()
    return [...(y!.data as Float32Array)]
  }
  const before = await run()
  realOutputs(e.model)
  expect(countOperators(e.model)['Max']).toBe(added)
  expect(await run()).toEqual(before)
  if (added)
    expect(new GraphEditor(e.model).producer(new GraphEditor(e.model).producer('y')!.input[0]!)?.opType).toBe('Max')
})
