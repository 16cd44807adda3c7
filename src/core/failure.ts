/** Failures as a person meets them: what happened, why, and the way on; and errors that carry them. */

export const ENGINE_ERROR_CODES = [
  'download-failed',
  'integrity',
  /** The host has other files than this page was made with. */
  'new-version',
  /** The browser, or how it is set, lacks what the engine is made of. */
  'unsupported',
  'storage-full',
  'no-webgpu',
  'no-threads',
  'device-lost',
  'worker-died',
  'golden-mismatch',
  'not-finite',
  'out-of-memory',
  /** Settings or a file that the engine can't work with; the message says why. */
  'unusable',
  'internal',
] as const
export type EngineErrorCode = (typeof ENGINE_ERROR_CODES)[number]

export interface EngineFailure {
  readonly code: EngineErrorCode
  readonly message: string
  readonly remedy: string
  /** Whether doing the same again may work. */
  readonly retryable: boolean
}

/** A failure of one run, of a start or of a download; the worker itself is sound. */
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
  return error instanceof RangeError ? unusable(message) : internal(message, 'Try again, or choose another backend.')
}

/** A fault of this program, or one that nobody foresaw. */
export function internal(why: string, remedy: string): EngineFailure {
  return { code: 'internal', message: `Something in the engine went wrong: ${why}`, remedy, retryable: true }
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

// ---- a model's files ----

/** The model's description did not come (`retryable`), or is none that this page can read. */
export function descriptionFailed(model: string, why: string, retryable: boolean): EngineFailure {
  return {
    code: 'download-failed',
    message: `The description of the model ${model} could not be read: ${why}.`,
    remedy: retryable ? 'Check the connection and try again.' : 'The files on the server do not fit this page.',
    retryable,
  }
}

export function downloadFailed(file: string, why: string): EngineFailure {
  return {
    code: 'download-failed',
    message: `The model's file ${file} could not be downloaded: ${why}.`,
    remedy: 'Check the connection and try again.',
    retryable: true,
  }
}

export function damaged(file: string, why: string): EngineFailure {
  return {
    code: 'integrity',
    message: `The model's file ${file} arrived damaged twice: ${why}.`,
    remedy: 'Try again later; if it stays so, the server holds a file that does not belong to this model.',
    retryable: true,
  }
}

/** A file that a person opened once is no longer kept, or spoilt. */
export function fileGone(file: string, why = 'the browser has cleared it'): EngineFailure {
  return {
    code: 'integrity',
    message: `The file ${file} of this opened model is not in this browser any more: ${why}.`,
    remedy: 'Drop the model’s files here again; the settings stay.',
    retryable: false,
  }
}

/** The browser keeps no files, for lack of room or by its settings. */
export function notKept(reason: 'full' | 'forbidden'): EngineFailure {
  return {
    code: 'storage-full',
    message:
      reason === 'full'
        ? 'The browser has no room left to keep the model, so it is held in memory only.'
        : 'The browser does not let this page keep the model (a private window?), so it is held in memory only.',
    remedy:
      reason === 'full'
        ? 'Free some disk space so that the next visit need not download it again.'
        : 'The next visit downloads it again.',
    retryable: false,
  }
}

// ---- what keeps a start from working ----

export function noNetwork(): EngineFailure {
  return {
    code: 'download-failed',
    message: 'There is no network, or the server cannot be reached, and what is needed was not kept before.',
    remedy: 'Connect and try again.',
    retryable: true,
  }
}

export function newVersion(): EngineFailure {
  return {
    code: 'new-version',
    message: 'A new version of this page is on the server, and files of this one are gone.',
    remedy: 'Load the new version: the address keeps the settings.',
    retryable: false,
  }
}

// ---- workers and backends ----

export function workerDied(why: string): EngineFailure {
  return {
    code: 'worker-died',
    message: `The engine's worker stopped: ${why.replace(/\.$/, '')}.`,
    remedy: 'Start the engine again; if it stops again, choose another backend or fewer samples.',
    retryable: true,
  }
}

/** No worker can be started at all, and no backend can do without one. */
export function noWorker(why: string): EngineFailure {
  return {
    ...workerDied(why),
    remedy: 'The browser allows this page no worker, as in a frame that is sandboxed: open it in a tab of its own.',
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

export function noWebGpu(why: string): EngineFailure {
  return {
    code: 'no-webgpu',
    message: `WebGPU cannot be used: ${why}.`,
    remedy: 'Current browsers have it where hardware acceleration is on; WASM works everywhere.',
    retryable: false,
  }
}

export function noThreads(): EngineFailure {
  return {
    code: 'no-threads',
    message:
      'This page cannot use threads: the server does not isolate it from other sites, or there is one processor only.',
    remedy: 'Choose “automatic” or WASM with one thread.',
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

/** `backend`: its label. */
export function goldenMismatch(backend: string, relativeError: number): EngineFailure {
  return {
    code: 'golden-mismatch',
    message: `${backend} computes wrong numbers for this model (relative error ${relativeError.toPrecision(2)}), so it is not used.`,
    remedy: 'A newer browser or graphics driver may compute them right.',
    retryable: false,
  }
}

/** The same failure where the person chose this backend: nothing else is tried, so the way on is theirs. */
export function chosenFailed(backend: string, failure: EngineFailure): EngineFailure {
  return {
    ...failure,
    remedy: `Choose “automatic” to let the page take another backend than ${backend}. ${failure.remedy}`,
  }
}

// ---- runs ----

/** `where`: at which step of which method; `layered`: whether the method acts on layers that can be chosen. */
export function notFinite(where: string, layered: boolean): EngineFailure {
  return {
    code: 'not-finite',
    message: `The numbers left the range of floating point ${where}.`,
    remedy: layered
      ? 'Lower the scale, choose other layers, or reset the settings.'
      : 'Lower the scale, or reset the settings.',
    retryable: false,
  }
}
