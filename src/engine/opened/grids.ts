/** Token grids that a person tells, where nothing in the graph does. */
import type { ModelInfo } from '../../model/types'
import { guidable, type MapLayer } from '../../network/maps/types'

/** With the token grids that were told by hand. Throws RangeError for one that does not fit. */
export function withGrids(
  layers: readonly MapLayer[],
  grids: NonNullable<ModelInfo['brought']>['grids'],
): readonly MapLayer[] {
  let guided = -1
  return layers.map((layer) => {
    if (!guidable(layer)) return layer
    guided += 1
    const grid = grids[guided]
    if (!grid) return layer
    const [height, width] = grid
    const image = layer.image ?? { start: 0, keyStart: 0, count: layer.queries, grid: null }
    if (height * width !== image.count)
      throw new RangeError(`a grid of ${height} × ${width} is not the ${image.count} tokens of layer ${guided}`)
    const verdict = layer.verdict.kind === 'needs-grid' ? ({ kind: 'ready' } as const) : layer.verdict
    return { ...layer, verdict, image: { ...image, grid: { height, width } } }
  })
}
