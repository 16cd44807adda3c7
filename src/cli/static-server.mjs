// Serves a folder as a static host would: content types, entity tags, byte ranges, compression and the isolation headers where
// asked for.
// Plain JavaScript on Node alone, shared by `npm start`, the development server's models and the browser tests.
// @ts-check
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { pipeline } from 'node:stream'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'

/** Cross-origin isolation, which WASM threads need. */
export const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** @type {Record<string, string>} */
const CONTENT_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
  '.bin': 'application/octet-stream',
}

/** What compression makes at least a third smaller; networks' weights and pictures are as small as they get. */
const COMPRESSIBLE = /\.(?:html|m?js|css|json|webmanifest|md|txt|svg|wasm|onnx|onnx\.bin)$/
/** Under this an answer fits in one packet as it is. */
const WORTH_BYTES = 1000

/**
 * The encodings that a browser may be answered in, the best first, each quick enough to be made while it is sent: some 35 MB/s of a
 * core. Brotli at 5 is 15 to 25 % smaller than gzip.
 * @type {readonly { readonly name: string, readonly make: () => import('node:stream').Duplex }[]}
 */
const ENCODINGS = [
  { name: 'br', make: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) },
  { name: 'gzip', make: () => createGzip() },
]

/**
 * The best of our encodings that an Accept-Encoding header takes (RFC 9110, section 12.5.3), or null for none.
 * @param {string | string[] | undefined} header
 */
export function encodingFor(header) {
  const taken = new Map(
    String(header ?? '')
      .toLowerCase()
      .split(',')
      .map((entry) => {
        const [name = '', ...parameters] = entry.split(';').map((part) => part.trim())
        const weight = parameters.find((parameter) => parameter.startsWith('q='))
        return [name, weight === undefined ? 1 : Number(weight.slice(2))]
      }),
  )
  return ENCODINGS.find(({ name }) => (taken.get(name) ?? taken.get('*') ?? 0) > 0) ?? null
}

/**
 * The bytes that a Range header asks for, both ends included; null for the whole file, 'unsatisfiable' past its end.
 * Several ranges at once are answered with the whole file, which the standard allows.
 * @param {string | undefined} header
 * @param {number} size bytes of the file
 * @returns {{ first: number, last: number } | 'unsatisfiable' | null}
 */
export function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  if (match[1] === '') {
    const suffix = Math.min(Number(match[2]), size)
    return suffix === 0 ? 'unsatisfiable' : { first: size - suffix, last: size - 1 }
  }
  const first = Number(match[1])
  const last = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)
  if (match[2] !== '' && Number(match[2]) < first) return null
  return first < size ? { first, last } : 'unsatisfiable'
}

/**
 * Answers a GET or HEAD with one file, or returns false where there is none.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} file
 * @param {{ readonly cacheControl?: string, readonly compress?: boolean }} [options]
 * @returns {boolean}
 */
export function sendFile(request, response, file, { cacheControl = 'no-cache', compress = false } = {}) {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat?.isFile()) return false
  const varies = compress && stat.size >= WORTH_BYTES && COMPRESSIBLE.test(file)
  // Ranges count the bytes of the file itself.
  const encoding =
    varies && request.headers.range === undefined ? encodingFor(request.headers['accept-encoding']) : null
  const version = `${stat.size.toString(36)}-${Math.floor(stat.mtimeMs).toString(36)}`
  const tag = encoding ? `"${version}-${encoding.name}"` : `"${version}"`
  response.setHeader('Content-Type', CONTENT_TYPES[extname(file)] ?? 'application/octet-stream')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  // Nothing of a site is secret, and in a sandboxed frame its own words on why it does not start come from another origin.
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
  response.setHeader('Cache-Control', cacheControl)
  response.setHeader('ETag', tag)
  response.setHeader('Accept-Ranges', 'bytes')
  if (varies) response.setHeader('Vary', 'Accept-Encoding')
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304).end()
    return true
  }
  if (encoding) {
    response.writeHead(200, { 'Content-Encoding': encoding.name })
    if (request.method === 'HEAD') response.end()
    else pipeline(createReadStream(file), encoding.make(), response, () => {})
    return true
  }
  const fresh = request.headers['if-range'] === undefined || request.headers['if-range'] === tag
  const range = fresh ? parseRange(request.headers.range, stat.size) : null
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${stat.size}` }).end()
    return true
  }
  const { first, last } = range ?? { first: 0, last: stat.size - 1 }
  if (range) response.setHeader('Content-Range', `bytes ${first}-${last}/${stat.size}`)
  response.writeHead(range ? 206 : 200, { 'Content-Length': last - first + 1 })
  if (request.method === 'HEAD' || stat.size === 0) response.end()
  // A person who leaves mid-download closes the socket: nothing to report.
  else pipeline(createReadStream(file, { start: first, end: last }), response, () => {})
  return true
}

/**
 * Decides a request's answer before the folder is looked at; returns true where it has answered.
 * @callback Intercept
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} path path inside the site, such as `/models/<id>/manifest.json`
 * @returns {boolean | Promise<boolean>}
 */

/**
 * A server for a built site; not yet listening.
 * @param {{ directory: string, isolation: boolean, compress?: boolean, base?: string, intercept?: Intercept | undefined }} options
 *   `base`: the site's sub-path, beginning and ending in a slash
 * @returns {import('node:http').Server}
 */
export function siteServer({ directory, isolation, compress = false, base = '/', intercept }) {
  return createServer(async (request, response) => {
    try {
      if (isolation) for (const [name, value] of Object.entries(ISOLATION_HEADERS)) response.setHeader(name, value)
      const fail = (/** @type {number} */ status, /** @type {string} */ text) =>
        response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
      const pathname = decodePath(request.url ?? '/')
      if (pathname === null) return void fail(400, 'Bad request')
      if (base !== '/' && pathname === base.slice(0, -1)) return void response.writeHead(301, { Location: base }).end()
      if (!pathname.startsWith(base)) return void fail(404, 'Not found')
      const path = pathname.slice(base.length - 1)
      if (intercept && (await intercept(request, response, path))) return
      if (request.method !== 'GET' && request.method !== 'HEAD') return void fail(405, 'Only GET and HEAD')
      const file = normalize(join(directory, path.endsWith('/') ? `${path}index.html` : path))
      if (!file.startsWith(normalize(directory + sep))) return void fail(404, 'Not found')
      // Names under assets/ carry a hash of their content.
      const cacheControl = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
      if (!sendFile(request, response, file, { cacheControl, compress })) fail(404, 'Not found')
    } catch (error) {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

/** @param {string} url */
function decodePath(url) {
  try {
    const path = decodeURIComponent(url.split(/[?#]/)[0] ?? '/')
    return path.includes('\0') ? null : path
  } catch {
    return null
  }
}

/**
 * Listens on a port and returns the one taken: the next free one where it is in use, any free one for 0.
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>}
 */
export async function listen(server, port, host) {
  for (let candidate = port; ; candidate++) {
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(candidate, host, () => {
          server.off('error', reject)
          resolve(undefined)
        })
      })
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE' && port !== 0 && candidate < port + 100)
        continue
      throw error
    }
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    return address.port
  }
}
