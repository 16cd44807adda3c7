/** SAG's gain is small: in FID less than a tenth (Hong et al. 2023, as the article reads it). */
import type { Estimate } from '../../../../evaluation/metrics'
import { type Verdict, verdictOf } from '../../../method/measured'
import { bestOf, type Claim, told } from '../claim'
import { below, shareOf } from '../estimate'
import type { Finding } from '../shape'

/** A tenth of the distance without guidance, gained. */
const TENTH: Estimate = { value: -0.1, margin: 0 }

/** A gain lies on one side of a tenth with its whole interval, or is not told apart from it. */
function findingOf(verdict: Verdict, share: Estimate): Finding {
  switch (verdict) {
    case 'harms':
      return 'missed'
    case 'same':
      return 'open'
    case 'helps':
      if (below(share, TENTH)) return 'missed'
      return below(TENTH, share) ? 'met' : 'open'
    default:
      return verdict satisfies never
  }
}

export const sagSmallGain: Claim = {
  id: 'sag-small-gain',
  order: 2,
  article: 'SAG gains less than 10 %.',
  verdict(rows) {
    const sag = bestOf(rows, 'sag')
    const verdict = verdictOf(sag?.against ?? null)
    if (!sag || !verdict) return null
    const share = shareOf(sag.frechet, sag.against)
    return {
      finding: findingOf(verdict, share),
      sentence: `${told(sag)}, ${Math.abs(100 * share.value).toFixed(0)} % ${share.value < 0 ? 'better' : 'worse'}.`,
    }
  },
}
