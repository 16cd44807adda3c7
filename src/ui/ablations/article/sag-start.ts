/** SAG: from where on it blurs; the authors' start (t < 250 of 1000) beside ours. */
import type { Ablation, Variant } from '../ablation'

const from = (label: string, startSigma: number): Variant => ({ label, method: 'sag', parameters: { startSigma } })

export const sagStart: Ablation = {
  id: 'sag-start',
  order: 1.5,
  label: 'SAG: where it starts',
  look: 'The authors start at t = 250 of 1000, which is σ 0.95 on their schedule; here it starts at σ 8 unless told otherwise. Watch how little is left to change that late. Measured on the avatars, SAG is worse than no guidance from either start: at each scale above 0 that was tried, from σ 0.95 least. Turned round, at s = −0.5 from σ 8, it gains.',
  variants: () => [
    from('σ 8', 8),
    from('σ 0.95, the authors’', 0.95),
    from('σ 3.4, t = 500', 3.4),
    from('the beginning', Infinity),
  ],
}
