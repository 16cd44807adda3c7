/** Which layers are perturbed decides: the article finds that they have to be picked by hand. */
import { below } from '../estimate'
import { bestOf, harms, helps, type Shape, type ShapePoint, type ShapeVerdict } from '../shape'
import { list } from '../words'

const names = (points: readonly ShapePoint[]) => list(points.map(({ name }) => name))

function verdict(points: readonly ShapePoint[]): ShapeVerdict {
  const better = points.filter(helps)
  const worse = points.filter(harms)
  const parts = [
    better.length > 0 && `${names(better)} ${better.length === 1 ? 'helps' : 'help'}`,
    worse.length > 0 && `${names(worse)} ${worse.length === 1 ? 'harms' : 'harm'}`,
  ].filter((part) => part !== false)
  const rest = points.length - better.length - worse.length
  if (parts.length === 0) return { finding: 'open', sentence: 'none is told apart from no guidance.' }
  const best = bestOf(points)
  return {
    finding: points.some((point) => below(best.against, point.against)) ? 'met' : 'open',
    sentence: `${parts.join('; ')}${rest > 0 ? `; the other ${rest} ${rest === 1 ? 'is' : 'are'} not told apart from no guidance` : ''}.`,
  }
}

export const layers: Shape = {
  id: 'layers',
  order: 2,
  of: [
    { method: 'pag', key: 'layers' },
    { method: 'seg', key: 'layers' },
  ],
  across: 'the one layer that is perturbed, from the first to the last',
  article: 'which layers are chosen matters',
  place: ({ settings }, index, model) => {
    const only = settings.layers === 'all' ? undefined : model.layers[settings.layers[0] ?? -1]
    return {
      at: index,
      label: only ? `${only.height}×${only.width}` : String(index),
      name: only?.name ?? `layer ${index}`,
    }
  },
  verdict,
}
