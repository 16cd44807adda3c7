/**
 * What runs in the page before its own code, and sees what a person sees: when the guided picture's pixels change, and when the stage
 * says that its pictures are those of the settings. Of the engine it hears how many rows the records of a run had.
 */

/** Something that the engine told the page; times are milliseconds since 1970. */
export interface Heard {
  readonly at: number
  readonly kind: string
  readonly rows: number
  readonly steps: number
}

export interface Seen {
  /** When the person's key or click came. */
  readonly began: number
  /** When the last key was pressed, or the pointer let go. */
  readonly ended: number
  /** When pixels of the guided picture first differed; null where they did not. */
  readonly first: number | null
  /** When the stage had the pictures of the settings. */
  readonly full: number
  /** How often the guided picture itself changed, not what grows beside it. */
  readonly changes: number
  readonly heard: readonly Heard[]
}

/** Of a page that opens; milliseconds since 1970, null where it did not happen. */
export interface Opened {
  readonly began: number
  /** When something was drawn, when three pictures stood, and when the stage had pictures of the engine's own. */
  readonly paint: number | null
  readonly pictures: number | null
  readonly live: number | null
}

export interface Witness {
  /**
   * Looks from here on; `whole`: at each picture until the end, not for the first change only. What it gives back gives what was seen
   * so far, once the pictures are there.
   */
  arm(whole: boolean): () => (() => Omit<Seen, 'full'>) | null
  /** When the pictures are those of the settings, and others than at `arm`. */
  full(): Promise<Seen>
  opened(): Opened
  heard: Heard[]
  /** The guided picture, small; to its right what else is drawn in its place, such as one that grows beside it. */
  pixels(): Uint8ClampedArray
  readonly tiles: number
  /** What the stage calls its pictures; null while they are not those of the settings. */
  settled(): string | null
}

declare global {
  interface Window {
    witness: Witness
  }
}

/** Hears what workers tell the page. What is no record is left alone. */
export function hearWorkers(): void {
  const heard: Heard[] = []
  const at = () => performance.timeOrigin + performance.now()
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      this.addEventListener('message', ({ data }) => {
        const { kind, record, summary } = Object(data)
        if (typeof kind !== 'string') return
        const [rows, steps] = [record?.rows ?? summary?.evaluatedRows, record?.steps]
        heard.push({ at: at(), kind, rows: Number(rows ?? 0), steps: Number(steps ?? 0) })
      })
    }
  }
  const opened = () => ({ began: performance.timeOrigin, paint: null, pictures: null, live: null })
  window.witness = {
    heard,
    opened,
    arm: () => () => null,
    full: () => Promise.reject(new Error('not armed')),
    pixels: () => new Uint8ClampedArray(),
    tiles: 3,
    settled: () => null,
  }
}

/** Notes how far a page that opens has come. */
export function watchOpening(): void {
  const at = () => performance.timeOrigin + performance.now()
  const small = document.createElement('canvas')
  small.width = small.height = 1
  const context = small.getContext('2d', { willReadFrequently: true })!
  const drawn = (picture: Element) => {
    const [, behind] = /^url\("(.*)"\)$/.exec(getComputedStyle(picture).backgroundImage) ?? []
    if (behind) return performance.getEntriesByName(behind).length > 0
    if (picture instanceof HTMLImageElement) return picture.complete && picture.naturalWidth > 0
    if (!(picture instanceof HTMLCanvasElement) || picture.width === 0) return false
    context.clearRect(0, 0, 1, 1)
    context.drawImage(picture, 0, 0, 1, 1)
    return context.getImageData(0, 0, 1, 1).data[3]! > 0
  }
  let pictures: number | null = null
  let live: number | null = null
  const look = () => {
    // Those of the application, or what the build has drawn in their place.
    const panels = [...document.querySelectorAll('[data-part^="panel-"], #shell figure')]
    const standing = panels.filter((panel) => [...panel.querySelectorAll('canvas, img')].some(drawn))
    if (standing.length >= 3) pictures ??= at()
    const stage = document.querySelector<HTMLElement>('[data-part="stage"]')
    if (stage?.dataset['origin'] === 'live' && stage.getAttribute('aria-busy') === 'false') live ??= at()
    if (pictures === null || live === null) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  window.witness.opened = () => {
    const [paint] = performance.getEntriesByName('first-contentful-paint')
    return {
      began: performance.timeOrigin,
      paint: paint ? performance.timeOrigin + paint.startTime : null,
      pictures,
      live,
    }
  }
}

/** Looks at what is drawn in the guided picture's place, made small; and whether the stage says that its pictures are those of the settings. */
export function seeStage(): void {
  const SIDE = 32
  const small = document.createElement('canvas')
  small.width = window.witness.tiles * SIDE
  small.height = SIDE
  const context = small.getContext('2d', { willReadFrequently: true })!
  window.witness.pixels = () => {
    context.clearRect(0, 0, small.width, SIDE)
    const canvases = [...document.querySelectorAll<HTMLCanvasElement>('[data-part="panel-guided"] canvas')]
    for (const [tile, canvas] of canvases.slice(0, window.witness.tiles).entries())
      if (canvas.width > 0) context.drawImage(canvas, tile * SIDE, 0, SIDE, SIDE)
    return context.getImageData(0, 0, small.width, SIDE).data
  }
  const wantedScale = () => {
    const said = document.querySelector('[data-part="scale"] input')?.getAttribute('aria-valuetext') ?? ''
    return /^s ([−\d.-]+),/.exec(said)?.[1]?.replace('−', '-')
  }
  window.witness.settled = () => {
    const stage = document.querySelector<HTMLElement>('[data-part="stage"]')
    const { digests, origin, scale } = stage?.dataset ?? {}
    const wanted = wantedScale()
    const same = wanted === undefined || Number(wanted) === Number(scale)
    return stage?.getAttribute('aria-busy') === 'false' && origin === 'live' && same && digests ? digests : null
  }
}

/** Notes when a person's gesture begins and ends, when pixels change after it, and when the pictures are there. */
export function watchGestures(): void {
  const at = (moment = performance.now()) => performance.timeOrigin + moment
  const gestures = ['keydown', 'pointerdown', 'pointerup'] as const
  const { witness } = window
  /** Stops what was armed before. */
  let over = new AbortController()

  const arm: Witness['arm'] = (whole) => {
    over.abort()
    const { signal } = (over = new AbortController())
    witness.heard.length = 0
    const before = document.querySelector<HTMLElement>('[data-part="stage"]')?.dataset['digests']
    let last = witness.pixels()
    const gesture = { began: 0, ended: 0, held: false }
    let first: number | null = null
    let changes = 0
    const hear = ({ isTrusted, type, timeStamp }: Event) => {
      if (!isTrusted) return
      gesture.began ||= at(timeStamp)
      gesture.ended = at(timeStamp)
      gesture.held = type === 'pointerdown'
    }
    for (const kind of gestures) addEventListener(kind, hear, { capture: true, signal })
    const look = () => {
      if (signal.aborted || (first !== null && !whole)) return
      requestAnimationFrame(look)
      const seen = gesture.began === 0 ? last : witness.pixels()
      const other = (value: number, i: number) => Math.abs(value - last[i]!) >= 3
      if (!seen.some(other)) return
      first ??= at()
      // Four bytes a pixel, and the picture itself is the leftmost.
      const line = Math.sqrt(seen.length * 4 * witness.tiles)
      if (seen.some((value, i) => i % line < line / witness.tiles && other(value, i))) changes++
      last = seen
    }
    requestAnimationFrame(look)
    return () => {
      const digests = witness.settled()
      if (gesture.began === 0 || gesture.held || digests === null || digests === before) return null
      return () => ({ began: gesture.began, ended: gesture.ended, first, changes, heard: [...witness.heard] })
    }
  }
  let done: ReturnType<Witness['arm']> = () => null
  witness.arm = (whole) => (done = arm(whole))
  witness.full = () =>
    new Promise((resolve) => {
      const check = () => {
        const seen = done()
        if (!seen) return
        observer.disconnect()
        const full = at()
        // The frame that shows it is the next one.
        requestAnimationFrame(() => {
          resolve({ ...seen(), full })
          over.abort()
        })
      }
      const observer = new MutationObserver(check)
      observer.observe(document, { attributes: true, childList: true, subtree: true })
      // Pictures that were there before the hand let go change nothing any more.
      addEventListener('pointerup', () => setTimeout(check), { signal: over.signal })
      check()
    })
}
