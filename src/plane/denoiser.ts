/** D of the plane's points, by its tiny networks or by the mixture itself. A row holds many points of one noise level and class. */
import { partsOf } from '../engine/recipe'
import { adapterOf } from '../model/adapter'
import { networkKey, type Denoiser, type DenoiserRow, type ModelInfo, type NetworkRef } from '../model/types'
import type { Label, Mixture } from './mixture'
import { EXACT, networkOfWeights, type PlaneFile, shapeOf, type WeightsFile } from './model'
import { TinyNetwork } from './network'

function decoded(base64: string): Float64Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  return Float64Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
}

const NO_EMBEDDING =
  'The exact answer has no embedding that could be made noisy. Choose one of the networks, or a method that leaves the embedding as it is, such as autoguidance.'

export class PlaneDenoiser implements Denoiser {
  readonly #networks = new Map<string, TinyNetwork>()

  constructor(
    readonly model: ModelInfo,
    private readonly file: PlaneFile,
    private readonly weights: WeightsFile,
    private readonly mixture: Mixture,
    readonly imagesPerRow: number,
  ) {}

  /** Rejects with RangeError for rows that can't be asked, as `predict` throws it. */
  async evaluate(rows: readonly DenoiserRow[]): Promise<Float32Array[]> {
    return rows.map((row) => this.predict(row))
  }

  async readAttention(): Promise<never> {
    throw new RangeError('the networks of the plane have no attention')
  }

  /** D at the row's points, however many. */
  predict({ x, sigma, toldSigma = sigma, classWeights, network = { id: 'main' }, embeddingOffset }: DenoiserRow) {
    if (network.id === EXACT) {
      if (embeddingOffset) throw new RangeError(NO_EMBEDDING)
      return Float32Array.from(this.mixture.denoise(x, toldSigma, labelOf(classWeights)))
    }
    const { skip, out, in: scale, noise } = adapterOf(this.model).level(sigma, toldSigma)
    const own = this.#network(network)
    const raw = new Float64Array(x.length)
    own.evaluate(x, scale, own.embedding(noise, classWeights, embeddingOffset), raw)
    const denoised = new Float32Array(x.length)
    for (let i = 0; i < x.length; i++) denoised[i] = skip * x[i]! + out * raw[i]!
    return denoised
  }

  #network(ref: NetworkRef): TinyNetwork {
    const key = networkKey(ref)
    const known = this.#networks.get(key)
    if (known) return known
    const parts = partsOf(ref, this.model)
    const entries = parts.map(({ file, factor }) => {
      const entry = this.file.networks.find(({ id }) => id === networkOfWeights(file.file))
      const text = entry && this.weights[entry.id]
      if (!text) throw new RangeError(`the plane has no network ${file.file}`)
      return { entry, text, factor }
    })
    const stored = entries.map(({ text, factor }) => decoded(text).map((value) => factor * value))
    const sum = stored.reduce((total, values) => total.map((value, i) => value + values[i]!))
    const built = new TinyNetwork(shapeOf(entries[0]!.entry, this.model.conditioning.classes.length), sum)
    // Neon's weights change with the scale: the last few are kept.
    if (this.#networks.size > 24) this.#networks.clear()
    this.#networks.set(key, built)
    return built
  }
}

function labelOf(weights: Float32Array): Label {
  const label = weights.indexOf(1)
  return label < 0 ? null : label
}
