/** A model description for tests that need no network: two classes, three attention layers, 2×2 one-channel images. */
import type { Denoiser, DenoiserRow, ModelInfo } from '../../src/engine/types'

const file = { file: 'none', bytes: 0, sha256: '' }

export const toyModel: ModelInfo = {
  id: 'avatars',
  name: 'Toy',
  licence: 'MIT',
  graph: file,
  weights: { ...file, sha256: 'feedc0de'.repeat(8) },
  golden: file,
  image: { channels: 1, height: 2, width: 2 },
  preconditioning: { kind: 'edm', sigmaData: 0.5 },
  sigma: { min: 0.002, max: 80, rho: 7 },
  conditioning: { kind: 'class', labelDropout: false, classes: [{ name: 'Left' }, { name: 'Right' }, { name: 'Up' }] },
  layers: [
    { index: 0, name: 'encoder 4×4', stage: 'encoder', height: 4, width: 4, heads: 1 },
    { index: 1, name: 'middle 2×2', stage: 'middle', height: 2, width: 2, heads: 1 },
    { index: 2, name: 'decoder 4×4', stage: 'decoder', height: 4, width: 4, heads: 1 },
  ],
  parameters: 1,
  flops: 1,
}

/** A denoiser from a function of one row; records the rows of every batch. */
export function toyDenoiser(denoise: (row: DenoiserRow) => Float32Array): Denoiser & { readonly batches: DenoiserRow[][] } {
  const batches: DenoiserRow[][] = []
  return {
    model: toyModel,
    batches,
    evaluate(rows) {
      batches.push([...rows])
      return Promise.resolve(rows.map(denoise))
    },
  }
}

export const DATA_MEAN = 0.3
export const DATA_STD = 0.5

/**
 * The exact denoiser of data distributed as N(mean, DATA_STD²) per pixel; its probability-flow ODE has the solution
 * x(σ) = mean + (x_0 − mean) √((std² + σ²)/(std² + σ_0²)). A row with a perturbed layer believes in another mean.
 */
export function gaussianDenoise(row: DenoiserRow): Float32Array {
  const mean = row.attention?.some((control) => control !== null) ? -1 : DATA_MEAN
  const variance = DATA_STD ** 2
  return row.x.map((x) => (variance * x + row.sigma ** 2 * mean) / (variance + row.sigma ** 2))
}
