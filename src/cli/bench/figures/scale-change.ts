import { readingsOf, ROWS } from '../acts'
import type { Figure } from '../figure'
import { clickScale } from '../gestures'

export const scaleChange: Figure = {
  id: 'scale-change',
  title: 'Scale change',
  order: 2,
  rounds: Infinity,
  note: 'A click along the track of the scale, far from what may have been drawn ahead, with the other trajectories known.',
  async measure(visitor) {
    const page = await visitor.play()
    await visitor.elsewhere(page)
    const act = await visitor.act(page, () => clickScale(page, 0.75))
    await visitor.rest()
    return readingsOf(act, { from: 'click', rows: ROWS.guided, goals: [{ atMost: 800 }, { times: 5 }] })
  },
}
