/**
 * How pipelines of several text encoders put together what these give: the embedding of a text's tokens and that of the whole text. Golden
 * against diffusers' own pipelines.
 */
import type { ModelInput } from '../../model/description'

/** A tensor of one text, without its first axis. */
export interface Part {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** What one encoder gives of one text, by the names of its outputs. */
export type Given = ReadonlyMap<string, Part>

/** Puts together what all encoders give of one text, for each input of the network; null for one that nothing fits. */
export type Combine = (given: readonly Given[]) => readonly (Part | null)[]

const width = ({ shape }: Part) => shape.at(-1) ?? 0

/** Output of a whole text: the projected one, else the pooled one. */
const pooledOf = (given: Given): Part | null => {
  const flat = [...given].filter(([, { shape }]) => shape.length === 1)
  const best = flat.find(([name]) => /embeds/.test(name)) ?? flat.find(([name]) => /pool/.test(name)) ?? flat[0]
  return best?.[1] ?? null
}

/** Hidden states of all layers, the embedding first. */
function hiddenOf(given: Given): readonly Part[] {
  const numbered = [...given].flatMap(([name, part]) => {
    const number = /hidden_states?[._](\d+)$/.exec(name)?.[1]
    return number === undefined ? [] : [[Number(number), part] as const]
  })
  return numbered.sort(([a], [b]) => a - b).map(([, part]) => part)
}

const statesOf = (given: Given): Part | null =>
  (given.get('last_hidden_state') ?? [...given.values()].find(({ shape }) => shape.length === 2)) || null

/** Tokens by tokens beside each other, filled up with nothing. */
function sideBySide(parts: readonly Part[], total: number): Part {
  const tokens = parts[0]!.shape[0]!
  const data = new Float32Array(tokens * total)
  for (let token = 0; token < tokens; token++) {
    let at = token * total
    for (const part of parts) {
      data.set(part.data.subarray(token * width(part), (token + 1) * width(part)), at)
      at += width(part)
    }
  }
  return { shape: [tokens, total], data }
}

function joined(parts: readonly Part[], shape: readonly number[]): Part {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0))
  let at = 0
  for (const part of parts) {
    data.set(part.data, at)
    at += part.data.length
  }
  return { shape, data }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

interface Asked {
  /** The network's inputs of texts. */
  readonly inputs: readonly ModelInput[]
  /** Where the empty text is nothing at all: the pipeline's word (`force_zeros_for_empty_prompt`). */
  readonly zeroEmpty: boolean | null
}

export interface Pipeline {
  readonly combine: Combine
  /** Whether embeddings of the empty text are zeros. */
  readonly zeroEmpty: boolean
}

/** CLIP's encoders, which also give the whole text, and the others. */
function kinds(given: readonly Given[]) {
  const clips = given.filter((one) => pooledOf(one) !== null)
  return { clips, others: given.filter((one) => !clips.includes(one)) }
}

const lastLengths = ({ dims }: ModelInput) =>
  dims.slice(1).map((length) => (typeof length === 'number' ? length : null))

/**
 * The pipeline that a network's inputs and what its encoders give of one text belong to: Stable Diffusion XL's, Stable Diffusion 3's, or one
 * in which each input is one encoder's. Throws RangeError with what is there.
 */
export function pipelineOf(given: readonly Given[], { inputs, zeroEmpty }: Asked): Pipeline {
  const { clips } = kinds(given)
  const tokens = inputs.find(({ dims }) => dims.length === 3)
  const whole = inputs.find(({ dims }) => dims.length === 2)
  const [wide, pooled] = [tokens && lastLengths(tokens)[1], whole && lastLengths(whole)[0]]
  const widths = sum(clips.map((one) => width(statesOf(one) ?? { shape: [0], data: new Float32Array() })))
  const pools = clips.map((one) => width(pooledOf(one)!))
  const put = (made: (of: readonly Given[]) => { readonly tokens: Part; readonly whole: Part }): Combine => {
    return (all) => {
      const parts = made(all)
      return inputs.map((input) => (input === tokens ? parts.tokens : input === whole ? parts.whole : null))
    }
  }
  if (clips.length > 1 && tokens && wide && pooled) {
    if (wide === widths && pooled === pools.at(-1) && given.length === clips.length)
      return { combine: put((all) => xl(all)), zeroEmpty: zeroEmpty ?? true }
    if (wide >= widths && pooled === sum(pools))
      return { combine: put((all) => three(all, wide, lastLengths(tokens)[0] ?? 0)), zeroEmpty: zeroEmpty ?? false }
  }
  const combine: Combine = (all) => inputs.map((input) => fitting(all, input))
  if (combine(given).every((part) => part !== null)) return { combine, zeroEmpty: zeroEmpty ?? false }
  const there = given.map((one) => [...one].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', '))
  throw new RangeError(
    `The network takes ${inputs.map(({ name, dims }) => `${name} [${dims.join(', ')}]`).join(', ')}, and its ${given.length} text encoders give ${there.join('; ')}: this is put together as in no pipeline that is known here. Give a file of embeddings instead.`,
  )
}

function fitting(given: readonly Given[], { dims }: ModelInput): Part | null {
  const wanted = dims.slice(1)
  for (const one of given) {
    const part = dims.length === 2 ? pooledOf(one) : statesOf(one)
    const fits = part && part.shape.length === wanted.length
    if (fits && wanted.every((length, i) => typeof length !== 'number' || length === part.shape[i])) return part
  }
  return null
}

/** The hidden state before the last, which these pipelines take. */
function penultimate(given: Given): Part {
  const hidden = hiddenOf(given).at(-2)
  if (!hidden)
    throw new RangeError(
      'A text encoder gives its last hidden state alone, and this network takes the one before the last. Export the encoder with its hidden states, as optimum does for such pipelines, or give a file of embeddings.',
    )
  return hidden
}

/** Both encoders' tokens beside each other, and the whole text by the last. */
function xl(given: readonly Given[]) {
  const parts = given.map(penultimate)
  return { tokens: sideBySide(parts, sum(parts.map(width))), whole: pooledOf(given.at(-1)!)! }
}

/** CLIP's tokens beside each other, filled up to T5's width, then T5's, or as many of nothing; the whole text by both. */
function three(given: readonly Given[], wide: number, count: number) {
  const { clips, others } = kinds(given)
  const first = sideBySide(clips.map(penultimate), wide)
  const t5 = others.map(statesOf).find((part) => part !== null && width(part) === wide)
  const more = Math.max(0, count - first.shape[0]!)
  const second = t5 ?? { shape: [more, wide], data: new Float32Array(more * wide) }
  const pools = clips.map((one) => pooledOf(one)!)
  return {
    tokens: joined([first, second], [first.shape[0]! + second.shape[0]!, wide]),
    whole: joined(pools, [sum(pools.map(width))]),
  }
}
