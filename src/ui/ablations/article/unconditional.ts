/** Without any class. */
import { isGuided, methodById } from '../../../guidance/index'
import type { ModelInfo } from '../../../model/types'
import type { Ablation, Variant } from '../ablation'
import { onDropout } from '../family'

/** Autoguidance without a class, by the least trained of the networks that know how. */
function lessDropped(model: ModelInfo): Variant {
  const able = model.networks.filter(({ labelDropout }) => labelDropout)
  const network = able.filter((other) => other !== able[0]).sort((a, b) => a.samples - b.samples)[0]
  if (!network)
    return { label: 'autoguidance', missing: 'This family has no second network that was trained with label dropout.' }
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
  look: 'The network with label dropout, asked for any image. CFG has nothing to compare with here; the others work as before.',
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
