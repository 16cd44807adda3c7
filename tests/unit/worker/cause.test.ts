import { afterEach, describe, expect, test, vi } from 'vitest'
import { downloadFailed, EngineError, type EngineFailure } from '../../../src/core/failure'
import { causeOf } from '../../../src/worker/cause'

afterEach(() => vi.unstubAllGlobals())

const FILES = ['https://site.test/app/assets/glue-1a.js', 'https://site.test/app/assets/runtime-2b.wasm']
const SCRIPT = { headers: { 'Content-Type': 'text/javascript; charset=utf-8' } }

/** A host that answers for addresses that end so; what it does not know fails like a network. */
function host(answers: Readonly<Record<string, () => Response>>): typeof fetch {
  return async (input) => {
    const address = input instanceof Request ? input.url : String(input)
    const answer = Object.entries(answers).find(([end]) => address.endsWith(end))?.[1]
    if (!answer) throw new TypeError('Failed to fetch')
    return answer()
  }
}

const good = { '.js': () => new Response('', SCRIPT), '.wasm': () => new Response(''), '/app/': () => new Response('') }

async function cause(answers: Parameters<typeof host>[0], error: unknown = new Error('x')): Promise<string> {
  const failure: EngineFailure | null = await causeOf(error, FILES, host(answers))
  return failure ? `${failure.code}: ${failure.message} ${failure.remedy}` : 'none'
}

describe('a start that failed', () => {
  test('has no cause in files that come as they should', async () => {
    expect(await cause(good)).toBe('none')
  })

  test.each([
    [
      'a script of the wrong type',
      { ...good, '.js': () => new Response('') },
      /glue-1a\.js came as .*\.js files as text\/javascript/,
    ],
    [
      'a page in a script’s place',
      { ...good, '.js': () => new Response('', { headers: { 'Content-Type': 'text/html' } }) },
      /glue-1a\.js came as text\/html/,
    ],
    [
      'a file that is gone',
      { ...good, '.wasm': () => new Response('', { status: 404 }) },
      /runtime-2b\.wasm did not come: the server answered 404.*another version/,
    ],
    [
      'a server in trouble',
      { ...good, '.wasm': () => new Response('', { status: 503 }) },
      /runtime-2b\.wasm.*503.*later/,
    ],
    [
      'one file that is blocked',
      { '.js': good['.js'], '/app/': good['/app/'] },
      /runtime-2b\.wasm was blocked.*extension/,
    ],
    ['no network', {}, /no network/],
  ])('names %s', async (_, answers, said) => {
    expect(await cause(answers)).toMatch(said)
  })

  test('names the script that could not be imported', async () => {
    const error = new TypeError('Failed to fetch dynamically imported module: https://site.test/app/assets/wasm-3c.js')
    const answers = { 'wasm-3c.js': () => new Response('', { status: 404 }), ...good }
    expect(await cause(answers, error)).toMatch(/wasm-3c\.js.*404/)
  })

  test('keeps a cause that is known', async () => {
    expect(await cause({}, new EngineError(downloadFailed('a.bin', 'x')))).toMatch(/^download-failed: .*a\.bin/)
  })
})

describe('a browser', () => {
  const { WebAssembly } = globalThis
  const { Module, validate } = WebAssembly
  const refused = () => {
    throw new EvalError('no')
  }
  /** Refuses modules with a byte that none other of those asked about has. */
  const without = (byte: number) => ({
    Module,
    validate: (bytes: Uint8Array<ArrayBuffer>) => !bytes.includes(byte) && validate(bytes),
  })
  test.each([
    ['without WebAssembly', undefined, /no WebAssembly/],
    ['without a compiler', { ...without(4), Module: refused }, /no WebAssembly/],
    ['under a policy', { Module: refused, validate }, /policy .*wasm-unsafe-eval/],
    ['without SIMD', without(253), /no SIMD/],
    ['without shared memory', without(4), /no shared memory/],
  ])('%s is said to be', async (_, stub, said) => {
    vi.stubGlobal('WebAssembly', stub)
    expect(await cause(good)).toMatch(said)
  })

  test('with SIMD is no cause: the module with a vector is one', async () => {
    // Were it malformed, every browser would be told that it lacks SIMD.
    expect(await cause(good)).toBe('none')
  })
})
