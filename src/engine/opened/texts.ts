/**
 * Texts made into the embeddings that a network is told: by a tokenizer of the Hugging Face library and a text encoder's graph. The
 * result is a file of embeddings, as if somebody had brought one.
 */
import { Tokenizer } from '@huggingface/tokenizers'
import type { InferenceSession, Tensor } from 'onnxruntime-web'
import type { ModelInput } from '../../model/description'
import { writeEmbeddings, type EmbeddingTensor } from '../../model/embeddings'
import { GraphError, parseModel, serializeModel } from '../../network/onnx'
import { WEIGHTS_PATH } from '../../network/weights'
import { interfaceOf } from '../interface'
import { floats, type Runtime, type Tensors } from '../runtime'
import { ready, type BroughtFiles } from './brought'
import { pipelineOf, type Given, type Part } from './text-pipelines'

export interface TextEncoder {
  readonly graph: BroughtFiles['graph']
  readonly data: BroughtFiles['data']
  /** `tokenizer.json` and `tokenizer_config.json`, parsed. */
  readonly tokenizer: object
  readonly config: Readonly<Record<string, unknown>>
}

/** A length that somebody set: tokenizers without one say a number beyond all texts. */
const LONGEST = 100_000

/** Token ids of a text, of exactly so many tokens, and how many of them are the text's. */
export interface Tokens {
  readonly ids: readonly number[]
  readonly own: number
}

/**
 * Token ids of each text, cut to `length` before the last mark and filled up by the tokenizer's own padding; without a length, as long as
 * the longest. Throws RangeError for a tokenizer that can't be read.
 */
export function tokenIds(
  { tokenizer, config }: Pick<TextEncoder, 'tokenizer' | 'config'>,
  prompts: readonly string[],
  length: number | null,
): readonly Tokens[] {
  const made = tokenizerOf(tokenizer, config)
  const padding = config['pad_token']
  const pad = typeof padding === 'string' ? (made.token_to_id(padding) ?? 0) : 0
  const encoded = prompts.map((prompt) => made.encode(prompt).ids)
  const said = config['model_max_length']
  const longest = typeof said === 'number' && said < LONGEST ? said : Math.max(...encoded.map(({ length: own }) => own))
  const wanted = length ?? longest
  return encoded.map((ids) => {
    const cut = ids.length > wanted ? [...ids.slice(0, wanted - 1), ids.at(-1)!] : ids
    return { ids: [...cut, ...Array<number>(wanted - cut.length).fill(pad)], own: cut.length }
  })
}

function tokenizerOf(tokenizer: object, config: object): Tokenizer {
  try {
    return new Tokenizer(tokenizer, config)
  } catch (error) {
    throw new RangeError(
      `tokenizer.json can’t be read: ${error instanceof Error ? error.message : String(error)}. Give the one that transformers saves (a “fast” tokenizer), and its tokenizer_config.json.`,
    )
  }
}

const tokensOf = ({ dims }: ModelInput) => (dims.length === 3 && typeof dims[1] === 'number' ? dims[1] : null)

/** The output that has an input's shape; of several, the one that is named as such. */
function outputFor(input: ModelInput, outputs: Tensors): string {
  const wanted = input.dims.slice(1)
  const fits = Object.entries(outputs).filter(
    ([, { dims, type }]) =>
      (type === 'float32' || type === 'float16') &&
      dims.length === input.dims.length &&
      wanted.every((length, i) => length === dims[i + 1]),
  )
  const named = wanted.length === 2 ? /last_hidden/ : /pool|embeds/
  const best = fits.find(([name]) => named.test(name)) ?? fits[0]
  if (best) return best[0]
  const there = Object.entries(outputs).map(([name, { dims }]) => `${name} [${dims.join(', ')}]`)
  throw new RangeError(
    `The network’s input ${input.name} takes [rows, ${wanted.join(', ')}], and the text encoder gives ${there.join(', ')}. Give the encoder that it was trained with; of several encoders, give all, each in a folder of its own (text_encoder, text_encoder_2 …).`,
  )
}

interface Options {
  readonly runtime: Runtime
  readonly sessionOptions?: InferenceSession.SessionOptions
}

/** What an encoder gives of each text, of `length` tokens where its graph leaves that open. */
async function encoded(
  encoder: TextEncoder,
  prompts: readonly string[],
  length: number | null,
  { runtime, sessionOptions }: Options,
): Promise<readonly Tensors[]> {
  const { model, weights } = ready(encoder)
  const taken = interfaceOf(model).inputs
  const first = taken.find(({ name }) => /ids/.test(name)) ?? taken[0]
  if (!first) throw new GraphError('the text encoder takes nothing')
  const own = first.dims[1]
  const texts = tokenIds(encoder, prompts, typeof own === 'number' ? own : length)
  const session = await runtime.InferenceSession.create(serializeModel(model), {
    ...sessionOptions,
    ...(weights.data.byteLength > 0 && { externalData: [{ path: WEIGHTS_PATH, data: weights.data }] }),
  })
  try {
    const rows: Tensors[] = []
    for (const text of texts) {
      const feeds = taken.map(({ name, dtype }) => [name, feedOf(text, name === first.name, { name, dtype }, runtime)])
      rows.push((await session.run(Object.fromEntries(feeds))) as Tensors)
    }
    return rows
  } finally {
    await session.release()
  }
}

function written(prompts: readonly string[], inputs: readonly ModelInput[], rows: readonly (readonly Part[])[]) {
  const tensors = inputs.map(({ name }, at): [string, EmbeddingTensor] => {
    const { shape, data: own } = rows[0]![at]!
    const data = new Float32Array(rows.length * own.length)
    for (const [i, row] of rows.entries()) data.set(row[at]!.data, i * own.length)
    return [name, { shape, data }]
  })
  return writeEmbeddings(prompts, Object.fromEntries(tensors))
}

const partsOf = (outputs: Tensors): Given =>
  new Map(
    Object.entries(outputs)
      .filter(([, { type }]) => type === 'float32' || type === 'float16')
      .map(([name, { dims }]) => [name, { shape: dims.slice(1), data: floats(outputs, name) }]),
  )

/** Does it give the whole text beside its tokens, as CLIP's encoders do? */
const givesWhole = ({ graph }: TextEncoder) =>
  interfaceOf(parseModel(graph.bytes)).outputs.some(({ dims }) => dims.length === 2)

/** Tokens of an encoder that gives no whole text, such as T5: the network's, without those of two of CLIP before them. */
function tokensBehind(clips: readonly TextEncoder[], count: number | null): number | null {
  const own = clips[0]?.config['model_max_length']
  return count !== null && clips.length > 1 && typeof own === 'number' ? count - own : count
}

/** Of several encoders, put together as their pipeline does it. */
async function together(
  encoders: readonly TextEncoder[],
  prompts: readonly string[],
  asked: readonly ModelInput[],
  options: Options & { readonly zeroEmpty?: boolean | null },
): Promise<Uint8Array<ArrayBuffer>> {
  const clips = encoders.filter(givesWhole)
  const count = asked.map(tokensOf).find((tokens) => tokens !== null) ?? null
  const given: (readonly Given[])[] = []
  // One after another, as each may be large.
  for (const encoder of encoders) {
    const length = clips.includes(encoder) ? null : tokensBehind(clips, count)
    given.push((await encoded(encoder, prompts, length, options)).map(partsOf))
  }
  const texts = prompts.map((_, i) => given.map((one) => one[i]!))
  const { combine, zeroEmpty } = pipelineOf(texts[0]!, { inputs: asked, zeroEmpty: options.zeroEmpty ?? null })
  const rows = texts.map((text, i) => {
    const parts = combine(text).map((part) => part!)
    const none = prompts[i] === '' && zeroEmpty
    return none ? parts.map(({ shape, data }) => ({ shape, data: new Float32Array(data.length) })) : parts
  })
  return written(prompts, asked, rows)
}

/**
 * The embeddings file of these texts for a network's inputs of the meaning `embedding`, by one encoder or by all of a pipeline's in its order.
 * `zeroEmpty`: the pipeline's word on the empty text. Rejects with RangeError where tokenizer, encoder and network do not fit each other,
 * GraphError for an encoder that takes something else than token ids and a mask.
 */
export async function embedTexts(
  encoders: readonly TextEncoder[],
  prompts: readonly string[],
  inputs: readonly ModelInput[],
  options: Options & { readonly zeroEmpty?: boolean | null },
): Promise<Uint8Array<ArrayBuffer>> {
  const asked = inputs.filter(({ meaning }) => meaning === 'embedding')
  const [encoder] = encoders
  if (!encoder || encoders.length > 1) return together(encoders, prompts, asked, options)
  const length = asked.map(tokensOf).find((tokens) => tokens !== null) ?? null
  const rows = await encoded(encoder, prompts, length, options)
  const names = asked.map((input) => outputFor(input, rows[0]!))
  const parts = rows.map((row) => names.map((name) => ({ shape: row[name]!.dims.slice(1), data: floats(row, name) })))
  return written(prompts, asked, parts)
}

/** Ids, or which of them are the text's own. */
function feedOf(
  { ids, own }: Tokens,
  isIds: boolean,
  { name, dtype }: { readonly name: string; readonly dtype: string },
  { Tensor: Make }: Runtime,
): Tensor {
  if (!isIds && !/mask/.test(name))
    throw new GraphError(`the text encoder’s input ${name} is neither token ids nor a mask of them`)
  const values = isIds ? ids : ids.map((_, i) => (i < own ? 1 : 0))
  const dims = [1, ids.length]
  if (dtype === 'int64') return new Make('int64', BigInt64Array.from(values, BigInt), dims)
  if (dtype === 'int32') return new Make('int32', Int32Array.from(values), dims)
  if (dtype === 'float32') return new Make('float32', Float32Array.from(values), dims)
  throw new GraphError(`the text encoder’s input ${name} is ${dtype}, and token ids are int64 or int32`)
}
