/** Keeps a ladder of scales while the page shows a scale: from the first sign of a person on, and never unseen. */
import { useEffect } from 'react'
import type { GuidanceMethod } from '../../guidance/types'
import { useSession } from '../app/store'
import { foresee } from '../run/foresee'
import { Ladder, type Power } from './ladder'

declare global {
  interface Navigator {
    /** Chromium's alone. */
    readonly getBattery?: () => Promise<Power>
  }
}

const SIGNS = ['pointermove', 'pointerdown', 'keydown'] as const

export default function KeepLadder({ method }: { readonly method: GuidanceMethod }) {
  const session = useSession()
  useEffect(() => {
    const ended = new AbortController()
    const { signal } = ended
    const ladder = new Ladder(
      { store: session.store, foresee: (settings, wanted) => foresee(session.ahead, settings, wanted) },
      method,
      {
        hidden: () => document.hidden,
        power: async () => (await navigator.getBattery?.()) ?? null,
        setTimeout: (callback, milliseconds) => window.setTimeout(callback, milliseconds),
        clearTimeout: (timer) => window.clearTimeout(timer),
      },
    )
    let waiting = false
    // A change of the settings and what comes of it are one: the look waits until both are there.
    const look = () => {
      if (waiting) return
      waiting = true
      queueMicrotask(() => {
        waiting = false
        if (!signal.aborted) ladder.look()
      })
    }
    const begin = () => {
      if (signal.aborted) return
      for (const sign of SIGNS) window.removeEventListener(sign, begin, true)
      document.addEventListener('visibilitychange', look, { signal })
      const unsubscribe = session.store.subscribe(({ run, settings, engine }, before) => {
        if (run !== before.run || settings !== before.settings || engine.status !== before.engine.status) look()
      })
      signal.addEventListener('abort', unsubscribe)
      look()
    }
    // Before anything that keeps a key or a pointer to itself.
    for (const sign of SIGNS) window.addEventListener(sign, begin, { signal, passive: true, capture: true })
    return () => {
      ended.abort()
      ladder.stop()
    }
  }, [session, method])
  return null
}
