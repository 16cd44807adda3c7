/** A person's browser on one build: opens the page, presses what a person presses, and tells what was seen and what it took. */
import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from 'playwright-core'
import { backends } from '../../worker/backend-registry'
import { CpuClock, now } from './cpu'
import type { Meter } from './meter'
import type { Served } from './served'
import { hearWorkers, type Heard, type Opened, type Seen, seeStage, watchGestures, watchOpening } from './witness'

export interface VisitorOptions {
  readonly executablePath: string
  /** Family of the pictures. */
  readonly model: string
  /** The family that an address without a hash opens. */
  readonly isDefault: boolean
  /** What the page chooses for itself, or the id of a backend. */
  readonly backend: string
  /** Cores that the page is told of; null for those that there are. */
  readonly cores: number | null
}

/** What a person did, and what came of it. */
export interface Act extends Seen {
  /** Milliseconds on a processor until the pictures were there; null where this system does not tell. */
  readonly cpu: number | null
  /** The same of any two moments in it. */
  readonly used: (from: number, to: number) => number | null
}

/** One visit, from an empty browser or to a page that was there before. */
export interface Opening {
  readonly page: Page
  readonly seen: Opened & { readonly ready: number | null; readonly heard: readonly Heard[] }
  readonly cpu: number | null
}

const PATIENCE_MS = 240_000
/** A page that takes less of a core than this is at rest. */
const IDLE = 0.08
const REST_LOOK_MS = 400
const REST_LOOKS = 2
/** What draws ahead without end is not waited for. */
const REST_MS = 30_000

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Said in full, so that both builds draw the same whatever they begin with. */
export const STEPS = 16
const SETTINGS = 'method=pag&layers=all&scale=0.5&solver=euler'

export class Visitor {
  #play: Promise<Page> | null = null
  #context: Promise<BrowserContext> | null = null
  /** The same on each build. */
  #seed = 1000

  private constructor(
    readonly served: Served,
    readonly meter: Meter,
    readonly browser: Browser,
    readonly options: VisitorOptions,
    private readonly devtools: CDPSession,
  ) {}

  static async arrive(served: Served, meter: Meter, options: VisitorOptions): Promise<Visitor> {
    const browser = await chromium.launch({
      executablePath: options.executablePath,
      args: [
        '--no-first-run',
        '--disable-background-networking',
        '--disable-background-timer-throttling',
        '--disable-renderer-backgrounding',
        '--disable-backgrounding-occluded-windows',
        ...(options.backend === 'webgpu' ? ['--enable-unsafe-webgpu'] : []),
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    })
    return new Visitor(served, meter, browser, options, await browser.newBrowserCDPSession())
  }

  leave(): Promise<void> {
    return this.browser.close()
  }

  /** Forgets the page that was played with, where it no longer does what it should. */
  async startOver(): Promise<void> {
    const context = await this.#context
    this.#play = this.#context = null
    await context?.close()
  }

  /** Processes that draw pages and compute in their workers. */
  async renderers(): Promise<readonly number[]> {
    const { processInfo } = await this.devtools.send('SystemInfo.getProcessInfo')
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  }

  /** A browser profile that knows nothing of the page. */
  async freshContext(serviceWorkers: 'allow' | 'block' = 'allow'): Promise<BrowserContext> {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers })
    context.setDefaultTimeout(PATIENCE_MS)
    // What a compiler of TypeScript puts around functions is not there in the page.
    await context.addInitScript('globalThis.__name = (value) => value')
    for (const script of [hearWorkers, seeStage, watchGestures, watchOpening]) await context.addInitScript(script)
    return context
  }

  /** The address of settings, or of the page as it opens for a newcomer. */
  address(settings: 'newcomer' | { readonly seed: number; readonly steps?: number }): string {
    const { model, isDefault } = this.options
    if (settings !== 'newcomer') {
      const { seed, steps = STEPS } = settings
      return `${this.meter.url}#v=3&model=${model}&${SETTINGS}&steps=${steps}&seed=${seed}`
    }
    return isDefault ? this.meter.url : `${this.meter.url}#v=3&model=${model}`
  }

  /** Opens an address and waits until the engine is ready and the page at rest; the page's own thread so many times slower. */
  async open(context: BrowserContext, address: string, slower = 1): Promise<Opening> {
    const page = await context.newPage()
    const { cores } = this.options
    const own = await context.newCDPSession(page)
    if (cores !== null) await own.send('Emulation.setHardwareConcurrencyOverride', { hardwareConcurrency: cores })
    if (slower > 1) await own.send('Emulation.setCPUThrottlingRate', { rate: slower })
    const clock = new CpuClock(() => this.renderers())
    await clock.start()
    const opened = async () => {
      await page.goto(address)
      await page.waitForFunction(() => window.witness.heard.some(({ kind }) => kind === 'ready'))
      await this.rest()
      return page.evaluate(() => ({ ...window.witness.opened(), heard: window.witness.heard }))
    }
    const seen = await opened().finally(() => clock.stop())
    const ready = seen.heard.find(({ kind }) => kind === 'ready')?.at ?? null
    const until = seen.live ?? ready
    return { page, seen: { ...seen, ready }, cpu: until === null ? null : clock.between(seen.began, until) }
  }

  /** The context of a person who was here before. */
  returning(): Promise<BrowserContext> {
    return (this.#context ??= this.freshContext())
  }

  /** The page of a person who plays: it stays open between figures. */
  play(): Promise<Page> {
    return (this.#play ??= (async () => {
      const { page } = await this.open(await this.returning(), this.address({ seed: 1 }))
      await this.choose(page)
      return page
    })())
  }

  /** Chooses the backend as a person does, where the page is not to choose. */
  async choose(page: Page): Promise<void> {
    const { backend } = this.options
    if (backend === 'auto') return
    // The page's own choice stands first.
    const place = 1 + backends.findIndex(({ id }) => id === backend)
    await page.evaluate(() => void window.witness.arm(false))
    await page.locator('[data-part="engine"]').click()
    await page.locator('input[name="backend"]').nth(place).check()
    await page.waitForFunction(() => window.witness.heard.some(({ kind }) => kind === 'ready'))
    await page.keyboard.press('Escape')
    await this.rest()
  }

  /**
   * Goes to the settings at a seed that nobody drew yet, and waits until their pictures are there and the page at rest. What it took of
   * a processor in between, for whatever it draws ahead.
   */
  async elsewhere(page: Page): Promise<number | null> {
    const seed = this.#seed++
    await page.bringToFront()
    await page.evaluate(
      (hash) => {
        history.pushState(null, '', hash)
        dispatchEvent(new PopStateEvent('popstate'))
      },
      new URL(this.address({ seed })).hash,
    )
    await page.locator(`[data-part="stage"][data-origin="live"][aria-busy="false"][data-seed="${seed}"]`).waitFor()
    const clock = new CpuClock(() => this.renderers())
    await clock.start()
    const from = now()
    await this.rest().finally(() => clock.stop())
    return clock.between(from, now())
  }

  /** Does what a person does, and looks until the pictures are there. */
  async act(page: Page, doing: () => Promise<unknown>, whole = false): Promise<Act> {
    await page.bringToFront()
    await page.evaluate((every) => void window.witness.arm(every), whole)
    const clock = new CpuClock(() => this.renderers())
    await clock.start()
    const seen = page.evaluate(() => window.witness.full())
    seen.catch(() => undefined)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the pictures did not come')), PATIENCE_MS)
    })
    const found = await Promise.race([doing().then(() => seen), late]).finally(async () => {
      clearTimeout(timer)
      await clock.stop()
    })
    const used = (from: number, to: number) => clock.between(from, to)
    return { ...found, cpu: used(found.began, found.full), used }
  }

  /** Waits until no page of this browser computes, or one goes on without end. */
  async rest(): Promise<void> {
    const end = now() + REST_MS
    for (let idle = 0; idle < REST_LOOKS && now() < end;) {
      const clock = new CpuClock(() => this.renderers())
      await clock.start()
      const from = now()
      await pause(REST_LOOK_MS)
      await clock.stop()
      const used = clock.between(from, from + REST_LOOK_MS)
      // Where the system does not tell, time has to do.
      idle = used === null || used < IDLE * REST_LOOK_MS ? idle + 1 : 0
    }
  }
}
