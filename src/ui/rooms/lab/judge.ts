/** The judge of the lab: fetched once for each family, when a tab first asks for it. Free of DOM. */
import type { ModelInfo } from '../../../model/types'
import type { EnginePort } from '../../app/engine-port'
import type { Opened } from '../../judge/many'

export interface LabJudge {
  /** Bytes that the first question fetches; null where the family has no judge. */
  bytes(model: ModelInfo): number | null
  /** Rejects with a sentence. One that failed is fetched again when it is asked again. */
  open(model: ModelInfo, onProgress?: (loaded: number, total: number) => void): Promise<Opened>
  dispose(): void
}

export function createJudgeHolder(port: Pick<EnginePort, 'judgingOf'>): LabJudge {
  const opened = new Map<string, Promise<Opened>>()
  const ended = new AbortController()
  return {
    bytes: (model) => port.judgingOf(model)?.bytes ?? null,
    open: (model, onProgress = () => undefined) => {
      const judging = port.judgingOf(model)
      if (!judging) return Promise.reject(new Error(`${model.name} has no judge.`))
      const known = opened.get(model.id)
      if (known) return known
      const fetched = (async (): Promise<Opened> => {
        const kit = await judging.fetch(ended.signal, onProgress)
        return { kit, meter: await judging.meter(kit) }
      })()
      opened.set(model.id, fetched)
      fetched.catch(() => opened.delete(model.id))
      return fetched
    },
    dispose: () => {
      ended.abort(new Error('the lab was closed'))
      for (const one of opened.values())
        one.then(
          ({ meter }) => meter.dispose(),
          () => undefined,
        )
    },
  }
}
