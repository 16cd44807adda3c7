/** Where the judge of a family's images comes from: its description, its files and what handles them, when it is asked. */
import type { ModelInfo } from '../../model/types'
import type { Judging } from '../judge/judge'
import { loadJudgeInfo } from './models'

/** Null where the family has no judge. */
export function judgingOf(model: ModelInfo): Judging | null {
  const { judge } = model
  return (
    judge && {
      bytes: judge.bytes,
      fetch: async (signal, onProgress) => {
        const { fetchJudge } = await import('../../worker/client/judge')
        return fetchJudge(judge.family, await loadJudgeInfo(model), signal, onProgress)
      },
      meter: async (kit) => (await import('../../worker/client/judge')).createMetricsClient(kit),
    }
  )
}
