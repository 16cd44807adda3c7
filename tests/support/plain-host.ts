/**
 * Hosts that know nothing of this project: Debian 12's nginx 1.22 with its own table of types where it is installed, and a
 * server of a few lines that answers with the same table.
 */
import { spawn, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { listen } from '../../src/cli/static-server.mjs'
import types from './nginx-1.22-types.json'

export interface PlainHost {
  readonly port: number
  close(): Promise<void>
}

/** The type that the host gives a file, by the end of its name. */
export function typeOf(file: string): string | undefined {
  return new Map(Object.entries(types)).get(extname(file).slice(1))
}

export const hasNginx = spawnSync('nginx', ['-v']).status === 0

/** nginx as Debian ships it, one site in a folder; `base` begins and ends in a slash. */
export async function nginx(site: string, base: string): Promise<PlainHost> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'))
  const place = join(folder, 'root', base).replace(/\/$/, '')
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(site, place)
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join(' ')
  // Without the privileges of a service, so everything that it writes lies in the folder.
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${join(folder, 'pid')}; error_log stderr notice;
${process.getuid?.() === 0 ? 'user root;' : ''} events {}
http { include /etc/nginx/mime.types; default_type application/octet-stream; access_log off; ${temporary}
  server { listen 127.0.0.1:${port}; root ${join(folder, 'root')}; } }
`,
  )
  const server = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      // It listens by then.
      if (said.includes('start worker process')) resolve()
    })
    void ended.then(() => reject(new Error(`nginx did not start: ${said}`)))
  })
  return {
    port,
    async close() {
      server.kill('SIGQUIT')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

/** The same host in a few lines, for machines without nginx: its types, no header of its own. */
export async function likeNginx(site: string, base: string): Promise<PlainHost> {
  const server = createServer(async (request, response) => {
    // A proxy's request names the whole address.
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    const path = decodeURIComponent(pathname.slice(base.length - 1))
    const file = join(site, path.endsWith('/') ? `${path}index.html` : path)
    try {
      if (!pathname.startsWith(base)) throw new Error('outside')
      const bytes = await readFile(file)
      response.writeHead(200, { 'Content-Type': typeOf(file) ?? 'application/octet-stream' }).end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  const port = await listen(server, 0, '127.0.0.1')
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server, 0, '127.0.0.1')
  await new Promise((resolve) => server.close(resolve))
  return port
}
