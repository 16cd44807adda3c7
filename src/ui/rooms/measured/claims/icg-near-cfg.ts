/** ICG does nearly as well as CFG, without its training (Sadat et al. 2025, comparison of both). */
import { bestOf, type Claim, type Compared, told } from '../claim'
import { marginOf, shareOf } from '../estimate'
import type { Finding } from '../shape'

/** So much less is near: a share of the distance without guidance. */
const NEAR = 0.05

/** How much less the first gains, each as a share of its own distance without guidance, and how far that is known. */
function behind(a: Compared, b: Compared) {
  const [one, other] = [shareOf(a.frechet, a.against), shareOf(b.frechet, b.against)]
  return { value: one.value - other.value, margin: marginOf(one) + marginOf(other) }
}

/** By an interval that lies on one side of what is near. */
function findingOf({ value, margin }: ReturnType<typeof behind>): Finding {
  if (value + margin < NEAR) return 'met'
  return value - margin > NEAR ? 'missed' : 'open'
}

export const icgNearCfg: Claim = {
  id: 'icg-near-cfg',
  order: 1,
  article: 'ICG comes near CFG, without a network that was trained for it.',
  verdict(rows) {
    const [icg, cfg] = [bestOf(rows, 'icg'), bestOf(rows, 'cfg')]
    if (!icg || !cfg || icg.images !== cfg.images) return null
    return {
      finding: findingOf(behind(icg, cfg)),
      sentence: `ICG ${told(icg)}, CFG ${told(cfg)}, each against its own network; near is behind by less than ${100 * NEAR} % of the distance without guidance.`,
    }
  },
}
