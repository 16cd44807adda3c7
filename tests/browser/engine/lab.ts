/** Serves the engine's test page with the real models and PyTorch's tensors, and lets tests reach into workers as they start. */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inject } from 'vitest'
import { ROOT } from '../../../src/cli/site.mjs'
import { listen, sendFile, siteServer, type Intercept } from '../../../src/cli/static-server.mjs'
import { fileServedAs } from '../../../src/model/served'
import '../global-setup'

export interface LabOptions {
  readonly isolation?: boolean
  /** Answers some requests itself (returns true). */
  readonly intercept?: Intercept
  /** JavaScript that runs in the engine's worker before anything else. */
  readonly prelude?: string
}

/** Serves the page; `close` when done. */
export async function serveLab({ isolation = true, intercept, prelude = '' }: LabOptions = {}) {
  const directory = inject('lab')
  const requests: string[] = []
  const server = siteServer({
    directory,
    isolation,
    intercept: async (request, response, path) => {
      requests.push(path)
      if (await intercept?.(request, response, path)) return true
      if (path.startsWith('/models/') || path.startsWith('/tests/golden/'))
        return sendFile(request, response, join(ROOT, fileServedAs(path)))
      if (prelude && /^\/assets\/worker-.*\.js$/.test(path)) {
        response.setHeader('Content-Type', 'text/javascript')
        // In a block of its own: the worker's chunk has names of its own at its top.
        response.end(`{\n${prelude}\n}\n${readFileSync(join(directory, path), 'utf8')}`)
        return true
      }
      return false
    },
  })
  await listen(server, 0, '127.0.0.1')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests: requests as readonly string[],
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
