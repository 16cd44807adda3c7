import { afterEach, expect, test, vi } from 'vitest'
import { withJoined } from '../../../src/worker/runtimes/joined'

afterEach(() => vi.unstubAllGlobals())

/** A worker's global whose `fetch` knows these files, each in pieces of two bytes. */
function worker(files: Readonly<Record<string, readonly number[]>>) {
  const native = vi.fn<(input: string) => Promise<Response>>(async (input) => {
    const bytes = files[input]
    if (!bytes) return new Response(null, { status: 404 })
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < bytes.length; i += 2) controller.enqueue(Uint8Array.from(bytes.slice(i, i + 2)))
        controller.close()
      },
    })
    return new Response(stream)
  })
  const global = { fetch: native }
  vi.stubGlobal('self', global)
  return { native, global }
}

test('gives the parts in order, as WebAssembly, to whoever fetches the address, and only while it starts', async () => {
  const { native, global } = worker({ a: [1, 2, 3], b: [], c: [4, 5], other: [9] })
  const got = await withJoined('whole', ['a', 'b', 'c'], async () => {
    const response = await global.fetch('whole')
    const other = await global.fetch('other')
    return {
      type: response.headers.get('Content-Type'),
      bytes: [...new Uint8Array(await response.arrayBuffer())],
      other: [...new Uint8Array(await other.arrayBuffer())],
    }
  })
  expect(got).toEqual({ type: 'application/wasm', bytes: [1, 2, 3, 4, 5], other: [9] })
  expect(global.fetch).toBe(native)
})

test('a part that does not come fails the start, and leaves fetch as it was', async () => {
  const { native, global } = worker({ a: [1] })
  await expect(withJoined('whole', ['a', 'b'], () => global.fetch('whole'))).rejects.toThrow('404')
  expect(global.fetch).toBe(native)
})
