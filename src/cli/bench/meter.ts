/** Stands between a browser and a served page: counts what travels, and lets no more through than a connection would. */
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

export interface Fetched {
  /** Path inside the site. */
  readonly path: string
  /** Bytes of the body as they travelled, and as the page reads them. */
  readonly transferred: number
  readonly decoded: number
}

interface Counted {
  readonly path: string
  readonly encoding: string
  readonly body: Buffer[]
  bytes: number
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
}

function fetched({ path, encoding, body, bytes }: Counted): Fetched {
  const decode = DECODERS[encoding]
  return { path, transferred: bytes, decoded: decode ? decode(Buffer.concat(body)).byteLength : bytes }
}

/** A piece that waits its turn; small, so that many files share the connection. */
const PIECE = 16 * 1024

const QUIET_MS = 3000

export class Meter {
  /** Bytes a second that all connections share; null for as many as there are. */
  limit: number | null = null
  /** What is put before a script that the page loads, to look into it; null for nothing. */
  prepended: { readonly path: RegExp; readonly text: string } | null = null
  #counted: Counted[] = []
  /** When the connection is free again, by the clock of the process. */
  #free = 0
  readonly #server = createServer((request, response) => this.#pass(request, response))

  constructor(private readonly target: string) {}

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  /** Address of the page behind it, ending in a slash. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  /** What came since it was last asked. */
  take(): readonly Fetched[] {
    const counted = this.#counted
    this.#counted = []
    return counted.map(fetched)
  }

  /** Waits until nothing was asked for in a while. */
  async quiet(): Promise<void> {
    for (let before = -1; before !== this.#counted.length;) {
      before = this.#counted.length
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
    }
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').split('?')[0]!
    const before = this.prepended?.path.test(path) ? this.prepended.text : null
    const { 'accept-encoding': packed, ...plain } = request.headers
    const headers = before === null && packed ? { ...plain, 'accept-encoding': packed } : plain
    const upstream = ask(new URL(request.url ?? '/', this.target), { method: request.method, headers })
    upstream.on('error', () => response.destroy())
    response.on('close', () => upstream.destroy())
    upstream.on('response', (answer) => {
      const { 'content-length': length, ...rest } = answer.headers
      response.writeHead(
        answer.statusCode ?? 502,
        before === null && length ? { ...rest, 'content-length': length } : rest,
      )
      if (before !== null) response.write(before)
      const counted: Counted = {
        path,
        encoding: answer.headers['content-encoding'] ?? '',
        body: [],
        bytes: 0,
      }
      this.#counted.push(counted)
      // A visitor who leaves closes the connection: nothing to report.
      pipeline(
        answer,
        (source: AsyncIterable<Buffer>) => this.#pieces(source, counted),
        response,
        () => undefined,
      )
    })
    request.pipe(upstream)
  }

  async *#pieces(source: AsyncIterable<Buffer>, counted: Counted): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      if (counted.encoding !== '') counted.body.push(chunk)
      for (let at = 0; at < chunk.byteLength; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE)
        await this.#turn(piece.byteLength)
        counted.bytes += piece.byteLength
        yield piece
      }
    }
  }

  /** Waits until so many bytes fit through. */
  async #turn(bytes: number): Promise<void> {
    if (this.limit === null) return
    const now = performance.now()
    this.#free = Math.max(now, this.#free) + (1000 * bytes) / this.limit
    const wait = this.#free - now
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
