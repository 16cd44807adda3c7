/** Better the more is blurred, at one scale (Hong 2024, table of σ). */
import { formatSigma } from '../../../../core/format'
import { below, differenceText } from '../estimate'
import { bestOf, harmsFrom, helps, type Shape, type ShapePoint, type ShapeVerdict } from '../shape'

function verdict(points: readonly ShapePoint[]): ShapeVerdict {
  const [neutral, ...blurred] = points
  const [first] = blurred
  const last = blurred.at(-1)
  if (!neutral || !first || !last) return { finding: 'open', sentence: 'too few were measured.' }
  const best = bestOf(points)
  const where =
    best === neutral
      ? 'no σ helps'
      : `lowest at ${best.name} (${differenceText(best.against)}${helps(best) ? '' : ', not told apart from no guidance'})`
  if (best === last && helps(last) && below(last.against, first.against))
    return { finding: 'met', sentence: `${where}.` }
  const from = harmsFrom(points, best)
  if (from) return { finding: 'missed', sentence: `${where}, and worse than no guidance from ${from.name} on.` }
  if (below(best.against, last.against))
    return { finding: 'missed', sentence: `${where}, and less good at ${last.name}.` }
  if (best === last) {
    // Less blur may do as well.
    const rest = helps(last) ? `, not told apart from ${first.name}` : ''
    return { finding: 'open', sentence: `${where}${rest}.` }
  }
  return {
    finding: 'open',
    sentence: `${where}; at ${last.name} not told apart from ${helps(last) ? 'that' : 'no guidance'}.`,
  }
}

export const moreBlur: Shape = {
  id: 'more-blur',
  order: 1,
  of: [{ method: 'seg', key: 'sigma' }],
  across: 'blur σ of the queries',
  article: 'better with σ',
  place: ({ x }, index) => {
    const label = x === 'inf' ? '∞' : formatSigma(Number(x))
    return { at: index, label, name: `σ = ${label}` }
  },
  verdict,
}
