/**
 * The start-up check: stored answers of the network, computed by PyTorch, that a device must reproduce before it is used.
 * `golden.bin` is uint32 LE header length, a JSON header, and float32 LE data; offsets are bytes from the end of the header.
 */
import * as v from 'valibot'
import type { AttentionControl } from '../network/types'
import type { Denoiser, DenoiserRow, ModelInfo } from '../model/types'

/** What a device may differ from PyTorch: largest error over largest value. Rounding alone stays ten times below. */
export const GOLDEN_TOLERANCE = 1e-4

export interface GoldenCase {
  readonly name: string
  readonly sigma: number
  /** Class index. */
  readonly class: number
  readonly attention: readonly (AttentionControl | null)[] | null
  /** [channels × height × width] */
  readonly x: Float32Array
  readonly denoised: Float32Array
}

export class GoldenError extends Error {
  override readonly name = 'GoldenError'
}

const tensor = v.object({
  offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
  shape: v.array(v.pipe(v.number(), v.integer(), v.minValue(1))),
})
const control = v.strictObject({
  mix: v.exactOptional(v.number()),
  temperature: v.exactOptional(v.number()),
  querySigma: v.exactOptional(
    v.union([
      v.number(),
      v.pipe(
        v.literal('inf'),
        v.transform(() => Infinity),
      ),
    ]),
  ),
})
const header = v.object({
  format: v.literal(1),
  model: v.string(),
  cases: v.pipe(
    v.array(
      v.object({
        name: v.string(),
        sigma: v.pipe(v.number(), v.gtValue(0)),
        class: v.pipe(v.number(), v.integer(), v.minValue(0)),
        attention: v.nullable(v.array(v.nullable(control))),
        tensors: v.object({ x: tensor, denoised: tensor }),
      }),
    ),
    v.minLength(1),
  ),
})

/** Reads `golden.bin`. Throws GoldenError where it is damaged or another model's. */
export function parseGolden(bytes: Uint8Array, model: ModelInfo): readonly GoldenCase[] {
  const wrong = (why: string) =>
    new GoldenError(
      `${model.golden?.file ?? 'golden.bin'} of ${model.id}: ${why}; write it again with tests/golden/generate.py`,
    )
  if (bytes.byteLength < 4) throw wrong('it is too short')
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const start = 4 + length
  if (start > bytes.byteLength) throw wrong('its header is cut off')
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start)))
  } catch {
    throw wrong('its header is not JSON')
  }
  const parsed = v.safeParse(header, json)
  if (!parsed.success) throw wrong(`${v.getDotPath(parsed.issues[0]) ?? 'header'}: ${parsed.issues[0].message}`)
  if (parsed.output.model !== model.id) throw wrong(`it belongs to ${parsed.output.model}`)
  const { channels, height, width } = model.image
  const read = ({ offset, shape }: v.InferOutput<typeof tensor>) => {
    const size = shape.reduce((a, b) => a * b, 1)
    if (size !== channels * height * width) throw wrong(`a tensor has the shape ${shape.join(' × ')}`)
    const from = start + offset
    if (from + size * 4 > bytes.byteLength) throw wrong('its data is cut off')
    // A copy by constructor: `slice` of a node Buffer is a view.
    return new Float32Array(new Uint8Array(bytes.subarray(from, from + size * 4)).buffer)
  }
  return parsed.output.cases.map(({ tensors, ...rest }) => {
    if (rest.class > 0 && rest.class >= model.conditioning.classes.length)
      throw wrong(`there is no class ${rest.class}`)
    if (rest.attention && rest.attention.length !== model.layers.length)
      throw wrong(`a case controls ${rest.attention.length} layers`)
    return { ...rest, x: read(tensors.x), denoised: read(tensors.denoised) }
  })
}

/** `golden.bin` of these cases. */
export function goldenBytes(
  cases: readonly GoldenCase[],
  { id, image: { channels, height, width } }: ModelInfo,
): Uint8Array {
  const shape = [channels, height, width]
  const bytes = 4 * channels * height * width
  const described = cases.map(({ x: _x, denoised: _d, attention, ...rest }, i) => ({
    ...rest,
    attention:
      attention?.map((entry) => entry && { ...entry, ...(entry.querySigma === Infinity && { querySigma: 'inf' }) }) ??
      null,
    tensors: { x: { offset: 2 * i * bytes, shape }, denoised: { offset: (2 * i + 1) * bytes, shape } },
  }))
  const json = new TextEncoder().encode(JSON.stringify({ format: 1, model: id, cases: described }))
  const all = new Uint8Array(4 + json.length + 2 * bytes * cases.length)
  new DataView(all.buffer).setUint32(0, json.length, true)
  all.set(json, 4)
  for (const [i, { x, denoised }] of cases.entries())
    for (const [j, values] of [x, denoised].entries())
      all.set(new Uint8Array(values.buffer, values.byteOffset, bytes), 4 + json.length + (2 * i + j) * bytes)
  return all
}

/** max |a − b| / max |b|; Infinity where `a` has a value that is not finite. */
export function relativeError(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`lengths differ: ${a.length} and ${b.length}`)
  let difference = 0
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i])) return Infinity
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!))
    largest = Math.max(largest, Math.abs(b[i]!))
  }
  return difference === 0 ? 0 : difference / largest
}

function row({ x, sigma, class: label, attention }: GoldenCase, model: ModelInfo): DenoiserRow {
  const classWeights = new Float32Array(model.conditioning.classes.length)
  classWeights[label] = 1
  return { x, sigma, classWeights, attention }
}

/** The largest relative error of the denoiser over all cases, which it is given as one batch. */
export async function goldenError(denoiser: Denoiser, golden: readonly GoldenCase[]): Promise<number> {
  const denoised = await denoiser.evaluate(golden.map((entry) => row(entry, denoiser.model)))
  return Math.max(...golden.map((entry, i) => relativeError(denoised[i]!, entry.denoised)))
}
