/**
 * Turns what each batch row asks of each attention layer into the tensors that the rewritten graph reads. Pure apart from
 * its cache: equal controls give the very same arrays while they are cached, so that a caller can skip uploading them again.
 */
import { blurMatrix } from '../../core/blur'
import { concatenate } from '../../core/vector'
import { GraphError } from '../onnx'
import { checkReach, checkSkip } from './checks'
import { complete, type Complete, type RowControls } from './complete'
import {
  dropoutFactors,
  identityMatrix,
  keepMatrix,
  leftMatrix,
  maskBias,
  noiseMatrix,
  smoothingMatrix,
  transposed,
  type Field,
} from './matrices'
import { controlNames, type ControlledLayer, type Feature } from './types'

export interface TensorData {
  readonly data: Float32Array
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

/** One input of a layer: where it is needed, its shape for one row, and what a row's control puts into it. */
interface Input {
  readonly name: keyof ReturnType<typeof controlNames>
  /** The graph has it with any of these features; with every set of them where none is named. */
  readonly features: readonly Feature[]
  readonly dims: (layer: ControlledLayer) => readonly number[]
  /** Matrices over tokens, of which few are kept. */
  readonly large: boolean
  /** `key`: all that the data depends on. */
  readonly read: (
    control: Complete,
    layer: ControlledLayer,
  ) => { readonly key: unknown; readonly data: () => Float32Array }
}

/** An input whose data is a function of what `pick` takes from the control. */
function reading<T>(
  pick: (control: Complete, layer: ControlledLayer) => T,
  make: (value: T, layer: ControlledLayer) => Float32Array,
): Input['read'] {
  return (control, layer) => {
    const key = pick(control, layer)
    return { key, data: () => make(key, layer) }
  }
}

const filled = (layer: ControlledLayer, value: number) => new Float32Array(layer.tokens ** 2).fill(value)

/** A matrix over tokens: `make` where `pick` finds the control on, else `neutral`. */
function matrix<T>(
  name: Input['name'],
  features: readonly Feature[],
  pick: (control: Complete) => T | null,
  make: (tokens: number, value: T) => Float32Array,
  neutral: (layer: ControlledLayer) => Float32Array,
): Input {
  return {
    name,
    features,
    dims: (layer) => [1, layer.tokens, layer.tokens],
    large: true,
    read: reading(pick, (value, layer) => (value === null ? neutral(layer) : make(layer.tokens, value))),
  }
}

/** A number with `axes` axes of length 1. */
function scalar(name: Input['name'], feature: Feature, axes: number, pick: (control: Complete) => number): Input {
  return {
    name,
    features: [feature],
    dims: () => Array<number>(axes).fill(1),
    large: false,
    read: reading(pick, (value) => Float32Array.of(value)),
  }
}

const INPUTS: readonly Input[] = [
  {
    name: 'mix',
    features: [],
    dims: ({ heads }) => [1, heads, 1],
    large: false,
    read: reading(
      ({ mix }, layer) => perHead(mix, layer),
      (mix) => Float32Array.from(mix),
    ),
  },
  {
    name: 'blurHeight',
    features: [],
    dims: ({ height }) => [height, height],
    large: false,
    read: reading(
      ({ querySigma, temperature }) => [querySigma, temperature] as const,
      ([sigma, temperature], { height }) =>
        Float32Array.from(blurMatrix(sigma, height), (value) => value * temperature),
    ),
  },
  {
    name: 'blurWidth',
    features: [],
    dims: ({ width }) => [1, width, width],
    large: false,
    read: reading(
      ({ querySigma }) => querySigma,
      (sigma, { width }) => Float32Array.from(blurMatrix(sigma, width)),
    ),
  },
  matrix(
    'bias',
    ['mask'],
    ({ mask }) => mask,
    maskBias,
    (layer) => filled(layer, 0),
  ),
  {
    name: 'left',
    features: ['smooth', 'shuffle'],
    dims: (layer) => [1, layer.tokens, layer.tokens],
    large: true,
    read: reading(
      ({ smooth, shuffle }) => ({ smooth, shuffle }),
      (control, layer) => leftMatrix(layer.tokens, control),
    ),
  },
  matrix(
    'right',
    ['smooth'],
    ({ smooth }) => smooth,
    (tokens, kind) => transposed(tokens, smoothingMatrix(tokens, kind)),
    (layer) => identityMatrix(layer.tokens),
  ),
  matrix(
    'keep',
    ['drop'],
    ({ drop }) => drop,
    keepMatrix,
    (layer) => filled(layer, 1),
  ),
  matrix(
    'noise',
    ['noise'],
    ({ noise }) => noise,
    noiseMatrix,
    (layer) => filled(layer, 0),
  ),
  scalar('entmax', 'entmax', 3, ({ entmax }) => entmax ?? 0),
  scalar('sparsemax', 'sparsemax', 3, ({ sparsemax }) => sparsemax ?? 0),
  scalar('extrapolateScale', 'extrapolate', 2, ({ extrapolate }) => extrapolate?.scale ?? 0),
  scalar('extrapolateLimit', 'extrapolate', 2, ({ extrapolate }) => extrapolate?.limit ?? 1),
  scalar('extrapolateBlend', 'extrapolate', 2, ({ extrapolate }) => extrapolate?.blend ?? 0),
]

const gate = (name: 'gate' | 'gateBlock', closed: (skip: Field<'skip'> | null) => boolean): Input => ({
  name,
  features: ['skip'],
  dims: () => [],
  large: false,
  read: reading(
    ({ skip }) => closed(skip),
    (shut) => Float32Array.of(shut ? 0 : 1),
  ),
})
const GATE = gate('gate', (skip) => skip !== null)
const GATE_BLOCK = gate('gateBlock', (skip) => skip === 'block')

const dropout = (channels: number): Input => ({
  name: 'dropout',
  features: ['dropout'],
  dims: ({ height, width }) => [channels, height, width],
  large: true,
  read: reading(
    ({ dropout: drawn }) => drawn,
    (drawn, layer) => {
      const count = channels * layer.height * layer.width
      return drawn ? dropoutFactors(count, drawn) : new Float32Array(count).fill(1)
    },
  ),
})

const BEFORE: ReadonlySet<Input['name']> = new Set(['blurHeight', 'blurWidth'])
const OF_VALUES: ReadonlySet<Input['name']> = new Set(['extrapolateScale', 'extrapolateLimit', 'extrapolateBlend'])

/** The inputs that a layer has in a graph with these features. */
function inputsOf(
  { skippable, dropoutChannels: channels, reach, values }: ControlledLayer,
  features: readonly Feature[],
): readonly Input[] {
  const own = [
    ...INPUTS.filter((input) => (reach !== 'map' || !BEFORE.has(input.name)) && (values || !OF_VALUES.has(input.name))),
    ...(skippable.attention ? [GATE] : []),
    ...(skippable.block ? [GATE_BLOCK] : []),
    ...(channels === null ? [] : [dropout(channels)]),
  ]
  return own.filter(
    (input) => input.features.length === 0 || input.features.some((feature) => features.includes(feature)),
  )
}

export class ControlInputs {
  readonly #kept = new Map<string, Recent<TensorData>>()

  constructor(private readonly layers: readonly ControlledLayer[]) {}

  /**
   * Feeds for a batch on a graph with these features: the inputs of `controlNames`, of every layer. Throws RangeError for a
   * control outside its range or a row with another number of layers, GraphError for a skip where the network has no residual, or dropout where it has no convolution.
   */
  feeds(rows: readonly RowControls[], features: readonly Feature[]): Record<string, TensorData> {
    const feeds: Record<string, TensorData> = {}
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
      for (const input of inputsOf(layer, features))
        feeds[names[input.name]] = this.#feed(names[input.name], input, layer, controls)
    }
    return feeds
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

function perHead(mix: Field<'mix'>, { heads, index }: ControlledLayer): readonly number[] {
  if (typeof mix === 'number') return Array<number>(heads).fill(mix)
  if (mix.length !== heads)
    throw new RangeError(`mix has ${mix.length} values for the ${heads} heads of attention layer ${index}`)
  return mix
}
