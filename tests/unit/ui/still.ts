/** A window and an engine that do nothing by themselves; a test puts in what it looks at. */
import type { SessionWindow } from '../../../src/ui/app/session'
import type { Engine } from '../../../src/worker/protocol'

/** Its address is the last of `entries`, which its history writes, and its clock stands still. */
export function stillWindow(entries: string[], parts: Partial<SessionWindow> = {}): SessionWindow {
  const states: unknown[] = entries.map(() => null)
  const window: SessionWindow = {
    get parent(): unknown {
      return window
    },
    history: {
      get state() {
        return states[entries.length - 1] ?? null
      },
      pushState: (data, _title, url) => {
        states[entries.length] = data
        entries.push(String(url))
      },
      replaceState: (data, _title, url) => {
        states[entries.length - 1] = data
        entries[entries.length - 1] = String(url)
      },
    },
    location: {
      get hash() {
        return entries.at(-1)!
      },
      href: 'http://page/#old',
    },
    performance: { now: () => 0 },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    setTimeout: () => 1,
    clearTimeout: () => undefined,
    requestAnimationFrame: () => 1,
    cancelAnimationFrame: () => undefined,
    ...parts,
  }
  return window
}

type Told = Parameters<SessionWindow['addEventListener']>[1]

/** A window's listeners, and a way to tell them of an event. */
export function listeners() {
  const heard = new Set<{ readonly type: string; readonly listener: Told }>()
  return {
    addEventListener: (type: string, listener: Told) => void heard.add({ type, listener }),
    removeEventListener: (type: string, listener: Told) => {
      for (const one of heard) if (one.type === type && one.listener === listener) heard.delete(one)
    },
    tell: (type: string, repeat = false) => {
      // Those added meanwhile are not called, as in a browser.
      for (const one of Array.from(heard)) if (one.type === type) one.listener({ type, repeat })
    },
    listening: () => heard.size,
  }
}

export const never = () => Promise.reject(new Error('not here'))

export function stillEngine(parts: Partial<Engine> = {}): Engine {
  return {
    start: () => undefined,
    run: () => 1,
    cancel: () => undefined,
    attentionMap: never,
    useVision: () => Promise.resolve(),
    draw: never,
    foresee: never,
    judge: never,
    decode: never,
    dispose: () => undefined,
    ...parts,
  }
}
