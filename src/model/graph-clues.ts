/** What a graph's inputs and outputs tell by their names, types and shapes: what each input means, and of what size x is. */
import type { ElementType, InputDimension, ModelInput } from './description'

/** A value of the graph's interface; a length that is left to run time is a name or null. */
export interface GraphValue {
  readonly name: string
  /** ONNX's name of the type, in lower case, such as `float32`, `float16`, `int64`. */
  readonly dtype: string
  readonly dims: readonly (number | string | null)[]
  /** Entries of the smallest table that its values are looked up in, where they are. */
  readonly table?: number
}

/** A graph that can't be described. The message says why, and what to do. */
export class GuessError extends Error {
  override readonly name = 'GuessError'

  /** `tellable`: a manifest could say what the graph does not. */
  constructor(why: string, tellable = false) {
    super(tellable ? `${why} Or say it in a manifest.json beside it (docs/any-network.md).` : why)
  }
}

export interface GuessedInput {
  readonly input: ModelInput
  readonly why: string
  readonly doubt?: string
}

const SAMPLE = /^(?:sample|hidden_states|latents?|x|x_t|xt|noisy\w*|image|images|input|z)$/i
const NOISE =
  /^(?:timesteps?|time_?steps?|t|ts|time|times|sigmas?|noise_?levels?|noise_?labels?|c_noise|noise_cond\w*|labels_t)$/i
const CLASS = /^(?:class_?labels?|class_?ids?|class_?weights?|class_?idx|class|classes|labels?|y|cond_label\w*)$/i
const TEXT = /(?:encoder_hidden_states|context|text|prompt|caption|pooled|cond|embeds?)/i
const TIME_IDS = /time_ids|size|crop/i
const GUIDANCE = /guidance/i
const MASK = /mask/i

const shown = ({ dtype, dims }: GraphValue) => `${dtype} [${dims.map((dim) => dim ?? '?').join(', ')}]`

const TYPES: readonly ElementType[] = ['float32', 'float16', 'int64']

function typeOf({ name, dtype }: GraphValue): ElementType {
  const known = TYPES.find((type) => type === dtype)
  if (known) return known
  throw new GuessError(
    `The input ${name} is ${dtype}, and inputs can be ${TYPES.join(', ')}: export it as one of them.`,
  )
}

/** x among the inputs. Throws GuessError where none is an image. */
export function sampleOf(inputs: readonly GraphValue[]): GraphValue {
  const images = inputs.filter(({ dims, dtype }) => dims.length === 4 && dtype.startsWith('float'))
  const named = images.find(({ name }) => SAMPLE.test(name)) ?? images[0]
  if (named) return named
  const packed = inputs.find(({ name, dims }) => dims.length === 3 && SAMPLE.test(name))
  throw new GuessError(
    packed
      ? `The input ${packed.name} is ${shown(packed)}: tokens in a row, not an image [rows, channels, height, width], and nothing in them says height and width. Export the network with the packing of latents into tokens inside: docs/gallery.md has the lines for Flux.`
      : `No input is an image [rows, channels, height, width]; there are ${inputs.map((one) => `${one.name} ${shown(one)}`).join(', ') || 'none'}. Export the network with its noisy image as one.`,
  )
}

/** The dims as a manifest says them, for a batch of so many rows, or any number where that is null. */
function dimsOf(value: GraphValue, fixedRows: number | null, lengths: readonly number[]): readonly InputDimension[] {
  const [first] = value.dims
  const rows = value.dims.length > 0 && (typeof first !== 'number' || first === fixedRows)
  return value.dims.map((dim, i) => {
    if (i === 0 && rows) return 'rows'
    const length = typeof dim === 'number' ? dim : lengths[i]
    if (length === undefined)
      throw new GuessError(
        `The input ${value.name} is ${shown(value)}: its axis ${i} is left to run time. Export it with a fixed length.`,
        true,
      )
    return length
  })
}

export interface InputFacts {
  readonly fixedRows: number | null
  readonly sample: GraphValue
  readonly channels: number
  readonly height: number
  readonly width: number
}

function noiseInput(value: GraphValue, { fixedRows }: InputFacts): GuessedInput {
  const dtype = typeOf(value)
  const dims = dimsOf(value, fixedRows, [])
  const shared = !dims.includes('rows')
  return {
    input: { name: value.name, meaning: 'noise-level', dtype, dims },
    why: `input ${value.name} is ${dtype} and ${shared ? 'one scalar for the whole batch, so rows of one noise level run together' : 'a scalar for each row'}`,
  }
}

/** The noise level among the inputs: by its name, else the only one left with one value a row. Throws GuessError where several could be. */
export function noiseOf(inputs: readonly GraphValue[], facts: InputFacts): GuessedInput {
  const scalar = ({ dims }: GraphValue) => dims.length <= 1 || (dims.length === 2 && dims[1] === 1)
  const free = inputs.filter((one) => one !== facts.sample && scalar(one))
  const named = free.find(({ name }) => NOISE.test(name))
  if (named) return noiseInput(named, facts)
  const others = free.filter(({ name }) => !CLASS.test(name) && !GUIDANCE.test(name))
  if (others.length !== 1)
    throw new GuessError(
      `No input is named as a noise level (timestep, sigma, t …); those with one value a row: ${others.map(({ name }) => name).join(', ') || 'none'}.`,
      true,
    )
  const guessed = noiseInput(others[0]!, facts)
  return { ...guessed, doubt: `${others[0]!.name} is taken for the noise level, as nothing else could be it.` }
}

/** A constant input, whose axes are all known. */
function constantInput(value: GraphValue, facts: InputFacts, values: readonly number[], why: string): GuessedInput {
  const dims = dimsOf(value, facts.fixedRows, [])
  return { input: { name: value.name, meaning: 'constant', dtype: typeOf(value), dims, values }, why }
}

/** What any other input means. Throws GuessError where it can't be told at all. */
export function conditionOf(value: GraphValue, facts: InputFacts): GuessedInput {
  const { name, dims } = value
  const dtype = typeOf(value)
  const plain = (meaning: string, why: string): GuessedInput => ({
    input: { name, meaning, dtype, dims: dimsOf(value, facts.fixedRows, []) },
    why: `input ${name} is ${shown(value)}: ${why}`,
  })
  // Of the networks that are trained here: what is added to the embedding of noise level and class.
  if (name === 'embedding_offset')
    return constantInput(value, facts, [0], `input ${name} is an offset, and none is added`)
  if (MASK.test(name)) return constantInput(value, facts, [1], `input ${name} is a mask, and all tokens are seen`)
  if (TIME_IDS.test(name) && dims.length === 2 && dims[1] === 6) {
    const [height, width] = [8 * facts.height, 8 * facts.width]
    const guessed = constantInput(
      value,
      facts,
      [height, width, 0, 0, height, width],
      `input ${name} has six sizes, as SDXL`,
    )
    return { ...guessed, doubt: `${name}: the sizes are taken to be ${height} × ${width}, without a crop.` }
  }
  if (GUIDANCE.test(name) && dims.length <= 1) {
    const guessed = constantInput(value, facts, [3.5], `input ${name} is a distilled guidance scale`)
    return { ...guessed, doubt: `${name}: 3.5 is Flux’s usual scale.` }
  }
  if (dtype === 'int64' && (dims.length <= 1 || dims[1] === 1)) {
    const guessed = plain('class-index', 'a whole number for each row, so the index of a class')
    return CLASS.test(name) ? guessed : { ...guessed, doubt: `${name} is taken for a class by its type alone.` }
  }
  if (dims.length === 2 && CLASS.test(name)) return plain('class-weights', 'a number for each class')
  if (dims.length === 3 || (dims.length === 2 && TEXT.test(name))) {
    const guessed = plain('embedding', dims.length === 3 ? 'an embedding of tokens' : 'an embedding of the whole text')
    return TEXT.test(name)
      ? guessed
      : { ...guessed, doubt: `${name} is taken for the embedding of a text by its shape alone.` }
  }
  const guessed = constantInput(value, facts, [0], `input ${name} is ${shown(value)}, and nothing says what it means`)
  return { ...guessed, doubt: `${name}: what it means could not be guessed; it is given zeros.` }
}
