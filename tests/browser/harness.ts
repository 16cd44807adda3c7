/**
 * What browser tests stand on: the built site behind a static server of our own, and a real Chromium driven by
 * playwright-core whose pages fail the test on any console error, exception or failed request that was not expected.
 */
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { findChromium, findHeadlessShell } from '../../src/cli/chromium.mjs'
import { listen, siteServer } from '../../src/cli/static-server.mjs'
import type { Intercept } from '../../src/cli/static-server.mjs'
import './global-setup'

export interface Site {
  /** Address of the page, ending in a slash. */
  readonly url: string
  /** Paths inside the site, in the order they were asked for: `/`, `/models/avatars/manifest.json`. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

export interface SiteOptions {
  /** Whether the host sends the cross-origin isolation headers. */
  readonly isolation: boolean
  /** Sub-path, beginning and ending in a slash. */
  readonly base?: string
  /** Answers some requests itself (returns true), such as a download that is cut off. */
  readonly intercept?: Intercept
}

/** Serves the built site on a free port of 127.0.0.1, a secure context. */
export async function serveSite({ isolation, base = '/', intercept }: SiteOptions): Promise<Site> {
  const requests: string[] = []
  const server = siteServer({
    directory: inject('site'),
    isolation,
    base,
    intercept: (request, response, path) => {
      requests.push(path)
      return intercept?.(request, response, path) ?? false
    },
  })
  await listen(server, 0, '127.0.0.1')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export interface WatchedPage {
  readonly page: Page
  /** Console errors, uncaught exceptions and failed requests so far, but for the allowed ones. */
  readonly problems: readonly string[]
  /** From now on, problems that match are expected. */
  allow(pattern: RegExp): void
  /** What it met so far has been told. */
  forget(): void
}

export interface Session {
  /** A page in a fresh profile (own storage, own service workers). */
  open(url?: string, options?: BrowserContextOptions): Promise<WatchedPage>
  /** Throws where any page met a problem that was not allowed; call at the end of each test. */
  expectClean(): void
  /** Closes the pages, but for those kept, and forgets their problems; the browser stays, for the next test. */
  reset(kept?: ReadonlySet<WatchedPage>): Promise<void>
  /** Closes all pages; the browser stays, for the next file. */
  close(): Promise<void>
}

export interface LaunchOptions {
  /** Turns on WebGPU, in software where there is no GPU. */
  readonly webgpu: boolean
  /** Leaves WebAssembly as its first compiler gives it: as right, and sooner there where little is computed in it. */
  readonly quick?: boolean
  /** Takes the same Chromium without a window of its own: for whatever is the web platform's, and not the browser's around it. */
  readonly shell?: boolean
}

async function started({ webgpu, quick = false, shell = false }: LaunchOptions): Promise<Browser> {
  const executablePath = shell ? findHeadlessShell() : findChromium()
  if (!executablePath) throw new Error('no Chromium found; npm test installs one or says how to')
  return chromium.launch({
    executablePath,
    args: [
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Chromium refuses its sandbox to root, as in a container.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(quick ? ['--js-flags=--liftoff-only'] : []),
      ...(webgpu ? ['--enable-unsafe-webgpu'] : ['--disable-gpu']),
    ],
  })
}

/** Browsers that run, one of each kind: test files share them, each with profiles of its own. They end with the process. */
const running = new Map<string, Promise<Browser>>()

/** Pages in a Chromium of this kind, which is started unless one runs. */
export async function launch(options: LaunchOptions): Promise<Session> {
  const kind = JSON.stringify(options)
  const starting = running.get(kind) ?? started(options)
  running.set(kind, starting)
  const browser = await starting
  let pages: WatchedPage[] = []
  const reset: Session['reset'] = async (kept = new Set()) => {
    const closed = pages.filter((watched) => !kept.has(watched))
    pages = pages.filter((watched) => kept.has(watched))
    for (const watched of pages) watched.forget()
    await Promise.all(closed.map(({ page }) => page.context().close()))
  }
  return {
    async open(url, options) {
      const watched = await watchedPage(browser, options)
      pages.push(watched)
      if (url !== undefined) await watched.page.goto(url)
      return watched
    },
    expectClean() {
      const problems = pages.flatMap((page) => page.problems)
      if (problems.length > 0) throw new Error(`the page met problems:\n  ${problems.join('\n  ')}`)
    },
    reset,
    close: () => reset(),
  }
}

async function watchedPage(browser: Browser, options?: BrowserContextOptions): Promise<WatchedPage> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const found: string[] = []
  const allowed: RegExp[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') found.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => found.push(`exception: ${error.message}`))
  page.on('crash', () => found.push('the page crashed'))
  context.on('response', (response) => {
    if (response.status() >= 400) found.push(`status ${response.status()}: ${response.url()}`)
  })
  return {
    page,
    get problems() {
      return found.filter((problem) => !allowed.some((pattern) => pattern.test(problem)))
    },
    allow: (pattern) => void allowed.push(pattern),
    forget: () => void found.splice(0),
  }
}
