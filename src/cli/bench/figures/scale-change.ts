import { readingsOf, ROWS } from '../acts'
import type { Figure, Goal } from '../figure'
import { clickScale } from '../gestures'

const GOALS: readonly Goal[] = [
  { atMost: 800 },
  {
    times: 5,
    missed:
      'What is left is the network itself, 30 rows by kernels of 128 bits. Tried: Winograd, weights packed once, norm and activation in one kernel, rows spread over the cores, only the guided trajectory. It would take fewer evaluations, or wider vectors than WebAssembly has.',
  },
]

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
    return readingsOf(act, { from: 'click', rows: ROWS.guided, goals: GOALS })
  },
}
