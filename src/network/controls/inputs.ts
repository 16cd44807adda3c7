/**
 * Turns what each batch row asks of each attention layer into the tensors that the rewritten graph reads. Pure apart from
 * its cache: equal controls give the very same arrays while they are cached, so that a caller can skip uploading them again.
 */
import { concatenate } from '../../core/vector'
import { GraphError } from '../onnx'
import { checkReach, checkSkip } from './checks'
import { complete, type Complete, type RowControls } from './complete'
import { inputsOf, type Input } from './input-table'
import { controlNames, type ControlledLayer, type Extent, type Feature } from './types'

export interface TensorData {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

/** The same of booleans, a byte each. */
export interface BoolData {
  readonly data: Uint8Array
  readonly dims: readonly number[]
}

/** Keeps the most recently used values of a pure function. */
class Recent<T> {
  readonly #values = new Map<string, T>()

  constructor(private readonly limit: number) {}

  get(key: string, make: () => T): T {
    const value = this.#values.get(key) ?? make()
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size > this.limit) this.#values.delete(this.#values.keys().next().value!)
    return value
  }
}

// A run alternates between a few batches; a matrix over tokens is large, and changes with every step where it is random.
const KEPT_SMALL = 24
const KEPT_LARGE = 2

export class ControlInputs {
  readonly #kept = new Map<string, Recent<TensorData>>()
  readonly #bools = new WeakMap<TensorData, BoolData>()

  constructor(private readonly layers: readonly ControlledLayer[]) {}

  /**
   * Feeds for a batch on a graph with these features: the inputs of `controlNames`, of every layer. Throws RangeError for a
   * control outside its range or a row with another number of layers, GraphError for a skip where the network has no residual, or dropout where it has no convolution.
   */
  feeds(rows: readonly RowControls[], features: readonly Feature[]): Record<string, TensorData>
  /** `extent`: what the graph has of mix and blur; null: all. */
  feeds(
    rows: readonly RowControls[],
    features: readonly Feature[],
    extent: Extent | null,
  ): Record<string, TensorData | BoolData>
  feeds(
    rows: readonly RowControls[],
    features: readonly Feature[],
    extent: Extent | null = null,
  ): Record<string, TensorData | BoolData> {
    const feeds: Record<string, TensorData | BoolData> = {}
    for (const row of rows) {
      if (row && row.length !== this.layers.length)
        throw new RangeError(`a row controls ${row.length} layers; the network has ${this.layers.length}`)
    }
    for (const [at, layer] of this.layers.entries()) {
      const controls = rows.map((row) => complete(row?.[at]))
      for (const control of controls) checkReach(control, layer)
      if (features.includes('skip')) for (const { skip } of controls) checkSkip(skip, layer)
      if (controls.some((control) => control.dropout !== null) && layer.dropoutChannels === null)
        throw new GraphError(
          `attention layer ${layer.index} of this network has no residual block with a convolution before it, so nothing to drop`,
        )
      const names = controlNames(layer.index)
      for (const input of inputsOf(layer, features, extent)) {
        const name = names[input.name]
        const feed = this.#feed(name, input, layer, controls)
        feeds[name] = input.name === 'whole' ? this.#bool(feed) : feed
      }
    }
    return feeds
  }

  #bool(feed: TensorData): BoolData {
    const made = this.#bools.get(feed) ?? { data: Uint8Array.from(feed.data), dims: feed.dims }
    this.#bools.set(feed, made)
    return made
  }

  #feed(name: string, input: Input, layer: ControlledLayer, controls: readonly Complete[]): TensorData {
    const parts = controls.map((control) => input.read(control, layer))
    let kept = this.#kept.get(name)
    if (!kept) this.#kept.set(name, (kept = new Recent(input.large ? KEPT_LARGE : KEPT_SMALL)))
    // JSON has no Infinity.
    const key = JSON.stringify(
      parts.map((part) => part.key),
      (_, value: unknown) => (value === Infinity ? 'Infinity' : value),
    )
    return kept.get(key, () => ({
      data: concatenate(
        parts.map(({ data }) => data()),
        Float32Array,
      ),
      dims: [controls.length, ...input.dims(layer)],
    }))
  }
}
