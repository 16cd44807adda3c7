/** The inputs that a controlled layer can have, and what a row's control puts into each. */
import { blurMatrix } from '../../core/blur'
import type { Complete } from './complete'
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
import type { ControlledLayer, Extent, Feature, controlNames } from './types'

/** One input of a layer: where it is needed, its shape for one row, and what a row's control puts into it. */
export interface Input {
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

const mixed = (name: 'mix' | 'whole'): Input => ({
  name,
  features: [],
  dims: ({ heads }) => [1, heads, 1],
  large: false,
  read: reading(
    ({ mix }, layer) => perHead(mix, layer),
    (mix) => Float32Array.from(mix),
  ),
})

const INPUTS: readonly Input[] = [
  mixed('mix'),
  mixed('whole'),
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

/** Whether a graph of that extent has an input, and not another in its place. */
function includes({ name }: Input, extent: Extent | null): boolean {
  switch (name) {
    case 'mix':
      return extent === null || extent.mix === 'part'
    case 'whole':
      return extent?.mix === 'whole'
    case 'blurHeight':
    case 'blurWidth':
      return extent === null || extent.blur
    default:
      return true
  }
}

const BEFORE: ReadonlySet<Input['name']> = new Set(['blurHeight', 'blurWidth'])
const OF_VALUES: ReadonlySet<Input['name']> = new Set(['extrapolateScale', 'extrapolateLimit', 'extrapolateBlend'])

/** The inputs that a layer has in a graph with these features, and no more of mix and blur than this. */
export function inputsOf(
  { skippable, dropoutChannels: channels, reach, values }: ControlledLayer,
  features: readonly Feature[],
  extent: Extent | null,
): readonly Input[] {
  const own = [
    ...INPUTS.filter((input) => (reach !== 'map' || !BEFORE.has(input.name)) && (values || !OF_VALUES.has(input.name))),
    ...(skippable.attention ? [GATE] : []),
    ...(skippable.block ? [GATE_BLOCK] : []),
    ...(channels === null ? [] : [dropout(channels)]),
  ]
  return own.filter(
    (input) =>
      includes(input, extent) &&
      (input.features.length === 0 || input.features.some((feature) => features.includes(feature))),
  )
}

function perHead(mix: Field<'mix'>, { heads, index }: ControlledLayer): readonly number[] {
  if (typeof mix === 'number') return Array<number>(heads).fill(mix)
  if (mix.length !== heads)
    throw new RangeError(`mix has ${mix.length} values for the ${heads} heads of attention layer ${index}`)
  return mix
}
