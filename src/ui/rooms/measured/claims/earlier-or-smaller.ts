/** Autoguidance: less training impairs better than less capacity (Karras et al. 2024, table 1). */
import type { Published } from '../../../../evaluation/published'
import { networksOf } from '../../../../guidance/pair'
import { bestOf, type Claim, compared, told, whole } from '../claim'

const FINDING = { [-1]: 'met', 0: 'open', 1: 'missed' } as const

export const earlierOrSmaller: Claim = {
  id: 'earlier-or-smaller',
  order: 0,
  article: 'Autoguidance gains more by an earlier checkpoint than by a smaller network.',
  verdict(rows, model) {
    const weak = ({ settings }: Published) => {
      const other = networksOf(settings, model).find(({ id }) => id !== settings.network)
      return model.networks.find(({ id }) => id === other?.id)
    }
    const earlier = bestOf(rows, 'autoguidance', (row) => weak(row)?.role === 'snapshot')
    const smaller = bestOf(rows, 'autoguidance', (row) => {
      const network = weak(row)
      return network?.role === 'small' && whole(network, model)
    })
    if (!earlier || !smaller || earlier.images !== smaller.images) return null
    return {
      finding: FINDING[compared(earlier, smaller)],
      sentence: `earlier ${told(earlier)}, smaller ${told(smaller)}.`,
    }
  },
}
