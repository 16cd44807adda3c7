/** Which files a network is made of, and in which shares. Pure, and light enough for the page, which only has to fetch them. */
import { profileError, synthesis } from '../core/ema'
import type { ModelFile, ModelInfo, NetworkInfo, NetworkRef } from '../model/types'

/**
 * How many stored moments of training a weight average is made of. The profiles that can be asked for lie at the end of
 * training: between σ_rel 0.04 and 0.12 the last two of T/8, T/4, T/2 and T make a profile that is off by 4 to 8 % (of its
 * norm), and the earlier two do not better that by a thousandth; each would be two more files to download.
 */
const SNAPSHOTS = 2

/** A stored file of weights and its share of the wanted ones. */
export interface Part {
  readonly file: ModelFile
  /** Further files that its weights are in. */
  readonly others: readonly ModelFile[]
  readonly factor: number
}

/** A network of the family. Throws RangeError for an id that it lacks. */
export function networkOf(id: string, model: ModelInfo): NetworkInfo {
  const network = model.networks.find((candidate) => candidate.id === id)
  if (network) return network
  throw new RangeError(
    `the model ${model.id} has no network ${id}; it has ${model.networks.map((candidate) => candidate.id).join(', ')}`,
  )
}

/** How far the weight average of this length that the stored ones make is from the true one; see `profileError`. Throws RangeError where none can be made. */
export function averageError(network: NetworkInfo, sigmaRel: number): number {
  const target = { sigmaRel, samples: network.samples }
  return profileError(synthesis(network.averages, target, SNAPSHOTS), target)
}

/** Weights as a sum of stored ones. Throws RangeError where they can't be had or made. */
export function partsOf({ id, sigmaRel, neon }: NetworkRef, model: ModelInfo): readonly Part[] {
  const network = networkOf(id, model)
  const own: readonly Part[] =
    sigmaRel === undefined || sigmaRel === network.sigmaRel
      ? [{ file: network.weights, others: network.otherWeights ?? [], factor: 1 }]
      : synthesis(network.averages, { sigmaRel, samples: network.samples }, SNAPSHOTS).map(({ average, factor }) => ({
          file: average.weights,
          others: [],
          factor,
        }))
  if (!neon) return own
  const against = networkOf(neon.against, model)
  if (against.graph.sha256 !== network.graph.sha256) {
    throw new RangeError(`the weights of ${id} and ${neon.against} can't be combined: the two networks differ in shape`)
  }
  if (!Number.isFinite(neon.w)) throw new RangeError(`Neon's w must be a finite number, not ${neon.w}`)
  return [
    ...own.map((part) => ({ ...part, factor: part.factor * (1 + neon.w) })),
    { file: against.weights, others: against.otherWeights ?? [], factor: -neon.w },
  ].filter(({ factor }) => factor !== 0)
}

/** Files that a network needs, its graph first, each once. Throws RangeError as `partsOf` does. */
export function requiredFiles(ref: NetworkRef, model: ModelInfo): readonly ModelFile[] {
  const { conditioning } = model
  const { graph, golden } = networkOf(ref.id, model)
  const files = [
    graph,
    ...(golden ? [golden] : []),
    ...partsOf(ref, model).flatMap(({ file, others }) => [file, ...others]),
    ...(conditioning.kind === 'text' ? [conditioning.embeddings] : []),
  ]
  return [...new Map(files.map((entry) => [entry.file, entry])).values()]
}

/** Files of the decoder of latents; none where there is none. */
const decoderFiles = ({ latent }: ModelInfo): readonly ModelFile[] =>
  latent?.decoder ? [latent.decoder.graph, ...latent.decoder.weights] : []

/** Files that the default network needs, is proved and seen by, each once. */
export function startingFiles(model: ModelInfo): readonly ModelFile[] {
  const files = [...requiredFiles({ id: model.networks[0]!.id }, model), ...decoderFiles(model)]
  return model.golden ? [...files, model.golden] : files
}
