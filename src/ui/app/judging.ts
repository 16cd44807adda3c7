/** Where the judge of a family's images comes from: its description with the page, its files when it is asked. */
import type { ModelInfo } from '../../model/types'
import { createMetricsClient, fetchJudge } from '../../worker/client/judge'
import type { Judging } from '../judge/judge'
import { loadJudgeInfo } from './models'

/** Null where the family has no judge. */
export function judgingOf(model: ModelInfo): Judging | null {
  const { judge } = model
  return (
    judge && {
      bytes: judge.bytes,
      fetch: async (signal, onProgress) => fetchJudge(judge.family, await loadJudgeInfo(model), signal, onProgress),
      meter: createMetricsClient,
    }
  )
}
