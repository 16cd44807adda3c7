/** A window and an engine that do nothing by themselves; a test puts in what it looks at. */
import type { SessionWindow } from '../../../src/ui/app/session'
import type { Engine } from '../../../src/worker/protocol'

/** Its address is the last of `entries`, which its history writes, and its clock stands still. */
export function stillWindow(entries: string[], parts: Partial<SessionWindow> = {}): SessionWindow {
  const states: unknown[] = entries.map(() => null)
  return {
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
    judge: never,
    dispose: () => undefined,
    ...parts,
  }
}
