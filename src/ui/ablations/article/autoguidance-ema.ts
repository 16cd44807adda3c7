/** Autoguidance: the two averages. */
import type { ModelInfo, NetworkInfo } from '../../../model/types'
import { hasAverages } from '../../controls/parameters'
import type { Ablation, Variant } from '../ablation'
import { ofRole } from '../family'

/** The two networks whose averages are compared: the main and a small one where they have averages, or their next of kin. */
function averaged(model: ModelInfo): readonly [NetworkInfo, NetworkInfo] | null {
  const [small, snapshots] = [ofRole(model, 'small'), ofRole(model, 'snapshot')]
  const positive = [...ofRole(model, 'main'), ...[...snapshots].reverse()].find(hasAverages)
  const negative = [...[...small].reverse(), ...snapshots].find(
    (network) => hasAverages(network) && network !== positive,
  )
  return positive && negative ? [positive, negative] : null
}

const LENGTHS = [0.05, 0.1] as const

function lengths(model: ModelInfo): readonly Variant[] {
  const pair = averaged(model)
  return LENGTHS.flatMap((ema) =>
    LENGTHS.map((weakEma): Variant => {
      const label = `${ema.toFixed(2)} and ${weakEma.toFixed(2)}`
      if (!pair)
        return { label, missing: 'It takes two networks with stored weight averages, and this family has fewer.' }
      const [positive, negative] = pair
      return {
        label,
        method: 'autoguidance',
        scale: 1,
        network: positive.id,
        ema,
        parameters: { weak: negative.id, weakEma },
      }
    }),
  )
}

export const autoguidanceEma: Ablation = {
  id: 'autoguidance-ema',
  order: 6,
  label: 'Autoguidance: the two averages',
  look: 'Lengths of the weight averages, the positive’s and the negative’s. The result is sensitive to the pair, not to either alone. The positive is the main network, or where none of its averages are stored the latest snapshot that has some.',
  variants: lengths,
}
