/** ICG against CFG. */
import type { Ablation } from '../ablation'
import { onDropout } from '../family'

export const icgCfg: Ablation = {
  id: 'icg-cfg',
  order: 7,
  label: 'ICG against CFG',
  look: 'The same network and scale; the negative is asked for no class, or for any other. On average over steps both Δ point the same way.',
  variants: (model) => [
    onDropout(model, 'CFG', () => ({ method: 'cfg', scale: 1 })),
    onDropout(model, 'ICG', () => ({ method: 'icg', scale: 1 })),
    onDropout(model, 'ICG, one draw', () => ({ method: 'icg', scale: 1, parameters: { redraw: 'once' } })),
    onDropout(model, 'ICG, noise', () => ({ method: 'icg', scale: 1, parameters: { draw: 'gaussian' } })),
  ],
}
