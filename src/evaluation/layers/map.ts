/**
 * A map of a network's attention layers: what PAG at each of them alone does to the prediction at a high, a middle and a low noise level,
 * how much, where in the picture, and in which frequencies. Images are those of the network's own way without guidance.
 */
import { normals } from '../../core/random'
import { radialSpectrum } from '../../core/spectrum'
import { heldWithin } from '../../core/vector'
import type { Denoiser, DenoiserRow } from '../../model/types'

/** Cells of the picture, along each side at most. */
const CELLS = 8
/** Upper ends of the bands in waves a pixel: shapes of the whole picture, large and small shapes, and above them details. */
export const BANDS = [1 / 16, 1 / 8, 1 / 4] as const

/** What a layer's push, D − D with the identity in place of its map, is at one noise level. */
export interface LayerPush {
  /** Its root mean square over that of D. */
  readonly size: number
  /** Share of its energy in each cell of a coarse grid of the picture, row by row; sum 1. */
  readonly where: { readonly height: number; readonly width: number; readonly shares: Float64Array }
  /** Share of its energy in each band, coarse to fine; sum 1. */
  readonly bands: readonly number[]
}

export interface LayerMap {
  /** High, middle, low. */
  readonly levels: readonly number[]
  /** By layer, in graph order, at each level. */
  readonly layers: readonly (readonly LayerPush[])[]
}

export interface LayerMapRequest {
  readonly denoiser: Pick<Denoiser, 'model' | 'evaluate'>
  /** Noise levels of the way, high to low, without the 0 at its end. */
  readonly levels: readonly number[]
  /** Images that the pushes are summed over. Default 4. */
  readonly images?: number
  readonly seed?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** The energies of a push, which are summed over images. */
class Sum {
  #push = 0
  #prediction = 0
  readonly #cells: Float64Array
  readonly #bands = new Float64Array(BANDS.length + 1)
  readonly #rows: number
  readonly #columns: number

  constructor(private readonly image: { readonly channels: number; readonly height: number; readonly width: number }) {
    this.#rows = Math.min(CELLS, image.height)
    this.#columns = Math.min(CELLS, image.width)
    this.#cells = new Float64Array(this.#rows * this.#columns)
  }

  add(denoised: Float32Array, perturbed: Float32Array): void {
    const { height, width } = this.image
    const push = denoised.map((value, i) => value - perturbed[i]!)
    for (const [i, value] of push.entries()) {
      const [y, x] = [Math.floor((i % (height * width)) / width), i % width]
      const cell = Math.floor((y * this.#rows) / height) * this.#columns + Math.floor((x * this.#columns) / width)
      this.#cells[cell]! += value * value
      this.#push += value * value
      this.#prediction += denoised[i]! ** 2
    }
    const side = Math.min(height, width)
    for (const [ring, power] of radialSpectrum(push, this.image).total.entries()) {
      const band = BANDS.findIndex((end) => ring / side <= end)
      this.#bands[band < 0 ? BANDS.length : band]! += power
    }
  }

  /** Shares of nothing are 0. */
  get push(): LayerPush {
    const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0)
    const power = this.#bands.reduce((a, b) => a + b, 0)
    return {
      size: Math.sqrt(share(this.#push, this.#prediction)),
      where: {
        height: this.#rows,
        width: this.#columns,
        shares: this.#cells.map((energy) => share(energy, this.#push)),
      },
      bands: Array.from(this.#bands, (part) => share(part, power)),
    }
  }
}

/** Places on the way: a sixth, half and five sixths along it. */
const placesOf = (steps: number) => [1, 3, 5].map((sixths) => Math.min(steps - 1, Math.floor((sixths * steps) / 6)))

/** Rejects with what `evaluate` rejects with, and with the signal's reason. Throws RangeError for a way of fewer than three levels. */
export async function layerMap(request: LayerMapRequest): Promise<LayerMap> {
  const { denoiser, levels, images = 4, seed = 1, signal, onProgress = () => undefined } = request
  const { model } = denoiser
  if (levels.length < 3) throw new RangeError(`a way of ${levels.length} noise levels has no high, middle and low one`)
  const { channels, height, width } = model.image
  const classes = model.conditioning.classes.length
  const places = placesOf(levels.length)
  const sums = model.layers.map(() => places.map(() => new Sum(model.image)))
  let rows = Array.from({ length: images }, (_, i): DenoiserRow => {
    const classWeights = new Float32Array(classes)
    if (classes > 0) classWeights[i % classes] = 1
    const x = normals(seed, i, channels * height * width).map((value) => value * levels[0]!)
    return { x, sigma: levels[0]!, classWeights, attention: null }
  })
  const total = levels.length + places.length * model.layers.length
  let done = 0
  const evaluate = async (asked: readonly DenoiserRow[]) => {
    signal?.throwIfAborted()
    const predicted = await denoiser.evaluate(asked)
    onProgress((done += 1), total)
    return model.clip === undefined ? predicted : predicted.map((one) => heldWithin(one, model.clip!))
  }
  for (const [step, sigma] of levels.entries()) {
    const denoised = await evaluate(rows)
    const place = places.indexOf(step)
    for (const layer of place < 0 ? [] : model.layers) {
      const attention = model.layers.map(({ index }) => (index === layer.index ? { mix: 1 } : null))
      const perturbed = await evaluate(rows.map((row) => ({ ...row, attention })))
      for (const [i, one] of perturbed.entries()) sums[layer.index]![place]!.add(denoised[i]!, one)
    }
    const next = (levels[step + 1] ?? 0) / sigma
    rows = rows.map((row, i) => ({
      ...row,
      sigma: levels[step + 1] ?? 0,
      x: row.x.map((value, at) => denoised[i]![at]! + next * (value - denoised[i]![at]!)),
    }))
  }
  return { levels: places.map((at) => levels[at]!), layers: sums.map((own) => own.map(({ push }) => push)) }
}
