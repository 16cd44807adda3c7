/**
 * Which layers to begin PAG with. The rule is the coarsest grid, if the network has several: on `avatars`, where PAG was measured at each layer,
 * these are the ones that help. How large a push is does not tell: there the sixth layer's is the largest at the high and the middle level
 * (`npm run -s layers -- avatars`), and it did not help. For SEG the rule does not hold: its best layers there are the first and the sixth.
 */
import type { ModelInfo } from '../../model/types'
import type { LayerMap } from './map'

type AttentionLayer = ModelInfo['layers'][number]

export interface Suggestion {
  /** `measured`: by the rule that one network was measured for; `habit`: by what papers do. */
  readonly kind: 'measured' | 'habit'
  readonly layers: readonly number[]
  /** One sentence. */
  readonly reason: string
}

/** A push of less than this part of the others' median is none. */
const LEAST = 0.1

const percent = (value: number) => `${Number((100 * value).toPrecision(2))} %`
const counted = (count: number) => (count === 1 ? 'the layer' : `the ${count} layers`)

function range(values: readonly number[]): string {
  const [low, high] = [percent(Math.min(...values)), percent(Math.max(...values))]
  return low === high ? low : `${low.replace(' %', '')} to ${high}`
}

/** What PAG at these layers does at the middle level, in words with numbers. */
function pushText(map: LayerMap, layers: readonly number[]): string {
  const pushes = layers.map((layer) => map.layers[layer]![1]!)
  const detail = pushes.map(({ bands }) => bands.at(-1)!)
  const level = Number(map.levels[1]!.toPrecision(2))
  return `PAG there moves the prediction by ${range(pushes.map(({ size }) => size))} at σ ${level}, ${range(detail)} of that in fine detail`
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Null where PAG does nothing at any layer. */
export function suggestLayers(map: LayerMap, layers: readonly AttentionLayer[]): Suggestion | null {
  const sizes = map.layers.map((levels) => levels[1]?.size ?? 0)
  const least = LEAST * median(sizes)
  const moving = layers.filter(({ index }) => sizes[index]! > least)
  if (moving.length === 0) return null
  const tokens = ({ height, width }: AttentionLayer) => height * width
  const fewest = Math.min(...moving.map(tokens))
  const coarsest = moving.filter((layer) => tokens(layer) === fewest)
  if (coarsest.length < moving.length) {
    const [{ height, width }] = coarsest as [AttentionLayer, ...AttentionLayer[]]
    const chosen = coarsest.map(({ index }) => index)
    return {
      kind: 'measured',
      layers: chosen,
      reason: `${counted(chosen.length)} with the fewest tokens (${height} × ${width}): on the one network where PAG was measured layer by layer, avatars, such layers helped and the others hardly did; here ${pushText(map, chosen)}.`,
    }
  }
  const third = Math.floor(moving.length / 3)
  const chosen = moving.slice(third, moving.length - third).map(({ index }) => index)
  return {
    kind: 'habit',
    layers: chosen,
    reason: `${counted(chosen.length)} in the middle of ${moving.length} with one grid, since papers perturb the middle: no network of this form was measured here; ${pushText(map, chosen)}.`,
  }
}
