/**
 * Texts made into the embeddings that a network is told: by a tokenizer of the Hugging Face library and a text encoder's graph. The
 * result is a file of embeddings, as if somebody had brought one.
 */
import { Tokenizer } from '@huggingface/tokenizers'
import type { InferenceSession, Tensor } from 'onnxruntime-web'
import type { ModelInput } from '../../model/description'
import { writeEmbeddings, type EmbeddingTensor } from '../../model/embeddings'
import { GraphError, serializeModel } from '../../network/onnx'
import { WEIGHTS_PATH } from '../../network/weights'
import { interfaceOf } from '../interface'
import { floats, type Runtime, type Tensors } from '../runtime'
import { ready, type BroughtFiles } from './brought'

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
    `The network’s input ${input.name} takes [rows, ${wanted.join(', ')}], and the text encoder gives ${there.join(', ')}. Give the encoder that it was trained with; of several encoders, give a file of embeddings instead.`,
  )
}

/**
 * The embeddings file of these texts for a network's inputs of the meaning `embedding`. Rejects with RangeError where tokenizer, encoder
 * and network do not fit each other, GraphError for an encoder that takes something else than token ids and a mask.
 */
export async function embedTexts(
  encoder: TextEncoder,
  prompts: readonly string[],
  inputs: readonly ModelInput[],
  { runtime, sessionOptions }: { readonly runtime: Runtime; readonly sessionOptions?: InferenceSession.SessionOptions },
): Promise<Uint8Array<ArrayBuffer>> {
  const asked = inputs.filter(({ meaning }) => meaning === 'embedding')
  const { model, weights } = ready(encoder)
  const taken = interfaceOf(model).inputs
  const first = taken.find(({ name }) => /ids/.test(name)) ?? taken[0]
  if (!first) throw new GraphError('the text encoder takes nothing')
  const own = first.dims[1]
  const length = (typeof own === 'number' ? own : null) ?? asked.map(tokensOf).find((tokens) => tokens !== null) ?? null
  const texts = tokenIds(encoder, prompts, length)
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
    const tensors = asked.map((input): [string, EmbeddingTensor] => {
      const name = outputFor(input, rows[0]!)
      const values = rows.map((row) => floats(row, name))
      const data = new Float32Array(values.length * values[0]!.length)
      for (const [i, row] of values.entries()) data.set(row, i * row.length)
      return [input.name, { shape: rows[0]![name]!.dims.slice(1), data }]
    })
    return writeEmbeddings(prompts, Object.fromEntries(tensors))
  } finally {
    await session.release()
  }
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
