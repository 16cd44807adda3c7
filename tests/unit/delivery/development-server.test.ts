import { readFileSync } from 'node:fs'
import { createServer, type ViteDevServer } from 'vite'
import { cardAddress, servedName } from '../../../src/model/served'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: ViteDevServer
let origin: string

beforeAll(async () => {
  server = await createServer({
    configFile: 'vite.config.ts',
    logLevel: 'error',
    server: { port: 0, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
  })
  await server.listen()
  origin = server.resolvedUrls!.local[0]!
})
afterAll(() => server.close())

describe('the development server', () => {
  it('sends files of models as they stand', async () => {
    const response = await fetch(`${origin}models/avatars/manifest.json`)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toMatchObject({ id: 'avatars' })
  })

  it('sends a card as a page', async () => {
    const response = await fetch(`${origin}${cardAddress('avatars')}`)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.text()).toContain(readFileSync('models/avatars/README.md', 'utf8').split('\n')[0])
  })

  it('sends a graph under the name that the site has it by', async () => {
    const response = await fetch(`${origin}models/tiny/${servedName('graph.onnx')}`)
    expect(Buffer.from(await response.arrayBuffer()).equals(readFileSync('models/tiny/graph.onnx'))).toBe(true)
  })

  it("gives the page's code a module of the same file", async () => {
    expect((await fetch(`${origin}models/avatars/manifest.json?import`)).headers.get('content-type')).toContain(
      'javascript',
    )
  })
})
