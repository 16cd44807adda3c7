/** Without any class. */
import { isGuided, methodById } from '../../../guidance/index'
import { unconditionalNetwork } from '../../../guidance/networks'
import type { ModelInfo } from '../../../model/types'
import type { Ablation, Variant } from '../ablation'
import { ofRole, onDropout } from '../family'

/** Autoguidance without a class, by the least trained network of the positive's kind. */
function lessDropped(model: ModelInfo): Variant {
  const best = unconditionalNetwork(model)
  const network = best && ofRole(model, best.role).find((other) => other !== best)
  if (!network)
    return { label: 'autoguidance', missing: 'This family has no second network that knows images without a class.' }
  return onDropout(model, 'autoguidance', () => ({
    method: 'autoguidance',
    class: null,
    parameters: { weak: network.id },
  }))
}

export const unconditional: Ablation = {
  id: 'unconditional',
  order: 11,
  label: 'Without any class',
  look: 'The network that knows images without a class, asked for any. CFG has nothing to compare with here; the others work as before.',
  variants: (model) => [
    ...['none', 'sag', 'pag', 'seg', 'tsg'].map((method) =>
      onDropout(model, isGuided({ method }) ? (methodById(method)?.name ?? method) : 'no guidance', () => ({
        method,
        class: null,
      })),
    ),
    lessDropped(model),
  ],
}
