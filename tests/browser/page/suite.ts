/** What every file of page tests stands on: the site on the imitation engine, one browser, and what a person does in words. */
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, inject } from 'vitest'
import { listen, siteServer } from '../../../src/cli/static-server.mjs'
import '../global-setup'
import { launch, type Session, type WatchedPage } from '../harness'

export interface PageSuite {
  /** Address of the page, ending in a slash. */
  readonly url: string
  readonly session: Session
  /** A page in a fresh profile, at `path` of the site. It is closed after the test, which fails if it met a problem. */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>
  /** The same with what it met, and a way to expect some of it. */
  watch(path?: string, options?: BrowserContextOptions): Promise<WatchedPage>
}

const DESK = { viewport: { width: 1440, height: 900 }, acceptDownloads: true }

/** Sets a file of page tests up; call once at its top. */
export function pageSuite(): PageSuite {
  let session: Session
  let url = ''
  let server: ReturnType<typeof siteServer>
  beforeAll(async () => {
    server = siteServer({ directory: inject('fakeSite'), isolation: true })
    await listen(server, 0, '127.0.0.1')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    session = await launch({ webgpu: false })
  })
  afterEach(async () => {
    try {
      session.expectClean()
    } finally {
      await session.reset()
    }
  })
  afterAll(async () => {
    await session.close()
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  })
  const watch = (path = '', options: BrowserContextOptions = {}) =>
    session.open(`${url}${path}`, { ...DESK, ...options })
  return {
    get url() {
      return url
    },
    get session() {
      return session
    },
    watch,
    open: async (path, options) => (await watch(path, options)).page,
  }
}

const STAGE = '[data-part="stage"]'

/** The accessible description of the pictures once a live run with these words in it has finished. */
export async function described(page: Page, words: string | RegExp): Promise<string> {
  const text = page.locator(`${STAGE} p`, { hasText: words }).filter({ hasText: /differs from|No guidance/ })
  await text.waitFor({ state: 'attached' })
  return (await text.textContent()) ?? ''
}

/** Waits until the engine is ready and its run has taken the place of the stored one. */
export async function live(page: Page): Promise<void> {
  await page.locator(`${STAGE}[data-origin="live"]`).waitFor()
}

/** Waits until the pictures are those of the settings. */
export async function settled(page: Page): Promise<void> {
  await page.locator(`${STAGE}[data-origin="live"][aria-busy="false"]`).waitFor()
}

/** Chooses a guidance method by its short name, as a person does. */
export async function chooseMethod(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Guidance method' }).click()
  await page
    .getByRole('option')
    .filter({ has: page.getByText(name, { exact: true }) })
    .click()
}

/** Bytes of the canvas of a picture on the stage, as a string to compare. */
export async function stagePixels(page: Page, panel: 0 | 1 | 2): Promise<string> {
  return page
    .locator(`${STAGE} figure`)
    .nth(panel)
    .locator('canvas')
    .first()
    .evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('not a canvas')
      return canvas.toDataURL()
    })
}
