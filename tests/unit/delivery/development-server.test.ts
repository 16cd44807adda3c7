import { readFileSync } from 'node:fs'
import { createServer, type ViteDevServer } from 'vite'
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

  it('sends a card as text, which a browser shows', async () => {
    const response = await fetch(`${origin}models/avatars/README.txt`)
    expect(response.headers.get('content-type')).toMatch(/^text\/(?:plain|markdown)/)
    expect(await response.text()).toBe(readFileSync('models/avatars/README.md', 'utf8'))
  })

  it("gives the page's code a module of the same file", async () => {
    expect((await fetch(`${origin}models/avatars/manifest.json?import`)).headers.get('content-type')).toContain(
      'javascript',
    )
  })
})
