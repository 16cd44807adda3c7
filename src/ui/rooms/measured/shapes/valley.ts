/** A U in the guidance weight: better as it grows, and worse again beyond the best (Karras et al. 2024, figure 3; SIMS, figure of w). */
import { plain } from '../../../../core/format'
import { below, differenceText } from '../estimate'
import { bestOf, harmsFrom, helps, type Shape, type ShapePoint, type ShapeVerdict } from '../shape'

/** The article's axis begins at w = 1, no guidance; below it a method is turned round. */
function verdict(points: readonly ShapePoint[]): ShapeVerdict {
  const turned = points.filter(({ point }) => point.settings.scale < 0)
  const forward = forwardVerdict(points.filter((point) => !turned.includes(point)))
  if (!turned.some(helps)) return forward
  const { name, against } = bestOf(turned.filter(helps))
  return { ...forward, sentence: `${forward.sentence} Turned round it helps: ${name} (${differenceText(against)}).` }
}

function forwardVerdict(points: readonly ShapePoint[]): ShapeVerdict {
  // A lower one of fewer images, which is not told apart, says less.
  const best = bestOf(points.some(helps) ? points.filter(helps) : points)
  const last = points.at(-1) ?? best
  if (!helps(best)) {
    const from = harmsFrom(points, points[0] ?? best)
    return from
      ? { finding: 'missed', sentence: `no w helps, and from ${from.name} on it is worse than no guidance.` }
      : { finding: 'open', sentence: 'no w is told apart from no guidance.' }
  }
  const falls = `best at ${best.name} (${differenceText(best.against)})`
  // Nothing was tried beyond, where it may rise.
  if (best === last) {
    const alone = points.filter(({ point }) => point.settings.scale !== 0).length === 1
    return { finding: 'open', sentence: `${falls}, the ${alone ? 'only one' : 'largest'} that was tried.` }
  }
  if (!below(best.against, last.against))
    return { finding: 'open', sentence: `${falls}; that it rises again beyond is not told apart.` }
  const from = harmsFrom(points, best)
  return {
    finding: 'met',
    sentence: `${falls}, ${from ? `worse than no guidance from ${from.name} on` : `and less good at ${last.name}`}.`,
  }
}

export const valley: Shape = {
  id: 'valley',
  order: 0,
  of: [
    { method: 'autoguidance', key: 'scale' },
    { method: 'sims', key: 'scale' },
  ],
  across: 'w = s + 1',
  article: 'a U in w',
  place: ({ settings: { scale } }) => ({ at: scale + 1, label: plain(scale + 1), name: `w = ${plain(scale + 1)}` }),
  verdict,
}
