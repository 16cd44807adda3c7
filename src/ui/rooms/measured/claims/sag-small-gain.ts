/** SAG's gain is small: in FID less than a tenth (Hong et al. 2023, as the article reads it). */
import { verdictOf } from '../../../method/measured'
import { bestOf, type Claim, told } from '../claim'

const TENTH = 0.1

export const sagSmallGain: Claim = {
  id: 'sag-small-gain',
  order: 2,
  article: 'SAG gains less than 10 %.',
  verdict(rows) {
    const sag = bestOf(rows, 'sag')
    if (!sag) return null
    const { frechet, against } = sag
    const share = -against.value / (frechet.value - against.value)
    const verdict = verdictOf(against)
    const words = `${told(sag)}, ${Math.abs(100 * share).toFixed(0)} % ${share > 0 ? 'better' : 'worse'}.`
    if (verdict === 'same') return { finding: 'open', sentence: words }
    return { finding: verdict === 'helps' && share < TENTH ? 'met' : 'missed', sentence: words }
  },
}
