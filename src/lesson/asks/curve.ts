/** A curve that is drawn, and laid beside the measured one. */
import type { Fields } from '../fields'
import type { AskFormat, AskOf } from './ask'

const MOST_POINTS = 200

/** Points from left to right; null where something is wrong, which was said. */
function pointsOf(fields: Fields): readonly (readonly [number, number])[] | null {
  const points = fields.items('values')?.map((item) => item.pair())
  const whole = points?.flatMap((point) => (point === null ? [] : [point])) ?? []
  const ascending = whole.every(([x], i) => i === 0 || x > whole[i - 1]![0])
  if (points?.length === whole.length && whole.length >= 2 && whole.length <= MOST_POINTS && ascending) return whole
  fields.say('values', `“values” must be 2 to ${MOST_POINTS} points from left to right, such as [[0, 16.1], [1, 9.5]].`)
  return null
}

function measuredOf(fields: Fields): AskOf<'curve'>['measured'] | null {
  if (fields.has('measured') !== fields.has('values'))
    return fields.has('values') ? pointsOf(fields) : fields.text('measured')
  fields.say('curve', 'A curve needs either “measured:”, a name of evaluation.json, or “values:”, its points.')
  return null
}

export const curve: AskFormat<'curve'> = {
  key: 'curve',
  keys: ['curve', 'measured', 'values'],
  read: (fields) => {
    const axes = fields.fields('curve')
    const measured = measuredOf(fields)
    if (axes === null) return null
    axes.needs('along', 'from', 'to', 'of')
    axes.only('along', 'from', 'to', 'of', 'heights')
    const [along, of] = [axes.text('along'), axes.text('of')]
    const [from, to] = [axes.number('from'), axes.number('to')]
    const heights = axes.pair('heights')
    if (from !== null && to !== null && from >= to) axes.say('to', `“to” must be more than “from”, ${from}.`)
    else if (heights !== null && heights[0] >= heights[1])
      axes.say('heights', '“heights” must be two numbers, the lower first, such as [0, 20].')
    else if (along !== null && of !== null && from !== null && to !== null && measured !== null)
      return { kind: 'curve', along, of, from, to, heights, measured }
    return null
  },
  write: ({ along, of, from, to, heights, measured }) => ({
    curve: { along, from, to, of, ...(heights === null ? {} : { heights }) },
    ...(typeof measured === 'string' ? { measured } : { values: measured }),
  }),
}
