/** Autoguidance: how large it is. */
import type { Ablation } from '../ablation'
import { early, ofRole, weak } from '../family'

export const autoguidanceSize: Ablation = {
  id: 'autoguidance-size',
  order: 5,
  label: 'Autoguidance: how large it is',
  look: 'A weak network that is small, early, or both. The paper’s best is both: it errs where the main network errs, only more.',
  variants: (model) => {
    const small = ofRole(model, 'small')
    return [
      weak(
        'smaller',
        small.filter((network) => !early(network, model)).at(-1),
        'This family has no smaller network that was trained about as long as the main one, so “smaller” alone can’t be shown.',
      ),
      weak('earlier', ofRole(model, 'snapshot')[0], 'This family has no snapshots of its main network.'),
      weak(
        'smaller and earlier',
        small.find((network) => early(network, model)),
        'This family has no smaller network that was trained less.',
      ),
    ]
  },
}
