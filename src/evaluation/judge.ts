/**
 * The judge of a model's images: a small classifier over any onnxruntime, and what it thinks of held-out renders. Free of DOM and of
 * node, like the denoiser: the caller brings the runtime and the files that `judge.json` of its family names.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-web'
import * as v from 'valibot'
import { fromByte, toByte, type ImageSize } from '../core/image'
import type { Runtime, Tensors } from '../engine/runtime'
import type { ModelFile } from '../model/types'
import { type AttributeGroup, parseAttributes } from './attributes'
import type { RealStatistics } from './metrics'

/** A judge whose files can't be used. The message says why, and what to do. */
export class JudgeError extends Error {
  override readonly name = 'JudgeError'
}

/** A validated `judge.json`, as `models/train/judge.py` writes it. */
export interface JudgeInfo {
  readonly graph: ModelFile
  readonly weights: ModelFile
  readonly statistics: ModelFile
  /** Features of an image. */
  readonly width: number
  /** Held-out renders behind mean and covariance, and those whose features are stored too. */
  readonly images: number
  readonly stored: number
  /** What it tells of single things in a picture; left out where that was not learnt. */
  readonly heads?: ModelFile & { readonly groups: readonly AttributeGroup[] }
}

/** Side of the images that the judge sees, RGB. */
export const JUDGED_SIDE = 64
const CHANNELS = 3
const MAX_ROWS = 64

const count = v.pipe(v.number(), v.integer(), v.minValue(1))
const file = v.object({
  file: v.pipe(v.string(), v.regex(/^[\w-][\w.-]*$/)),
  bytes: count,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
})
const schema = v.object({
  format: v.literal(1),
  graph: file,
  weights: file,
  statistics: file,
  width: count,
  images: count,
  stored: count,
  heads: v.exactOptional(
    v.object({
      ...file.entries,
      groups: v.array(
        v.object({ name: v.string(), values: count, classes: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))) }),
      ),
    }),
  ),
})

/** Throws JudgeError. */
export function parseJudge(json: unknown): JudgeInfo {
  const result = v.safeParse(schema, json)
  if (!result.success) {
    const [issue] = result.issues
    throw new JudgeError(
      `judge.json: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}. Make it again with judge.py.`,
    )
  }
  const { format: _format, ...info } = result.output
  return info
}

/** Reads `judge-real.bin`, and beside it the file of the judge's attributes where it has one: mean and covariance in float64, then stored features in float32, all little-endian. Throws JudgeError. */
export function parseStatistics(
  bytes: Uint8Array,
  { width, images, stored, statistics, heads }: JudgeInfo,
  attributes: Uint8Array | null = null,
): RealStatistics {
  const doubles = width + width * width
  const expected = 8 * doubles + 4 * stored * width
  if (bytes.byteLength !== expected) {
    throw new JudgeError(
      `${statistics.file} has ${bytes.byteLength} bytes, not ${expected}. Make it again with judge.py.`,
    )
  }
  const { buffer } = bytes.slice()
  return {
    width,
    count: images,
    moments: {
      mean: new Float64Array(buffer, 0, width),
      covariance: new Float64Array(buffer, 8 * width, width * width),
    },
    features: new Float32Array(buffer, 8 * doubles, stored * width),
    ...(heads && attributes && { attributes: parseAttributes(attributes, heads.groups, width) }),
  }
}

export interface Judgement {
  readonly features: Float32Array
  /** Index of the class that the judge sees. */
  readonly seen: number
}

/** What a judge is made of. */
export interface JudgeFiles {
  readonly info: JudgeInfo
  readonly graph: Uint8Array
  readonly weights: Uint8Array
}

export interface JudgeOptions extends JudgeFiles {
  readonly runtime: Runtime
  readonly sessionOptions?: InferenceSession.SessionOptions
  /** Runs the session; by default its own `run`. */
  readonly runSession?: (session: InferenceSession, feeds: Tensors) => Promise<Tensors>
  /** Runs each creation, run and release of a session alone, where the runtime needs that. */
  readonly exclusive?: <T>(task: () => Promise<T>) => Promise<T>
}

const atOnce = <T>(task: () => Promise<T>) => task()

export class Judge {
  private constructor(
    readonly info: JudgeInfo,
    private readonly options: JudgeOptions,
    private readonly session: InferenceSession,
  ) {}

  /** Rejects with what the runtime rejects with. */
  static async load(options: JudgeOptions): Promise<Judge> {
    const { info, graph, weights, runtime, sessionOptions, exclusive = atOnce } = options
    const session = await exclusive(() =>
      runtime.InferenceSession.create(graph, {
        ...sessionOptions,
        externalData: [{ path: info.weights.file, data: weights }],
      }),
    )
    return new Judge(info, options, session)
  }

  /**
   * Judges images as they are shown: rounded to bytes first, as the renders are that it learned from. Smaller ones are enlarged, each
   * pixel to a square. Rejects with RangeError for images that can't be enlarged to 64×64 RGB so.
   */
  async judge(images: readonly Float32Array[], { channels, height, width }: ImageSize): Promise<Judgement[]> {
    const zoom = JUDGED_SIDE / height
    if (channels !== CHANNELS || height !== width || !Number.isInteger(zoom)) {
      throw new RangeError(
        `the judge sees RGB images of ${JUDGED_SIDE}×${JUDGED_SIDE}, or of a side that divides ${JUDGED_SIDE}, not ${channels}×${height}×${width}`,
      )
    }
    const plane = JUDGED_SIDE * JUDGED_SIDE
    const judgements: Judgement[] = []
    for (let start = 0; start < images.length; start += MAX_ROWS) {
      const part = images.slice(start, start + MAX_ROWS)
      const data = new Float32Array(part.length * CHANNELS * plane)
      part.forEach((image, row) => {
        for (let c = 0; c < CHANNELS; c++) {
          for (let y = 0; y < JUDGED_SIDE; y++) {
            for (let x = 0; x < JUDGED_SIDE; x++) {
              const from = (c * height + Math.floor(y / zoom)) * width + Math.floor(x / zoom)
              data[(row * CHANNELS + c) * plane + y * JUDGED_SIDE + x] = fromByte(toByte(image[from]!))
            }
          }
        }
      })
      const { runtime, runSession, exclusive = atOnce } = this.options
      const feeds = { image: new runtime.Tensor('float32', data, [part.length, CHANNELS, JUDGED_SIDE, JUDGED_SIDE]) }
      const { features, logits } = await exclusive(() =>
        runSession ? runSession(this.session, feeds) : (this.session.run(feeds) as Promise<Tensors>),
      )
      const all = floats(features, 'features')
      const scores = floats(logits, 'logits')
      const classes = scores.length / part.length
      part.forEach((_, row) => {
        const own = [...scores.subarray(row * classes, (row + 1) * classes)]
        judgements.push({
          features: all.slice(row * this.info.width, (row + 1) * this.info.width),
          seen: own.indexOf(Math.max(...own)),
        })
      })
    }
    return judgements
  }

  dispose(): Promise<void> {
    const { exclusive = atOnce } = this.options
    return exclusive(() => this.session.release())
  }
}

function floats(tensor: Tensor | undefined, name: string): Float32Array {
  const data = tensor?.data
  if (!(data instanceof Float32Array)) throw new JudgeError(`the judge's graph has no float32 output ${name}`)
  return data
}
