/** A model by its address: what is typed, what lies beside it, and in which order it is asked for. */
import { expect, it } from 'vitest'
import { descriptionsAt, graphAt, typedAddress, weightsAt } from '../../../src/ui/rooms/open/address'
import { createFetching } from '../../../src/ui/rooms/open/fetching'
import type { BroughtFile } from '../../../src/worker/opener/files'

const OWN = 'https://page.example/play/#room=open'

it.each([
  ['https://a.example/unet/model.onnx', 'https://a.example/unet/model.onnx'],
  [' a.example/model.onnx#part ', 'https://a.example/model.onnx'],
  ['/models/net.onnx', 'https://page.example/models/net.onnx'],
  ['https://huggingface.co/a/b/blob/main/unet/model.onnx', 'https://huggingface.co/a/b/resolve/main/unet/model.onnx'],
  ['https://github.com/a/b/blob/main/x/model.onnx', 'https://raw.githubusercontent.com/a/b/main/x/model.onnx'],
])('%s', (typed, url) => {
  expect(typedAddress(typed, OWN)).toEqual({ kind: 'address', url })
})

it.each([
  ['http://a.example/model.onnx', 'https://'],
  ['javascript:alert(1)', 'https://'],
  ['https://me:secret@a.example/model.onnx', 'name or password'],
  ['https://huggingface.co/a/b', '.onnx'],
  ['https://', 'no address'],
])('%s is refused', (typed, why) => {
  const found = typedAddress(typed, OWN)
  expect(found.kind === 'fault' ? found.why : '').toContain(why)
})

it('files beside a graph are where the graph and diffusers have them, and never elsewhere', () => {
  const graph = 'https://a.example/sd/unet/model.onnx?download=true'
  expect(graphAt(graph).path).toBe('unet/model.onnx')
  expect(descriptionsAt(graph).map(({ path }) => path)).toEqual([
    'unet/config.json',
    'unet/manifest.json',
    'unet/scheduler_config.json',
    'scheduler/scheduler_config.json',
    'unet/model_index.json',
    'model_index.json',
  ])
  expect(weightsAt('./model.onnx_data', graph)).toEqual({
    url: 'https://a.example/sd/unet/model.onnx_data?download=true',
    path: 'unet/model.onnx_data',
  })
  expect(weightsAt('../../secret', graph)).toBeNull()
  expect(weightsAt('https://b.example/x', graph)?.url.startsWith('https://a.example/')).not.toBe(false)
})

/** A server of these files, by their path. */
function served(files: Readonly<Record<string, number>>) {
  const asked: string[] = []
  const reply = async (input: RequestInfo | URL, init?: RequestInit) => {
    const { pathname } = new URL(String(input instanceof Request ? input.url : input))
    asked.push(`${init?.method ?? 'GET'} ${pathname}`)
    const size = files[pathname]
    if (size === undefined) return new Response(null, { status: 404 })
    const head = init?.method === 'HEAD'
    const text = pathname.endsWith('.json') ? '{}'.padEnd(size) : 'x'.repeat(head ? 0 : size)
    return new Response(head ? null : text, { headers: { 'Content-Length': String(size) } })
  }
  const brought: (readonly BroughtFile[])[] = []
  const fetching = createFetching({
    drafts: null,
    fetch: reply,
    wait: async () => undefined,
    own: OWN,
    bring: (all) => void brought.push(all),
  })
  return { asked, brought, fetching }
}
const paths = (files: readonly BroughtFile[] | undefined) => files?.map(({ path }) => path)

it('a small graph comes with what describes it, then its weights', async () => {
  const { brought, fetching, asked } = served({ '/n/model.onnx': 10, '/n/config.json': 5, '/n/w.data': 7 })
  fetching.ask('https://a.example/n/model.onnx')
  await expect.poll(() => paths(brought[0])).toEqual(['n/model.onnx', 'n/config.json'])
  fetching.weights('n/model.onnx', ['w.data'])
  await expect.poll(() => paths(brought[1])).toEqual(['n/w.data'])
  // Of another graph, which was dropped, nothing is asked there.
  const before = asked.length
  fetching.weights('other.onnx', ['w.data'])
  expect(asked).toHaveLength(before)
})

it('of a large one the size is said first, and what no file can be is refused', async () => {
  const { brought, fetching, asked } = served({ '/large.onnx': 1.3e9, '/whole.onnx': 3e9 })
  fetching.ask('a.example/large.onnx')
  await expect.poll(() => fetching.store.getState().asking).toMatchObject({ kind: 'done', value: { bytes: 1.3e9 } })
  expect(asked).toEqual(['HEAD /large.onnx'])
  expect(brought).toEqual([])
  fetching.ask('a.example/whole.onnx')
  await expect.poll(() => fetching.store.getState().asking).toMatchObject({ kind: 'failed' })
  fetching.ask('a.example/none.onnx')
  await expect
    .poll(() => fetching.store.getState().asking)
    .toMatchObject({ kind: 'failed', why: expect.stringContaining('no such file') })
})
