/** Failures inside the worker, as errors that carry what a person is told. */
import type { EngineFailure } from '../worker/protocol'

/** A failure of one run or of the start; the worker itself is sound. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError'
  constructor(readonly failure: EngineFailure) {
    super(failure.message)
  }
}

/** The runtime or its device failed underneath: this worker is of no further use. */
export class BrokenRuntimeError extends EngineError {
  override readonly name = 'BrokenRuntimeError'
}

export function messageOf(error: unknown): string {
  return error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
    ? String(error.message)
    : String(error)
}

/** Any error as a failure. Runtimes say in words, and in many ways, that memory ran out. */
export function failureOf(error: unknown): EngineFailure {
  if (error instanceof EngineError) return error.failure
  const message = messageOf(error)
  if (/out of memory|bad_alloc|allocat\w+ (failed|failure)|failed to allocate|could not allocate/i.test(message)) {
    return {
      code: 'out-of-memory',
      message: `There was not enough memory (${message}).`,
      remedy: 'Choose fewer samples, or close other tabs.',
      retryable: true,
    }
  }
  if (error instanceof RangeError) return unusable(message)
  return {
    code: 'internal',
    message: `Something in the engine went wrong: ${message}`,
    remedy: 'Try again, or choose another backend.',
    retryable: true,
  }
}

/** The settings ask for what this model has not, or a file is not what it must be. `why`: a clause or a sentence. */
export function unusable(why: string): EngineFailure {
  const message = `${why.charAt(0).toUpperCase()}${why.slice(1)}`
  return {
    code: 'unusable',
    message: message.endsWith('.') ? message : `${message}.`,
    remedy: 'Change that setting, or reset the method.',
    retryable: false,
  }
}

export function deviceLost(reason: string): EngineFailure {
  return {
    code: 'device-lost',
    message: reason ? `The graphics processor was lost: ${reason}` : 'The graphics processor was lost.',
    remedy: 'If it happens again, choose WASM or fewer samples.',
    retryable: true,
  }
}

export function noWebGpu(why: string): EngineFailure {
  return {
    code: 'no-webgpu',
    message: `WebGPU cannot be used: ${why}.`,
    remedy: 'Current browsers have it where hardware acceleration is on; WASM works everywhere.',
    retryable: false,
  }
}

/** The runtime did not start. Nearly always its files did not come, which it words in many ways. */
export function runtimeFailed(error: unknown): EngineFailure {
  if (error instanceof EngineError) return error.failure
  return {
    code: 'download-failed',
    message: `The runtime did not start: ${messageOf(error)}`,
    remedy: 'Check the connection and try again; if it stays so, try another browser.',
    retryable: true,
  }
}
