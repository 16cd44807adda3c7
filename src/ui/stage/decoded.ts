/** What a latent's decoder makes of it. It is asked while nothing is sampled; until it answers, the latent itself is seen. */
import { useEffect, useReducer } from 'react'
import type { Decoded } from '../../engine/latent-decoder'
import { usePage, useSession } from '../app/store'

/** By the latent, which never changes. A failure is not asked again. */
const known = new WeakMap<Float32Array, Decoded | 'failed'>()

export function useDecoded(latent: Float32Array | null): Decoded | null {
  const session = useSession()
  const able = usePage((state) => (state.model.latent?.decoder ?? null) !== null)
  const idle = usePage(
    (state) => state.engine.status.kind === 'ready' && state.run.coming === null && !state.playhead.playing,
  )
  const [, render] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    if (!able || !idle || !latent || latent.length === 0 || known.has(latent)) return
    let wanted = true
    session
      .decode([latent])
      .then(([picture]) => known.set(latent, picture ?? 'failed'))
      .catch(() => known.set(latent, 'failed'))
      .finally(() => wanted && render())
    return () => {
      wanted = false
    }
  }, [session, able, idle, latent])
  const found = latent && able ? known.get(latent) : undefined
  return found && found !== 'failed' ? found : null
}
