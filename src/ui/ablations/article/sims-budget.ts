/** SIMS: how long it trained on itself. */
import type { Ablation, Variant } from '../ablation'
import { images, ofRole } from '../family'

export const simsBudget: Ablation = {
  id: 'sims-budget',
  order: 9,
  label: 'SIMS: how long it trained on itself',
  look: 'The longer the copy saw its own images, the larger Δ, and the smaller the scale that is still good. Neon pushes the weights instead: no second evaluation.',
  variants: (model) => {
    const tuned = ofRole(model, 'sims')
    const middle = tuned[Math.floor(tuned.length / 2)]
    if (!middle) return [{ label: 'SIMS', missing: 'No network of this family was tuned on its own images.' }]
    return [
      ...tuned.map(({ id, samples }): Variant => ({
        label: images(samples),
        method: 'sims',
        parameters: { budget: id, form: 'sims' },
      })),
      { label: `Neon, ${images(middle.samples)}`, method: 'sims', parameters: { budget: middle.id, form: 'neon' } },
    ]
  },
}
