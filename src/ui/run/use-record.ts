/** The step under the playhead, of the run on the stage. */
import type { StepRecord } from '../../sampling/records'
import { useShown } from '../app/store'
import { frameOf, recordAt } from './run'

export function useRecord(): StepRecord | undefined {
  return useShown((run, { playhead, stage, model }) =>
    run ? recordAt(run, frameOf(playhead.position, run.steps), stage.focus, model.image) : undefined,
  )
}
