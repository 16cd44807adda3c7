import { readingsOf, ROWS } from '../acts'
import type { Figure } from '../figure'
import { pressScale } from '../gestures'

export const smallStep: Figure = {
  id: 'small-step',
  title: 'Small step of the scale',
  order: 3,
  rounds: Infinity,
  note: 'One step of the slider from a page at rest, which may have drawn it ahead.',
  async measure(visitor) {
    const page = await visitor.play()
    const ahead = await visitor.elsewhere(page)
    const act = await visitor.act(page, () => pressScale(page, 'ArrowRight'))
    await visitor.rest()
    return [
      ...readingsOf(act, { from: 'key', rows: ROWS.guided }),
      { line: 'CPU of the page at rest before, drawing ahead', unit: 'ms', value: ahead },
    ]
  },
}
