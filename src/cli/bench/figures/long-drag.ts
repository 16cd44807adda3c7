import { askedRows, ROWS } from '../acts'
import type { Figure } from '../figure'
import { dragScale } from '../gestures'

const DRAG_MS = 4000

export const longDrag: Figure = {
  id: 'long-drag',
  title: 'Drag of four seconds',
  order: 5,
  rounds: 2,
  note: 'The thumb is drawn up the track for four seconds, with the other trajectories known.',
  async measure(visitor) {
    const page = await visitor.play()
    await visitor.elsewhere(page)
    const act = await visitor.act(page, () => dragScale(page, DRAG_MS), true)
    await visitor.rest()
    return [
      { line: 'changes of the guided picture', unit: 'count', value: act.changes },
      { line: 'press → first changed pixels', unit: 'ms', value: act.first && act.first - act.began },
      { line: 'end of the drag → full pictures', unit: 'ms', value: Math.max(0, act.full - act.ended) },
      { line: 'CPU of it', unit: 'ms', value: act.cpu },
      { line: 'rows asked', unit: 'count', value: askedRows(act) },
      { line: 'rows that the last picture needs', unit: 'count', value: ROWS.guided },
    ]
  },
}
