/** The attention map of a layer at the playhead, asked for anew when either changes and nothing is being sampled. */
import { useEffect, useState } from 'react'
import { messageOf } from '../../core/failure'
import type { Settings } from '../../settings/types'
import type { MapResult } from '../../worker/protocol'
import { usePage, useSession, useShown } from '../app/store'
import { useRecord } from '../run/use-record'

export type Answer =
  /** `settings`: those of the pictures that it was asked of. */
  | { readonly kind: 'map'; readonly map: MapResult; readonly settings: Settings }
  | { readonly kind: 'waiting' }
  /** The card is of a negative that the pictures were made without. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly message: string }

export function useMap(term: number, layer: number): Answer {
  const session = useSession()
  const [answer, setAnswer] = useState<Answer>({ kind: 'waiting' })
  const run = useShown((run) => run)
  const idle = usePage(
    (state) => state.engine.status.kind === 'ready' && state.run.coming === null && !state.playhead.playing,
  )
  const focus = usePage((state) => state.stage.focus)
  const record = useRecord()
  const absent = run !== null && term > run.settings.stack.length
  useEffect(() => {
    const sample = record?.samples[focus]
    if (!idle || !run || run.origin === 'stored' || run.pass !== 'full' || !record || !sample) return
    if (absent) return
    let wanted = true
    const { x } = sample.guided
    session
      .attentionMap({
        settings: run.settings,
        term,
        layer,
        x,
        sigma: record.sigmaHat,
        sample: focus,
        step: record.index,
      })
      .then((map) => wanted && setAnswer({ kind: 'map', map, settings: run.settings }))
      .catch((error: unknown) => wanted && setAnswer({ kind: 'failed', message: messageOf(error) }))
    return () => {
      wanted = false
    }
  }, [session, run, idle, focus, record, term, layer, absent])
  return absent ? { kind: 'absent' } : answer
}
