/** The step under the playhead, of the run on the stage. */
import type { StepRecord } from '../../sampling/records'
import { usePage } from '../app/store'
import { frameOf, recordAt } from './run'

export function useRecord(): StepRecord | undefined {
  return usePage(({ run: { shown }, playhead, stage, model }) =>
    shown ? recordAt(shown, frameOf(playhead.position, shown.steps), stage.focus, model.image) : undefined,
  )
}
