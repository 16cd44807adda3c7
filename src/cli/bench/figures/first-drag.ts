import { readingsOf, ROWS } from '../acts'
import type { Figure } from '../figure'
import { pressScale } from '../gestures'

export const firstDrag: Figure = {
  id: 'first-drag',
  title: 'First drag',
  order: 4,
  rounds: 3,
  note: 'The page as it opens for somebody who was here before, at rest; then the first key on the scale.',
  async measure(visitor) {
    const { page } = await visitor.open(await visitor.returning(), visitor.address('newcomer'))
    const act = await visitor.act(page, () => pressScale(page, 'ArrowRight'))
    await page.close()
    return readingsOf(act, { from: 'key', rows: ROWS.guided })
  },
}
