/** The runner as a runtime: what it computes itself, and what it hands on. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { beforeEach, describe, expect, test } from 'vitest'
import { floatValue, intTensor, serializeModel } from '../../../src/network/onnx'
import { Heap } from '../../../src/runner/heap'
import { kernelModule } from '../../../src/runner/kernels'
import { instance } from '../../../src/runner/kernels/instance'
import { Lanes } from '../../../src/worker/lanes/lanes'
import { runnerRuntime } from '../../../src/worker/runtimes/runner-session'
import { emptyModel } from '../network/graphs'

/** y of x [rows, 4], by one operator. */
function graph(op: string, more: readonly string[] = []) {
  const e = emptyModel()
  e.graph.input.push(floatValue('x', ['rows', 4]))
  const axis = e.addInitializer(intTensor('axis', [], [1]))
  e.graph.output.push(floatValue(e.add(op, ['x', ...more.map(() => axis)], 'y'), ['rows', 4]))
  return serializeModel(e.model)
}

const input = () => ({ x: new Tensor('float32', Float32Array.of(1, -2, 3, -4, 5, 6, -7, 8), [2, 4]) })
const valuesOf = (outputs: Awaited<ReturnType<InferenceSession['run']>>) => [...(outputs['y']!.data as Float32Array)]

describe('a session', () => {
  let others = 0
  let runtime: ReturnType<typeof runnerRuntime>
  beforeEach(async () => {
    others = 0
    const heap = new Heap(false)
    const module = kernelModule(heap.memory, false)
    const machine = { heap, kernels: instance(heap.memory, module) }
    const lanes = await Lanes.start(machine, [], module)
    const other = async () => {
      others += 1
      return { runtime: { InferenceSession, Tensor }, sessionOptions: {} }
    }
    runtime = runnerRuntime({ machine, lanes, other })
  })

  test('of what the runner computes needs no other runtime', async () => {
    const session = await runtime.InferenceSession.create(graph('Abs'))
    expect(session.inputNames).toEqual(['x'])
    expect(valuesOf(await session.run(input()))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    await session.release()
    expect(others).toBe(0)
  })

  test('of an operator that is not there is the other runtime’s', async () => {
    const session = await runtime.InferenceSession.create(graph('CumSum', ['axis']))
    expect(valuesOf(await session.run(input()))).toEqual([1, -1, 2, -2, 5, 11, 4, 12])
    expect(others).toBe(1)
    await session.release()
  })

  test('of bytes that are no graph fails', async () => {
    await expect(runtime.InferenceSession.create(Uint8Array.of(1, 2, 3))).rejects.toThrow('not an ONNX model')
    expect(others).toBe(0)
  })

  test('takes runs that come at the same time one after the other', async () => {
    const session = await runtime.InferenceSession.create(graph('Neg'))
    const runs = await Promise.all([0, 1, 2].map(() => session.run(input())))
    for (const outputs of runs) expect(valuesOf(outputs)).toEqual([-1, 2, -3, 4, -5, -6, 7, -8])
    await session.release()
  })
})
