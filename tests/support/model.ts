/** A model description for tests that need no network: three classes, three attention layers, 2×2 one-channel images, a family. */
import { ownDescription } from '../../src/model/own'
import type {
  AttentionReading,
  Denoiser,
  DenoiserRow,
  ModelInfo,
  NetworkInfo,
  NetworkRole,
} from '../../src/model/types'

const file = { file: 'none', bytes: 0, sha256: '' }

function network(id: string, role: NetworkRole, changes: Partial<NetworkInfo> = {}): NetworkInfo {
  const weights = { file: `weights-${id}`, bytes: 100, sha256: 'feedc0de'.repeat(8) }
  return {
    id,
    name: `Toy ${id}`,
    role,
    graph: file,
    weights,
    parameters: 1,
    flops: 1,
    heads: [1, 1, 1],
    labelDropout: false,
    samples: 1600,
    sigmaRel: 0.05,
    averages: [],
    ...changes,
  }
}

const average = (sigmaRel: number, samples: number) => ({
  sigmaRel,
  samples,
  weights: { file: `weights-main-${sigmaRel}-${samples}`, bytes: 100, sha256: '' },
})

export const toyModel: ModelInfo = {
  id: 'avatars',
  name: 'Toy',
  licence: 'MIT',
  family: { sentence: 'For tests.', order: 1, hidden: false, thumbnail: null, unnamedInLinks: true },
  first: {},
  chosen: null,
  judge: null,
  evaluation: null,
  graph: file,
  weights: { ...file, sha256: 'feedc0de'.repeat(8) },
  golden: file,
  image: { channels: 1, height: 2, width: 2 },
  ...ownDescription({ channels: 1, height: 2, width: 2 }, 3, 0.5),
  sigma: { min: 0.002, max: 80, rho: 7 },
  conditioning: { kind: 'class', labelDropout: false, classes: [{ name: 'Left' }, { name: 'Right' }, { name: 'Up' }] },
  starts: { class: {}, none: {} },
  embedding: { width: 4, noiseDeviation: 0.5, classDeviation: 0.25 },
  networks: [
    network('main', 'main', {
      averages: [average(0.05, 800), average(0.1, 800), average(0.05, 1600), average(0.1, 1600)],
    }),
    network('main-1-16', 'snapshot', { samples: 100 }),
    network('small', 'small'),
    network('dropout', 'dropout', { labelDropout: true }),
    network('dropout-early', 'dropout', { labelDropout: true, samples: 100 }),
    network('sims-1', 'sims'),
    network('sims-2', 'sims'),
  ],
  crops: [{ height: 1, width: 1, graph: file }],
  vision: null,
  brought: null,
  renders: null,
  layers: [
    { index: 0, name: 'encoder 4×4', stage: 'encoder', height: 4, width: 4, heads: 1 },
    { index: 1, name: 'middle 2×2', stage: 'middle', height: 2, width: 2, heads: 1 },
    { index: 2, name: 'decoder 4×4', stage: 'decoder', height: 4, width: 4, heads: 1 },
  ],
  parameters: 1,
  flops: 1,
}

/** What every row's attention is said to be: a map where each token looks at the first one twice as much as at the others. */
export function toyAttention(layer: number): Pick<AttentionReading, 'map' | 'received'> {
  const { height, width, heads } = toyModel.layers[layer]!
  const tokens = height * width
  const weight = (key: number) => (key === 0 ? 2 : 1) / (tokens + 1)
  return {
    map: Float32Array.from({ length: tokens * tokens }, (_, i) => weight(i % tokens)),
    received: Float32Array.from({ length: heads * tokens }, (_, i) => tokens * weight(i % tokens)),
  }
}

/** A denoiser from a function of one row; records the rows of every batch. */
export function toyDenoiser(
  denoise: (row: DenoiserRow) => Float32Array,
): Denoiser & { readonly batches: DenoiserRow[][] } {
  const batches: DenoiserRow[][] = []
  return {
    model: toyModel,
    batches,
    evaluate(rows) {
      batches.push([...rows])
      return Promise.resolve(rows.map(denoise))
    },
    readAttention(rows, layer) {
      batches.push([...rows])
      return Promise.resolve(rows.map((row): AttentionReading => ({ denoised: denoise(row), ...toyAttention(layer) })))
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
