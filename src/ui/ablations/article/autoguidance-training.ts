/** Autoguidance: how long the weak network was trained. */
import type { Ablation } from '../ablation'
import { images, ofRole, weak } from '../family'

export const autoguidanceTraining: Ablation = {
  id: 'autoguidance-training',
  order: 4,
  label: 'Autoguidance: how long the weak network was trained',
  look: 'The weak network is the same one after fewer images. Too late, and Δ is nearly nothing; too early, and it points at another image.',
  variants: (model) => {
    const snapshots = ofRole(model, 'snapshot')
    const missing = 'This family has no snapshots of its main network.'
    return snapshots.length === 0
      ? [weak('earlier', undefined, missing)]
      : snapshots.map((network) => weak(images(network.samples), network, missing))
  },
}
