/** What every file of page tests stands on: the site on the imitation engine, a browser, and what a person does in words. */
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Frame, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, inject } from 'vitest'
import { listen, siteServer } from '../../../src/cli/static-server.mjs'
import type { Role } from '../../../src/ui/run/run'
import '../global-setup'
import { launch, type Session, type WatchedPage } from '../harness'

export interface PageSuite {
  /** Address of the page, ending in a slash. */
  readonly url: string
  readonly session: Session
  /** A page in a fresh profile, at `path` of the site, with four steps unless the path says how many. It is closed after the test, which fails if it met a problem. */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>
  /** The same with what it met, and a way to expect some of it. */
  watch(path?: string, options?: BrowserContextOptions): Promise<WatchedPage>
  /**
   * One page for all tests of a `describe`, for tests that leave nothing behind but settings: gives it at a link's settings,
   * once the pictures are theirs.
   */
  shared(): (link?: string) => Promise<Page>
}

const DESK = { viewport: { width: 1440, height: 900 }, acceptDownloads: true }

/** The same place with few steps, for the time, unless it says how many. */
function fewSteps(path: string): string {
  if (path.includes('steps=')) return path
  return path.includes('#') ? `${path}&steps=4` : `${path}#v=2&steps=4`
}

/**
 * Sets a file of page tests up; call once at its top. `react`: of which version; that for development complains on the console
 * of what the other passes over.
 */
export function pageSuite({ react = 'production' }: { react?: 'production' | 'development' } = {}): PageSuite {
  let session: Session
  let url = ''
  let server: ReturnType<typeof siteServer>
  beforeAll(async () => {
    server = siteServer({ directory: inject(react === 'production' ? 'fakeSite' : 'developmentSite'), isolation: true })
    await listen(server, 0, '127.0.0.1')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    session = await launch({ webgpu: false, shell: true })
  })
  const kept = new Set<WatchedPage>()
  afterEach(async () => {
    try {
      session.expectClean()
    } finally {
      await session.reset(kept)
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
    session.open(`${url}${fewSteps(path)}`, { ...DESK, ...options })
  return {
    get url() {
      return url
    },
    get session() {
      return session
    },
    watch,
    open: async (path, options) => (await watch(path, options)).page,
    shared: () => {
      let watched: WatchedPage | undefined
      afterAll(() => void (watched && kept.delete(watched)))
      return async (link = '#v=2') => {
        if (!watched) kept.add((watched = await watch(link)))
        else await goTo(watched.page, fewSteps(link))
        await settled(watched.page)
        return watched.page
      }
    },
  }
}

/** Adds a style, as a test may and the page's own policy on styles forbids. */
export function addStyle(page: Page, rule: string): Promise<void> {
  return page.evaluate((text) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    document.adoptedStyleSheets.push(sheet)
  }, rule)
}

/** Opens a link in a page that is open already, as Back and Forward do. */
export function goTo(page: Page, link: string): Promise<void> {
  return page.evaluate((hash) => {
    history.pushState(null, '', hash)
    dispatchEvent(new PopStateEvent('popstate'))
  }, link)
}

/** A named part of the page: of a term of the stack (1 is the first) where one is given, else not of any. */
export function part(page: Page | Frame, name: string, term?: number): Locator {
  const selector = `[data-part="${name}"]`
  return page.locator(term === undefined ? `${selector}:not([data-term] *)` : `[data-term="${term}"] ${selector}`)
}

/** The slider of a part. */
export function slider(page: Page, name: string, term?: number): Locator {
  return part(page, name, term).getByRole('slider')
}

/** One choice of a part that is a choice among few. */
export function choice(page: Page, name: string, value: string): Locator {
  return part(page, name).locator(`[data-value="${value}"]`)
}

/** The choice of a part that is chosen. */
export async function chosen(page: Page, name: string): Promise<string | null> {
  return part(page, name).locator('[aria-pressed="true"]').getAttribute('data-value')
}

/** Waits until the engine is ready and its run has taken the place of the stored one. */
export async function live(page: Page): Promise<void> {
  await page.locator('[data-part="stage"][data-origin="live"]').waitFor()
}

/** What the pictures can be waited for to be of. */
export interface Shown {
  readonly method?: string
  readonly scale?: number
  readonly seed?: number
  readonly steps?: number
  readonly stack?: string
}

/** Waits until the pictures are those of the settings, and the settings are such. */
export async function settled(page: Page, shown: Shown = {}): Promise<void> {
  const wanted = Object.entries(shown).map(([key, value]) => `[data-${key}="${value}"]`)
  await page.locator(`[data-part="stage"][data-origin="live"][aria-busy="false"]${wanted.join('')}`).waitFor()
  // What is loaded later may stand on one page and not yet on another.
  await page.locator('body:not(:has([data-coming]))').waitFor()
}

/** The accessible description of the pictures. */
export async function description(page: Page): Promise<string> {
  return (await part(page, 'description').textContent()) ?? ''
}

/** Chooses a method by its id, as a person does; of a term of the stack where one is given, or a further one. */
export async function chooseMethod(page: Page, id: string, chooser = part(page, 'method')): Promise<void> {
  await chooser.click()
  // A menu that was open before keeps its options, hidden.
  await page.locator(`[role="option"][data-method="${id}"]:visible`).click()
}

/** The canvas of a picture on the stage, as a string to compare. */
export async function stagePixels(page: Page, panel: Role): Promise<string> {
  return part(page, `panel-${panel}`)
    .locator('canvas')
    .first()
    .evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('not a canvas')
      return canvas.toDataURL()
    })
}

/** All three. */
export function pictures(page: Page): Promise<[positive: string, negative: string, guided: string]> {
  return Promise.all([stagePixels(page, 'positive'), stagePixels(page, 'negative'), stagePixels(page, 'guided')])
}
