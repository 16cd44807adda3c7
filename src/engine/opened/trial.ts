/** Rows to try a network with, and what it makes of them: noise at three levels tells at once whether a description is right. */
import { normals } from '../../core/random'
import { heldWithin } from '../../core/vector'
import type { Embeddings } from '../../model/embeddings'
import type { DenoiserRow, ModelInfo } from '../../model/types'
import type { Feeds } from '../../network/maps/types'
import type { AttentionControl } from '../../network/types'
import type { GoldenCase } from '../golden'
import type { OnnxDenoiser } from '../onnx-denoiser'
import { graphTensor } from '../open-graph'
import { feedsOf } from '../row-batch'
import type { Runtime } from '../runtime'

const SEED = 1

/** Noise at a noise level in the middle, and what is asked for, by turns. */
function trialRow(model: ModelInfo, i: number, sigma: number): DenoiserRow {
  const { image, dataDeviation, conditioning } = model
  const classes = conditioning.classes.length
  const classWeights = new Float32Array(classes)
  if (classes > 0) classWeights[i % classes] = 1
  const values = image.channels * image.height * image.width
  return {
    x: normals(SEED, i, values).map((value) => value * Math.hypot(sigma, dataDeviation)),
    sigma,
    classWeights,
    attention: null,
  }
}

const middle = ({ sigma: { min, max } }: ModelInfo) => Math.sqrt(min * max)

/** Rows that tell a device that computes wrongly: one as it is, and one with what guidance does at every layer. */
export async function trialCases(denoiser: Pick<OnnxDenoiser, 'model' | 'evaluate'>): Promise<readonly GoldenCase[]> {
  const { model } = denoiser
  const controls = model.layers.map(({ lacks = [], index }): AttentionControl =>
    lacks.includes('grid') || index % 2 === 1 ? { mix: 0.5 } : { querySigma: 1 },
  )
  const asked = [
    { name: 'as it is', attention: null },
    ...(controls.length > 0 ? [{ name: 'guided', attention: controls }] : []),
  ]
  const rows = asked.map(({ attention }, i) => ({ ...trialRow(model, i, middle(model)), attention }))
  const denoised = await denoiser.evaluate(rows)
  return asked.map(({ name, attention }, i) => {
    const { x, sigma, classWeights } = rows[i]!
    return { name, sigma, class: Math.max(0, classWeights.indexOf(1)), attention, x, denoised: denoised[i]! }
  })
}

/** So many rows of different noise, of one noise level (the middle one where none is told), as the graph takes them. */
export function trialFeeds(
  model: ModelInfo,
  embeddings: Embeddings | null,
  runtime: Runtime,
): (rows: number, sigma?: number) => Feeds {
  return (rows, sigma = middle(model)) => {
    const batch = Array.from({ length: rows }, (_, i) => trialRow(model, i, sigma))
    const tensors = feedsOf(batch, { model, image: model.image, offsetWidth: null, embeddings }, {}, runtime)
    return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, graphTensor(tensor)]))
  }
}

/** Rows of one noise, each asked for a class, or for none (null), as the graph takes them. */
export function classFeeds(
  model: ModelInfo,
  embeddings: Embeddings | null,
  runtime: Runtime,
): (classes: readonly (number | null)[]) => Feeds {
  return (classes) => {
    const row = trialRow(model, 0, middle(model))
    const batch = classes.map((one) => ({
      ...row,
      classWeights: row.classWeights.map((_, i) => (i === one ? 1 : 0)),
    }))
    const tensors = feedsOf(batch, { model, image: model.image, offsetWidth: null, embeddings }, {}, runtime)
    return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, graphTensor(tensor)]))
  }
}

/** Noise, and what D makes of it, on the way from the highest noise level down. */
export interface Denoised {
  readonly sigma: number
  readonly noisy: Float32Array
  readonly denoised: Float32Array
}

/** Steps of the walk whose high, middle and low levels are shown. */
const STEPS = 8

/** A short walk by Euler's method without guidance. Rejects as `evaluate` does. */
export async function denoisedAtThreeLevels(
  denoiser: Pick<OnnxDenoiser, 'model' | 'evaluate'>,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<readonly Denoised[]> {
  const { model } = denoiser
  const { min, max } = model.sigma
  const levels = Array.from({ length: STEPS }, (_, i) => max * (min / max) ** (i / (STEPS - 1)))
  const shown = [0, Math.floor(STEPS / 2), STEPS - 1]
  const row = trialRow(model, 0, max)
  let x = normals(SEED, 0, row.x.length).map((value) => value * max)
  const results: Denoised[] = []
  for (const [i, sigma] of levels.entries()) {
    const [predicted] = await denoiser.evaluate([{ ...row, x, sigma }])
    const denoised = model.clip === undefined ? predicted! : heldWithin(predicted!, model.clip)
    if (shown.includes(i)) results.push({ sigma, noisy: x, denoised })
    const next = (levels[i + 1] ?? sigma) / sigma
    const here = x
    x = here.map((value, at) => denoised[at]! + next * (value - denoised[at]!))
    onProgress(i + 1, STEPS)
  }
  return results
}
