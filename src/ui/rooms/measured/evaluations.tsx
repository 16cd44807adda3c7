/** What was measured of each family, fetched; and what is said where it can't be. Rooms share it. */
import { useEffect, useState } from 'react'
import { messageOf } from '../../../core/failure'
import type { Curve } from '../../../evaluation/curves'
import type { Published } from '../../../evaluation/published'
import { shownFamilies } from '../../../model/families'
import type { ModelInfo } from '../../../model/types'
import { openPort } from '../../app/engine-port'

export interface Evaluation {
  readonly model: ModelInfo
  readonly rows: readonly Published[]
  readonly curves: readonly Curve[]
}

type Loaded =
  | { readonly kind: 'loading' }
  /** Of a family whose numbers can't be shown, a sentence. */
  | { readonly kind: 'loaded'; readonly evaluations: readonly Evaluation[]; readonly failures: readonly string[] }

async function load(): Promise<Loaded> {
  const { models, publishedOf, curvesOf } = openPort()
  const failures: string[] = []
  const all = await Promise.all(
    shownFamilies(models).map(async (model): Promise<Evaluation> => {
      try {
        return { model, rows: await publishedOf(model), curves: await curvesOf(model) }
      } catch (error) {
        failures.push(`What was measured of ${model.name} can’t be shown: ${messageOf(error)}`)
        return { model, rows: [], curves: [] }
      }
    }),
  )
  return { kind: 'loaded', evaluations: all.filter(({ rows }) => rows.length > 0), failures }
}

export function useEvaluations() {
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  useEffect(() => void load().then(setLoaded), [])
  const again = () => {
    setLoaded({ kind: 'loading' })
    void load().then(setLoaded)
  }
  return { loaded, again }
}

interface FailedProps {
  readonly failures: readonly string[]
  readonly again: () => void
}

export function Failed({ failures, again }: FailedProps) {
  return (
    <div
      role="alert"
      data-part="measured-failed"
      className="mt-3 flex max-w-[52rem] flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-alert bg-surface px-3 py-2 text-label"
    >
      <div className="min-w-0 flex-[1_1_18rem]">
        {failures.map((failure) => (
          <p key={failure}>{failure}</p>
        ))}
      </div>
      <button type="button" className="button" data-part="measured-again" onClick={again}>
        Try again
      </button>
    </div>
  )
}
