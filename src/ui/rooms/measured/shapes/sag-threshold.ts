/** From how much attention on SAG blurs a token (Hong et al. 2023, who take 1). */
import { plain } from '../../../../core/format'
import { gainVerdict, SMALL_GAIN } from '../gain'
import type { Shape } from '../shape'

export const sagThreshold: Shape = {
  id: 'sag-threshold',
  order: 3,
  of: [{ method: 'sag', key: 'threshold' }],
  across: 'threshold of the mask',
  article: SMALL_GAIN,
  place: ({ x }) => ({ at: Number(x), label: plain(Number(x)), name: `threshold ${plain(Number(x))}` }),
  verdict: gainVerdict,
}
