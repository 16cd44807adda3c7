/**
 * The part of a manifest that says how a network is asked and what its answer means: its form, what may be left out, and what must not
 * contradict. A manifest with `preconditioning` is one of the networks that are trained here.
 */
import * as v from 'valibot'
import { adapterOf } from './adapter'
import type { Chosen, Conditioning, KindValues, KindWords, NetworkDescription } from './description'
import { count, distinct, file, finite, positive, text } from './entries'
import { valuesEach } from './input'
import { meanings } from './inputs/index.generated'
import { choiceFault, complete } from './kinds'
import { ownDescription } from './own'
import { predictions } from './predictions/index.generated'
import { schedules } from './schedules/index.generated'
import type { ModelInfo } from './types'

const choice = v.object({
  kind: text,
  parameters: v.optional(v.record(text, v.union([finite, v.boolean()])), {}),
})

const input = v.strictObject({
  name: text,
  meaning: v.picklist(
    meanings.map(({ id }) => id),
    `must be ${meanings.map(({ id }) => id).join(', ')}`,
  ),
  dtype: v.picklist(['float32', 'float16', 'int64'], 'must be float32, float16 or int64'),
  dims: v.array(v.union([v.literal('rows'), count], 'must be "rows" or a length')),
  values: v.exactOptional(v.array(finite)),
})

const factors = v.union([finite, v.pipe(v.array(finite), v.minLength(1))], 'must be a number, or one for each channel')
const latent = v.object({
  factor: v.optional(factors, 1),
  shift: v.optional(factors, 0),
  decoder: v.optional(v.nullable(v.object({ graph: file, weights: v.optional(v.array(file), []) })), null),
})

export const describing = {
  preconditioning: v.optional(v.object({ kind: v.literal('edm', 'must be "edm"'), sigmaData: positive })),
  prediction: v.optional(choice),
  schedule: v.optional(choice),
  inputs: v.optional(v.pipe(v.array(input), v.minLength(1, 'must not be empty'))),
  fixedRows: v.optional(v.nullable(count), null),
  output: v.optional(
    v.object({ name: v.optional(text, 'prediction'), learnedVariance: v.optional(v.boolean(), false) }),
    {},
  ),
  range: v.optional(
    v.pipe(
      v.object({ low: finite, high: finite }),
      v.check(({ low, high }) => low < high, 'low must be below high'),
    ),
    { low: -1, high: 1 },
  ),
  latent: v.optional(v.nullable(latent), null),
  dataDeviation: v.optional(positive),
  clip: v.exactOptional(positive),
}

const classes = v.pipe(
  v.array(
    v.object({
      name: text,
      artist: v.exactOptional(text),
      licence: v.exactOptional(text),
      url: v.exactOptional(text),
    }),
  ),
  v.minLength(1, 'must not be empty'),
)

const KINDS = 'must be "class", "text" or "none"'

export const conditioning = v.variant(
  'kind',
  [
    v.object({
      kind: v.literal('class'),
      labelDropout: v.boolean(),
      classes,
      nullIndex: v.exactOptional(v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(0))),
    }),
    v.object({
      kind: v.literal('text'),
      prompts: v.pipe(
        v.array(v.string()),
        v.check((prompts) => distinct(prompts), 'no text may stand twice'),
        v.check((prompts) => prompts.some((prompt) => prompt !== ''), 'must have a text that is not empty'),
      ),
      embeddings: file,
    }),
    v.object({ kind: v.literal('none') }),
  ],
  KINDS,
)

/** What follows from the entry `conditioning`. */
export function conditioningOf(entry: v.InferOutput<typeof conditioning>): Conditioning {
  switch (entry.kind) {
    case 'class':
      return entry
    case 'text': {
      const asked = entry.prompts.filter((prompt) => prompt !== '')
      return { ...entry, labelDropout: asked.length < entry.prompts.length, classes: asked.map((name) => ({ name })) }
    }
    case 'none':
      return { kind: 'none', labelDropout: true, classes: [] }
    default:
      return entry satisfies never
  }
}

const entries = v.object(describing)
type Entries = v.InferOutput<typeof entries>

/** A description, or what is wrong with it. */
export type Described = { readonly description: NetworkDescription; readonly fault: null } | { readonly fault: string }

function chosen(kinds: readonly KindWords[], kind: string, given: KindValues): Chosen | string {
  const fault = choiceFault(kinds, kind, given)
  const known = kinds.find(({ id }) => id === kind)
  return fault === null && known ? complete(known, given) : (fault ?? kind)
}

/** The description that the entries make of a model. */
export function descriptionOf(given: Entries, model: Pick<ModelInfo, 'image' | 'conditioning'>): Described {
  const { preconditioning, prediction, schedule, fixedRows, output, range, latent: latentEntry } = given
  const own = ownDescription(model.image, model.conditioning.classes.length, preconditioning?.sigmaData ?? 0.5)
  const clip = given.clip === undefined ? {} : { clip: given.clip }
  const common = { fixedRows, output, range, latent: latentEntry, inputs: given.inputs ?? own.inputs, ...clip }
  if (preconditioning) {
    if (prediction || schedule) return { fault: 'preconditioning: prediction and schedule say it already' }
    const { sigmaData } = preconditioning
    return checked({ ...own, ...common, dataDeviation: given.dataDeviation ?? sigmaData }, model)
  }
  if (!prediction) return { fault: 'prediction: is missing (or preconditioning, of a network that is trained here)' }
  if (!schedule) return { fault: 'schedule: is missing' }
  const predicts = chosen(predictions, prediction.kind, prediction.parameters)
  if (typeof predicts === 'string') return { fault: `prediction.${predicts}` }
  const scheduled = chosen(schedules, schedule.kind, schedule.parameters)
  if (typeof scheduled === 'string') return { fault: `schedule.${scheduled}` }
  const dataDeviation = given.dataDeviation ?? (latentEntry ? 1 : 0.5)
  return checked({ ...common, prediction: predicts, schedule: scheduled, dataDeviation }, model)
}

/** What contradicts in a description whose kinds are sound. */
export function checked(description: NetworkDescription, model: Pick<ModelInfo, 'image' | 'conditioning'>): Described {
  const fault = inputsFault(description, model) ?? latentFault(description, model) ?? scheduleFault(description)
  return fault === null ? { description, fault } : { fault }
}

function scheduleFault(description: NetworkDescription): string | null {
  try {
    adapterOf(description)
    return null
  } catch (error) {
    return `schedule: ${error instanceof Error ? error.message : String(error)}`
  }
}

function latentFault({ latent: entry, range }: NetworkDescription, { image }: Pick<ModelInfo, 'image'>): string | null {
  if (!entry) return null
  if (range.low !== -1 || range.high !== 1) return 'range: is of images, and x is a latent; leave it out'
  for (const key of ['factor', 'shift'] as const) {
    const value = entry[key]
    if (typeof value !== 'number' && value.length !== image.channels)
      return `latent.${key}: must be one number, or one for each of the ${image.channels} channels`
  }
  return [entry.factor].flat().includes(0) ? 'latent.factor: must not be 0' : null
}

function inputsFault({ inputs }: NetworkDescription, model: Pick<ModelInfo, 'image' | 'conditioning'>): string | null {
  if (!distinct(inputs.map(({ name }) => name))) return 'inputs: names must differ'
  for (const [i, one] of inputs.entries()) {
    const meaning = meanings.find(({ id }) => id === one.meaning)
    if (!meaning) return `inputs.${i}.meaning: there is no ${one.meaning}`
    if (!meaning.dtypes.includes(one.dtype))
      return `inputs.${i}.dtype: ${one.meaning} is ${meaning.dtypes.join(' or ')}, not ${one.dtype}`
    if (one.dims.lastIndexOf('rows') > 0) return `inputs.${i}.dims: rows must be the first dimension, or none`
    const fault = meaning.fault(one, valuesEach(one), model)
    if (fault !== null) return `inputs.${i}.${fault}`
  }
  for (const { id, required } of meanings)
    if (inputs.filter(({ meaning }) => meaning === id).length !== 1 && required) return `inputs: one must be the ${id}`
  const told = inputs.some(({ meaning }) => meanings.find(({ id }) => id === meaning)?.condition)
  return told || model.conditioning.kind === 'none'
    ? null
    : `inputs: none tells the network what conditioning says (${model.conditioning.kind})`
}
