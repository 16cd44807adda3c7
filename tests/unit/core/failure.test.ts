/** What runtimes say where memory runs out becomes one failure with a way on; what they say else does not. */
import { expect, it } from 'vitest'
import { failureOf } from '../../../src/core/failure'

it.each([
  // V8, ONNX Runtime in WebAssembly and on WebGPU, as public reports quote them.
  [new RangeError('Array buffer allocation failed'), 'out-of-memory'],
  [new RangeError('WebAssembly.Memory(): could not allocate memory'), 'out-of-memory'],
  [new Error('failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc'), 'out-of-memory'],
  [new Error('Failed to allocate memory for requested buffer of size 402653184'), 'out-of-memory'],
  ['DOMException: Out of memory', 'out-of-memory'],
  [new RangeError('there is no network huge'), 'unusable'],
  [new Error('no available backend found'), 'internal'],
] as const)('%s is %s', (error, code) => {
  const failure = failureOf(error)
  expect(failure.code).toBe(code)
  expect(failure.remedy).not.toBe('')
})
