/**
 * Embeddings of texts, from a safetensors file: one float tensor for each input of the graph, named as the input, with a row for each
 * text; `__metadata__.prompts` is a JSON list of the texts. The empty text is what CFG pushes away from.
 */
import * as v from 'valibot'
import { widenHalf } from '../core/half'

export class EmbeddingsError extends Error {
  override readonly name = 'EmbeddingsError'
}

export interface Embeddings {
  readonly prompts: readonly string[]
  /** Names and shapes of the tensors, without the axis of the texts. */
  readonly shapes: ReadonlyMap<string, readonly number[]>
  /** One text's values for an input. Throws RangeError where there are none. */
  of(input: string, prompt: string): Float32Array
}

const BYTES = { F32: 4, F16: 2 } as const
const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const tensor = v.object({
  dtype: v.picklist(['F32', 'F16'], 'must be F32 or F16'),
  shape: v.pipe(v.array(whole), v.minLength(2, 'must have an axis for the texts and one for their values')),
  data_offsets: v.tuple([whole, whole]),
})
const prompts = v.pipe(v.array(v.string()), v.minLength(1, 'must not be empty'))
/** No file of embeddings has a longer header. */
const LONGEST_HEADER = 10e6

/** Reads the file. Throws EmbeddingsError where it is damaged or of another form. */
export function parseEmbeddings(bytes: Uint8Array, name = 'the embeddings'): Embeddings {
  const wrong = (why: string) =>
    new EmbeddingsError(
      `${name}: ${why}. Write it with safetensors: one float tensor for each text input, a row for each text, and the texts as a JSON list in the metadata “prompts”.`,
    )
  if (bytes.byteLength < 8) throw wrong('it is too short')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > LONGEST_HEADER || 8 + length > bytes.byteLength) throw wrong('it is no safetensors file, or cut off')
  const header = jsonOf(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
  if (typeof header !== 'object' || header === null) throw wrong('its header is not JSON')
  const { __metadata__: metadata, ...entries } = header as Readonly<Record<string, unknown>>
  const listed = v.safeParse(v.object({ prompts: v.string() }), metadata)
  const texts = v.safeParse(prompts, listed.success ? jsonOf(listed.output.prompts) : undefined)
  if (!texts.success) throw wrong('its metadata has no list “prompts”')
  const count = texts.output.length
  const places = new Map<string, { readonly shape: readonly number[]; readonly at: number; readonly half: boolean }>()
  for (const [input, entry] of Object.entries(entries)) {
    const parsed = v.safeParse(tensor, entry)
    if (!parsed.success) throw wrong(`${input}: ${v.getDotPath(parsed.issues[0]) ?? ''} ${parsed.issues[0].message}`)
    const {
      shape,
      dtype,
      data_offsets: [from, to],
    } = parsed.output
    const size = shape.reduce((product, dim) => product * dim, BYTES[dtype])
    if (to - from !== size || 8 + length + to > bytes.byteLength) throw wrong(`${input}: its data is cut off`)
    if (shape[0] !== count) throw wrong(`${input}: it has ${shape[0]} rows for ${count} texts`)
    places.set(input, { shape: shape.slice(1), at: 8 + length + from, half: dtype === 'F16' })
  }
  return {
    prompts: texts.output,
    shapes: new Map([...places].map(([input, { shape }]) => [input, shape])),
    of(input, prompt) {
      const place = places.get(input)
      const row = texts.output.indexOf(prompt)
      if (!place) throw new RangeError(`${name} has nothing for the input ${input}`)
      if (row < 0) throw new RangeError(`${name} has no text ${prompt === '' ? 'that is empty' : `“${prompt}”`}`)
      const each = place.shape.reduce((product, dim) => product * dim, 1)
      const size = each * (place.half ? 2 : 4)
      // A copy by constructor: the data need not be aligned.
      const own = new Uint8Array(bytes.subarray(place.at + row * size, place.at + (row + 1) * size)).buffer
      return place.half ? widenHalf(new Uint16Array(own)) : new Float32Array(own)
    },
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What an embeddings file holds of one input: a row for each text. */
export interface EmbeddingTensor {
  /** Without the axis of the texts. */
  readonly shape: readonly number[]
  /** [texts × shape] */
  readonly data: Float32Array | Uint16Array
}

/** The file of these embeddings; 16-bit data are halves. */
export function writeEmbeddings(
  prompts: readonly string[],
  tensors: Readonly<Record<string, EmbeddingTensor>>,
): Uint8Array<ArrayBuffer> {
  let offset = 0
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const from = offset
    offset += data.byteLength
    const dtype = data instanceof Float32Array ? 'F32' : 'F16'
    return [name, { dtype, shape: [prompts.length, ...shape], data_offsets: [from, offset] }] as const
  })
  const json = JSON.stringify({ __metadata__: { prompts: JSON.stringify(prompts) }, ...Object.fromEntries(entries) })
  const text = new TextEncoder().encode(json)
  // The data begin at a multiple of 8, as the format wants it; what is between are spaces.
  const header = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20)
  header.set(text)
  const bytes = new Uint8Array(8 + header.length + offset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true)
  bytes.set(header, 8)
  let at = 8 + header.length
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return bytes
}
