/** TSG: how unsure of the noise level. */
import type { Ablation, Variant } from '../ablation'

export const tsgNoise: Ablation = {
  id: 'tsg-noise',
  order: 8,
  label: 'TSG: how unsure of the noise level',
  look: 'Noise on the embedding of σ only. Watch ‖Δ‖ / ‖D⁺‖ fall along the axis with α.',
  variants: () =>
    [0.5, 1, 2, 4].map((noiseScale): Variant => ({
      label: `s ${noiseScale}`,
      method: 'tsg',
      parameters: { noiseScale },
    })),
}
