import type { Figure, Goal, Reading } from '../figure'
import type { Opening } from '../visitor'

/** Bytes a second of 10 Mbit/s. */
const CONNECTION = 10e6 / 8
/** A school laptop beside this machine. */
const SLOWER = 4
/** When its page should stand. */
const GOALS: readonly Goal[] = [
  {
    atMost: 500,
    missed:
      'Tried: the page is drawn by the build, its pictures are one small file that no script is needed for, everything is asked for at once and compressed, and what the first view does not show is loaded later. It would take fewer bytes before the first picture, or a processor that parses them sooner.',
  },
]

function readings({ seen, cpu }: Opening, how: string): readonly Reading[] {
  const since = (at: number | null) => at && at - seen.began
  return [
    { line: `${how}: first paint`, unit: 'ms', value: since(seen.paint) },
    { line: `${how}: three pictures stand`, unit: 'ms', value: since(seen.pictures) },
    { line: `${how}: engine ready`, unit: 'ms', value: since(seen.ready) },
    { line: `${how}: pictures of its own`, unit: 'ms', value: since(seen.live) },
    { line: `${how}: CPU until then`, unit: 'ms', value: cpu },
  ]
}

export const start: Figure = {
  id: 'start',
  title: 'Start',
  order: 7,
  rounds: 2,
  note: 'From the address to the pictures: cold is an empty browser at 10 Mbit/s, slow one whose processor is four times slower as well, warm one that was here before.',
  async measure(visitor) {
    const context = await visitor.freshContext()
    visitor.meter.limit = CONNECTION
    const cold = await visitor.open(context, visitor.address('newcomer'))
    visitor.meter.limit = null
    await cold.page.close()
    const warm = await visitor.open(context, visitor.address('newcomer'))
    await context.close()
    const other = await visitor.freshContext()
    visitor.meter.limit = CONNECTION
    const slow = readings(await visitor.open(other, visitor.address('newcomer'), SLOWER), 'slow').slice(0, 2)
    visitor.meter.limit = null
    await other.close()
    return [
      ...readings(cold, 'cold'),
      ...slow.map((reading) => ({ ...reading, goals: GOALS })),
      ...readings(warm, 'warm'),
    ]
  },
}
