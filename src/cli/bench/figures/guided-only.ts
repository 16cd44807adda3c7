import { CpuClock } from '../cpu'
import type { Figure } from '../figure'
import { drawMany } from '../gestures'

const IMAGES = 6

export const guidedOnly: Figure = {
  id: 'guided-only',
  title: 'Guided pictures only',
  order: 6,
  rounds: 2,
  note: `The judge has images drawn in the background, which nobody looks at otherwise: ${IMAGES} of them, and their judgement.`,
  async measure(visitor) {
    const page = await visitor.play()
    await page.bringToFront()
    const clock = new CpuClock(() => visitor.renderers())
    await clock.start()
    const { from, to } = await drawMany(page, IMAGES).finally(() => clock.stop())
    await visitor.rest()
    const cpu = clock.between(from, to)
    return [
      { line: 'an image', unit: 'ms', value: (to - from) / IMAGES },
      { line: 'an image, CPU', unit: 'ms', value: cpu && cpu / IMAGES },
    ]
  },
}
