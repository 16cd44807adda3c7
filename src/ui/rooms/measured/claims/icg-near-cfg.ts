/** ICG does nearly as well as CFG, without its training (Sadat et al. 2025, comparison of both). */
import { bestOf, type Claim, compared, told } from '../claim'

export const icgNearCfg: Claim = {
  id: 'icg-near-cfg',
  order: 1,
  article: 'ICG comes near CFG, without a network that was trained for it.',
  verdict(rows) {
    const [icg, cfg] = [bestOf(rows, 'icg'), bestOf(rows, 'cfg')]
    if (!icg || !cfg || icg.images !== cfg.images) return null
    return {
      finding: compared(icg, cfg) === 1 ? 'missed' : 'met',
      sentence: `ICG ${told(icg)}, CFG ${told(cfg)}, each against its own network.`,
    }
  },
}
