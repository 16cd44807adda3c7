/** How the networks that are trained here are asked: EDM's preconditioning, a noise level, and a weight for each class. */
import type { NetworkDescription } from './description'

/** Of a graph that `models/train` exports, for images of this size and so many classes. */
export function ownDescription(
  { channels, height, width }: { readonly channels: number; readonly height: number; readonly width: number },
  classes: number,
  sigmaData: number,
): NetworkDescription {
  return {
    prediction: { kind: 'edm', parameters: { sigmaData } },
    schedule: { kind: 'edm', parameters: { sigmaData } },
    inputs: [
      { name: 'x', meaning: 'sample', dtype: 'float32', dims: ['rows', channels, height, width] },
      { name: 'noise_level', meaning: 'noise-level', dtype: 'float32', dims: ['rows'] },
      { name: 'class_weights', meaning: 'class-weights', dtype: 'float32', dims: ['rows', classes] },
    ],
    fixedRows: null,
    output: { name: 'prediction', learnedVariance: false },
    range: { low: -1, high: 1 },
    latent: null,
    dataDeviation: sigmaData,
  }
}
