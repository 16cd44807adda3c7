/** Whether SAG gains at all along one of its settings, of which the article says no more than that it gains a little. Pure. */
import { differenceText } from './estimate'
import { bestOf, harms, helps, type ShapePoint, type ShapeVerdict } from './shape'
import { list } from './words'

export const SMALL_GAIN = 'SAG gains a little'

export function gainVerdict(points: readonly ShapePoint[]): ShapeVerdict {
  const least = bestOf(points)
  const gain = differenceText(least.against)
  if (helps(least)) return { finding: 'met', sentence: `it helps most at ${least.name} (${gain}).` }
  const worse = points.filter(harms)
  if (worse.length === points.length)
    return { finding: 'missed', sentence: `worse than no guidance at each, least so at ${least.name} (${gain}).` }
  const rest = `at ${least.name} it is not told apart from no guidance (${gain})`
  if (worse.length === 0) return { finding: 'open', sentence: `${rest}, nor elsewhere.` }
  return { finding: 'open', sentence: `${rest}; worse at ${list(worse.map(({ name }) => name))}.` }
}
