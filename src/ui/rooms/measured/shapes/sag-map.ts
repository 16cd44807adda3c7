/** Which layer's map tells SAG where attention looks (Hong et al. 2023, who take the middle one). */
import { gainVerdict, SMALL_GAIN } from '../gain'
import type { Shape } from '../shape'

export const sagMap: Shape = {
  id: 'sag-map',
  order: 4,
  of: [{ method: 'sag', key: 'mapLayer' }],
  across: 'the layer whose map makes the mask, from the first to the last',
  article: SMALL_GAIN,
  place: ({ x }, index, model) => {
    const layer = model.layers[Number(x)]
    return {
      at: index,
      label: layer ? `${layer.height}×${layer.width}` : String(x),
      name: layer?.name ?? `layer ${String(x)}`,
    }
  },
  verdict: gainVerdict,
}
