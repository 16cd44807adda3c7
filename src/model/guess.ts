/**
 * A proposed description of a network that came without a manifest: from its graph's inputs and outputs, and from files beside it
 * (`sources/`), each entry with the reason why, and what stays uncertain. Pure.
 */
import { adapterOf } from './adapter'
import type { Chosen, ModelInput, NetworkDescription, SigmaRange } from './description'
import { conditionOf, type GraphValue, GuessError, type InputFacts, noiseOf, sampleOf } from './graph-clues'
import { complete, kindById } from './kinds'
import { predictions } from './predictions/index.generated'
import { schedules } from './schedules/index.generated'
import type { Clue, Clues, Json } from './source'
import { sources } from './sources/index.generated'
import type { ModelInfo } from './types'

export { GuessError, type GraphValue } from './graph-clues'

/** What is proposed: entries of a manifest. Names of classes, the texts and every file are the person's to give. */
export interface ProposedDescription extends NetworkDescription {
  readonly image: ModelInfo['image']
  readonly sigma: SigmaRange
  readonly conditioning:
    | { readonly kind: 'class'; readonly labelDropout: boolean; readonly count: number }
    /** Texts have to be given with a file of embeddings: a tensor for each input of the meaning `embedding`. */
    | { readonly kind: 'text' }
    | { readonly kind: 'none' }
}

export interface Said {
  /** The entry of the manifest, such as `prediction` or `inputs.timestep`. */
  readonly entry: string
  readonly text: string
}

export interface Guess {
  readonly description: ProposedDescription
  /** Why each entry was guessed. */
  readonly reasons: readonly Said[]
  /** What to confirm: entries that could well be otherwise. */
  readonly doubts: readonly Said[]
}

export interface GuessFrom {
  /** Those without an initializer. */
  readonly inputs: readonly GraphValue[]
  readonly outputs: readonly GraphValue[]
  /** Files beside the graph, parsed, with their names. What is of no known format is left out. */
  readonly configs?: readonly { readonly name: string; readonly json: unknown }[]
}

const isObject = (json: unknown): json is Json => typeof json === 'object' && json !== null && !Array.isArray(json)

/** What the files say together; where several speak, the one whose word counts more. */
function cluesOf(configs: GuessFrom['configs'] = []): Clues {
  const said = configs.flatMap(({ name, json }) => {
    if (!isObject(json)) return []
    return sources
      .filter((source) => source.recognises(json))
      .map((source) => ({ source, clues: source.read(json, name) }))
  })
  return said
    .sort((a, b) => b.source.place - a.source.place)
    .reduce<Clues>((known, { clues }) => ({ ...known, ...clues }), {})
}

/** Collects entries with their reasons. */
class Notes {
  readonly reasons: Said[] = []
  readonly doubts: Said[] = []

  take<T>(entry: string, { value, why, doubt }: Clue<T>): T {
    this.reasons.push({ entry, text: why })
    if (doubt !== undefined) this.doubts.push({ entry, text: doubt })
    return value
  }
}

const usual = <T>(value: T, what: string): Clue<T> => ({
  value,
  why: `nothing says it: ${what}`,
  doubt: `${what}; nothing says so.`,
})

function lengthOf(dim: number | string | null | undefined): number | null {
  return typeof dim === 'number' ? dim : null
}

/** Size of x: the graph's, or what a file says where the graph leaves it to run time. */
function imageOf(sample: GraphValue, clues: Clues, notes: Notes): ModelInfo['image'] {
  const [, channels, height, width] = sample.dims.map(lengthOf)
  const known = (clue: Clue<number> | undefined, length: number | null | undefined, what: string) => {
    if (length !== null && length !== undefined) return length
    if (clue) return notes.take('image', clue)
    throw new GuessError(
      `The ${what} of the input ${sample.name} is left to run time. Give the network’s config.json too, or export it with a fixed size.`,
      true,
    )
  }
  const size = (key: 'height' | 'width') => clues.size && { ...clues.size, value: clues.size.value[key] }
  const image = {
    channels: known(clues.channels, channels, 'number of channels'),
    height: known(size('height'), height, 'height'),
    width: known(size('width'), width, 'width'),
  }
  notes.reasons.push({
    entry: 'image',
    text: `input ${sample.name} is [rows, ${image.channels}, ${image.height}, ${image.width}]`,
  })
  return image
}

const choose = <T extends typeof predictions | typeof schedules>(
  kinds: T,
  id: string,
  parameters: Chosen['parameters'] = {},
) => complete(kindById<T[number]>(kinds, id), parameters)

/** What the name and type of the noise input tell of the schedule, where no file does. */
function scheduleByName({ name, dtype }: ModelInput): {
  readonly prediction: Clue<Chosen>
  readonly schedule: Clue<Chosen>
} {
  if (dtype !== 'int64' && /sigma/i.test(name))
    return {
      schedule: {
        value: choose(schedules, 'sigma'),
        why: `input ${name} is named for σ`,
        doubt: `${name} is taken to be σ itself, and x to be given as it is.`,
      },
      prediction: usual(
        choose(predictions, 'x0'),
        'a graph that takes σ is taken for a whole denoiser, which gives the image',
      ),
    }
  if (dtype !== 'int64' && /noise|c_noise/i.test(name))
    return {
      schedule: {
        value: choose(schedules, 'edm'),
        why: `input ${name} is named as EDM’s`,
        doubt: `${name} is taken to be ln(σ)/4, with σ_data 0.5.`,
      },
      prediction: usual(choose(predictions, 'edm'), 'EDM’s network gives F'),
    }
  return {
    schedule: {
      value: choose(schedules, 'linear'),
      why: `input ${name} is ${dtype} and is taken for a training step`,
      doubt: 'Linear betas of 1000 steps are DDPM’s; nothing says so. Give scheduler_config.json to be sure.',
    },
    prediction: usual(choose(predictions, 'epsilon'), 'most networks of training steps predict ε'),
  }
}

function outputOf(outputs: readonly GraphValue[], image: ModelInfo['image'], clues: Clues, notes: Notes) {
  const output = outputs.find(({ dims, dtype }) => dims.length === 4 && dtype.startsWith('float')) ?? outputs[0]
  if (!output) throw new GuessError('The graph has no output.')
  const channels = lengthOf(output.dims[1])
  if (channels !== null && channels !== image.channels && channels !== 2 * image.channels)
    throw new GuessError(
      `The output ${output.name} has ${channels} channels for ${image.channels} of x, which is neither its prediction nor one with a learned variance.`,
    )
  const learnedVariance =
    channels !== null
      ? notes.take('output', {
          value: channels === 2 * image.channels,
          why: `output ${output.name} has ${channels} channels for ${image.channels} of x`,
        })
      : notes.take('output', clues.learnedVariance ?? usual(false, 'no learned variance'))
  return { name: output.name, learnedVariance }
}

function latentOf({ channels }: ModelInfo['image'], clues: Clues, notes: Notes): NetworkDescription['latent'] {
  if (clues.latent) return notes.take('latent', clues.latent)
  if (channels === 1 || channels === 3) return null
  return notes.take('latent', {
    value: { factor: 1, shift: 0, decoder: null },
    why: `x has ${channels} channels, so it is no picture`,
    doubt: 'The autoencoder’s factor and shift are unknown: give its config.json, and its decoder to see pictures.',
  })
}

const IMAGENET = 1000

/** Where no file says: the table of classes has one entry more where one stands for no class. */
function classesOf(input: ModelInput, table: number | undefined): NonNullable<Clues['classes']> {
  if (table === undefined) return usual({ count: IMAGENET, labelDropout: false }, 'a thousand classes, as ImageNet has')
  const none = table === IMAGENET + 1
  const why = `input ${input.name} is looked up in a table of ${table}`
  return {
    value: { count: none ? IMAGENET : table, labelDropout: none },
    why,
    doubt: none
      ? `${why}: taken for ImageNet’s thousand, and one for no class.`
      : `${why}. If its last entry stands for no class, there is one class less, and label dropout.`,
  }
}

function conditioningOf(
  inputs: readonly ModelInput[],
  values: readonly GraphValue[],
  clues: Clues,
  notes: Notes,
): ProposedDescription['conditioning'] {
  const of = (meaning: string) => inputs.find((one) => one.meaning === meaning)
  const weighed = of('class-weights')
  const indexed = of('class-index')
  if (of('embedding')) return { kind: 'text' }
  if (weighed) {
    const count = Number(weighed.dims.at(-1))
    const value = { kind: 'class' as const, count, labelDropout: false }
    return notes.take('conditioning', {
      value,
      why: `input ${weighed.name} has ${count} weights`,
      doubt: 'Whether it was trained with its class dropped at times (all weights zero) is not said.',
    })
  }
  if (indexed)
    return {
      kind: 'class',
      ...notes.take(
        'conditioning',
        clues.classes ?? classesOf(indexed, values.find(({ name }) => name === indexed.name)?.table),
      ),
    }
  notes.reasons.push({ entry: 'conditioning', text: 'no input says what to draw' })
  return { kind: 'none' }
}

/** Throws GuessError, with the reason, for a graph that can't be described. */
export function guess({ inputs, outputs, configs }: GuessFrom): Guess {
  const notes = new Notes()
  const clues = cluesOf(configs)
  const sample = sampleOf(inputs)
  const fixedRows = lengthOf(sample.dims[0])
  const image = imageOf(sample, clues, notes)
  const facts: InputFacts = { fixedRows, sample, ...image }
  const noise = noiseOf(inputs, facts)
  const first: ModelInput = {
    name: sample.name,
    meaning: 'sample',
    dtype: sample.dtype === 'float16' ? 'float16' : 'float32',
    dims: ['rows', image.channels, image.height, image.width],
  }
  const others = inputs
    .filter(({ name }) => name !== sample.name && name !== noise.input.name)
    .map((value) => conditionOf(value, facts))
  const all = [{ input: first, why: `input ${sample.name} is an image` }, noise, ...others].map((guessed) =>
    notes.take(`inputs.${guessed.input.name}`, { ...guessed, value: guessed.input }),
  )
  if (fixedRows !== null)
    notes.reasons.push({ entry: 'fixedRows', text: `input ${sample.name} has a batch of ${fixedRows} baked in` })
  const named = scheduleByName(noise.input)
  const prediction = notes.take('prediction', clues.prediction ?? named.prediction)
  const schedule = notes.take('schedule', clues.schedule ?? named.schedule)
  const latent = latentOf(image, clues, notes)
  const range =
    latent === null ? notes.take('range', usual({ low: -1, high: 1 }, 'pictures in [−1, 1]')) : { low: -1, high: 1 }
  const adapter = adapterOf({ prediction, schedule, range })
  const { spacing } = kindById(schedules, schedule.kind)
  const sigma = notes.take(
    'sigma',
    clues.sigma ?? {
      value: { ...adapter.range, rho: 7, spacing },
      why: 'the noise levels that the schedule was trained on',
    },
  )
  const dataDeviation = clues.dataDeviation ? notes.take('dataDeviation', clues.dataDeviation) : latent ? 1 : 0.5
  // A latent has no range to be held in, whatever the scheduler's defaults are.
  const clip = clues.clip && !latent ? { clip: notes.take('clip', clues.clip) } : {}
  const output = outputOf(outputs, image, clues, notes)
  const conditioning = conditioningOf(all, inputs, clues, notes)
  return {
    description: {
      image,
      conditioning,
      prediction,
      schedule,
      sigma,
      inputs: all,
      fixedRows,
      output,
      range,
      latent,
      dataDeviation,
      ...clip,
    },
    reasons: notes.reasons,
    doubts: notes.doubts,
  }
}
