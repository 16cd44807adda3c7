/** Why a start did not work: what the browser lacks, what forbids it, or which file of the site did not come and why. */
import { EngineError, noNetwork, runtimeFailed, type EngineFailure } from '../core/failure'

/** The browser, or a policy, has not what every backend needs. */
function unsupported(why: string, remedy: string): EngineFailure {
  return { code: 'unsupported', message: `The engine cannot run here: ${why}.`, remedy, retryable: false }
}

/** `why`: a clause on a file of the site that should have come. */
function siteFileFailed(file: string, why: string, remedy: string): EngineFailure {
  return { code: 'download-failed', message: `The page's file ${file} ${why}.`, remedy, retryable: true }
}

/** A policy kept the engine's worker from starting. */
export function workerForbidden(directive: string): EngineFailure {
  return unsupported(
    `a policy of the server forbids its worker (Content-Security-Policy, ${directive})`,
    "Whoever runs the server has to allow worker-src 'self'.",
  )
}

/** The smallest modules: an empty one, one with a memory that threads share, and one with a vector in it. */
const EMPTY = [0, 97, 115, 109, 1, 0, 0, 0]
const SHARED = [...EMPTY, 5, 4, 1, 3, 1, 1]
const VECTOR = [...EMPTY, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]

/** What the browser has not, or null. */
function lack(): EngineFailure | null {
  const wasm = (globalThis as { readonly WebAssembly?: typeof WebAssembly }).WebAssembly
  const newer = 'The page runs in Chrome or Edge 108, Firefox 114, Safari 16.4 (iOS 16.4), or newer.'
  const none = unsupported('this browser has no WebAssembly, or it is switched off', newer)
  if (!wasm) return none
  try {
    void new wasm.Module(Uint8Array.from(EMPTY))
  } catch {
    // What is valid is the same under a policy; Firefox without a compiler knows no shared memory.
    if (!wasm.validate(Uint8Array.from(SHARED))) return none
    return unsupported(
      "a policy of the server forbids WebAssembly (Content-Security-Policy without 'wasm-unsafe-eval')",
      "Whoever runs the server has to add 'wasm-unsafe-eval' to script-src.",
    )
  }
  if (!wasm.validate(Uint8Array.from(VECTOR)))
    return unsupported('this browser or its processor has no SIMD in WebAssembly', newer)
  if (!wasm.validate(Uint8Array.from(SHARED)))
    return unsupported('this browser has no shared memory in WebAssembly, or it is switched off', newer)
  return null
}

const SCRIPT = /\.m?js$/
const SCRIPT_TYPE = /^(?:application|text)\/(?:x-)?(?:java|ecma)script\b/i

/** What is wrong with a file of the site, or null. */
async function faultOfFile(file: string, ask: typeof fetch): Promise<EngineFailure | null> {
  const { pathname } = new URL(file)
  const name = pathname.slice(pathname.lastIndexOf('/') + 1)
  let response: Response
  try {
    response = await ask(file, { cache: 'no-cache' })
    await response.body?.cancel()
  } catch {
    // Whether it is this file alone that does not come.
    const reachable = await ask(new URL('../', file), { cache: 'no-store' }).then(
      () => true,
      () => false,
    )
    return reachable
      ? siteFileFailed(
          name,
          'was blocked on its way',
          'An extension, a filter of the network or a policy of the server may block it: allow it, and try again.',
        )
      : noNetwork()
  }
  if (!response.ok)
    return siteFileFailed(
      name,
      `did not come: the server answered ${response.status}`,
      response.status < 500 ? 'Load the page again: the server may have another version of it.' : 'Try again later.',
    )
  const type = response.headers.get('Content-Type') ?? ''
  return SCRIPT.test(pathname) && !SCRIPT_TYPE.test(type)
    ? siteFileFailed(
        name,
        `came as ${type === '' ? 'a file without a type' : type}, which browsers do not run`,
        'Whoever runs the server has to send .js files as text/javascript.',
      )
    : null
}

/** The cause of a failed start, or null where none is found. `files`: addresses of what it needs of the site. */
export async function causeOf(
  error: unknown,
  files: readonly string[],
  ask: typeof fetch = (...asked) => fetch(...asked),
): Promise<EngineFailure | null> {
  if (error instanceof EngineError) return error.failure
  const missing = lack()
  if (missing) return missing
  // Most browsers name the script that could not be imported.
  const named = /https?:\/\/[^\s'"]+\.js/.exec(error instanceof Error ? error.message : '')
  for (const file of new Set([...files, ...(named ?? [])])) {
    const fault = await faultOfFile(new URL(file, globalThis.location?.href).href, ask)
    if (fault) return fault
  }
  return null
}

/** What `start` gives; rejects with an EngineError that names the cause. */
export async function explained<T>(files: readonly string[], start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    throw new EngineError((await causeOf(error, files)) ?? runtimeFailed(error))
  }
}
