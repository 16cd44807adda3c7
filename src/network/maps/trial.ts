/** The trials of a proof: the graph as it came, with controls, and with the same changes made another way, run on the same rows. */
import { widenHalf } from '../../core/half'
import { ControlInputs } from '../controls/inputs'
import type { ControlledLayer } from '../controls/types'
import { copyModel, DataType, type ModelProto } from '../onnx'
import type { AttentionControl } from '../types'
import { insertMapControls } from './insert'
import { insertReference, referenceFeeds, triedSigma, type Change, type Tried } from './reference'
import type { Feeds, GraphSession, GraphTensor, MapLayer, OpenGraph } from './types'

/** The largest deviation that passes for rounding in another order, in standard deviations of the output; what is wrong is off by tenths. */
export const ROUNDING = 1e-4
/** Rows of a run: changes that are tried together, and a row that stays as it is. */
const TOGETHER = 4

export interface ProofRequest {
  /** As it came, before fused nodes were opened. */
  readonly original: ModelProto
  /** As `findMaps` left it. */
  readonly model: ModelProto
  readonly layers: readonly MapLayer[]
  readonly open: OpenGraph
  /** Values of the graph's inputs for so many rows, each row different from the others. */
  readonly feeds: (rows: number) => Feeds
  /** The number of rows that the graph was exported for; null: any. */
  readonly batch: number | null
  /** The output that is compared. */
  readonly output: string
  /** Rows of one run, where any number may be; default 4. Each must be given something else. */
  readonly most?: number
  /** Puts controls into a graph of its own at these layers; default: into `model`, at the maps. */
  readonly insert?: (guided: readonly MapLayer[]) => {
    readonly model: ModelProto
    readonly layers: readonly ControlledLayer[]
  }
  /** Called after each run of a graph with controls, or of the other way. */
  readonly onRun?: () => void
}

/** A float output's values. Throws RangeError where there is none. */
export function singles(outputs: Readonly<Record<string, GraphTensor>>, name: string): Float32Array {
  const tensor = outputs[name]
  if (tensor?.type === 'float32') return tensor.data
  if (tensor?.type === 'float16') return widenHalf(tensor.data)
  throw new RangeError(`the graph has no float output ${name}`)
}

/** The largest difference, in standard deviations of what is wanted. */
export function deviation(found: Float32Array, wanted: Float32Array): number {
  let [sum, squares, most] = [0, 0, 0]
  for (const [i, value] of wanted.entries()) {
    sum += value
    squares += value * value
    const difference = Math.abs(found[i]! - value)
    // A value that is no number is as far as can be.
    most = Math.max(most, Number.isNaN(difference) ? Infinity : difference)
  }
  const mean = sum / wanted.length
  return most / Math.sqrt(Math.max(squares / wanted.length - mean * mean, Number.MIN_VALUE))
}

/** The rows of an output. */
export function rowsOf(values: Float32Array, rows: number): readonly Float32Array[] {
  const each = values.length / rows
  return Array.from({ length: rows }, (_, i) => values.slice(i * each, (i + 1) * each))
}

/** The same values, rounded as few bits round them, or as so many do; halves by their last. */
export function shaken(feeds: Feeds, bits = 11): Feeds {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => {
      if (tensor.type === 'float32')
        return [name, { ...tensor, data: tensor.data.map((value) => value * (1 + 2 ** -bits)) }]
      if (tensor.type === 'float16') return [name, { ...tensor, data: tensor.data.map((bits) => bits ^ 1) }]
      return [name, tensor]
    }),
  )
}

const FEW_BITS = new Set<number>([DataType.FLOAT16, DataType.INT8, DataType.UINT8, DataType.BFLOAT16])
const inFewBits = ({ graph }: ModelProto) => (graph?.initializer ?? []).some(({ dataType }) => FEW_BITS.has(dataType))

export async function opened<T>(
  open: OpenGraph,
  model: ModelProto,
  task: (session: GraphSession) => Promise<T>,
): Promise<T> {
  const session = await open(model)
  try {
    return await task(session)
  } finally {
    await session.release()
  }
}

/** A graph as it came: what it gives, and how exact it is itself. */
export interface Plain {
  /** Rows that it was run with. */
  readonly size: number
  readonly rows: number | null
  readonly whole: Float32Array
  readonly dependent: boolean
  readonly ownError: number
}

export async function plain({ open, original, feeds, batch, most = TOGETHER, output }: ProofRequest): Promise<Plain> {
  return opened(open, original, async (session) => {
    const run = async (given: Feeds) => singles(await session.run(given), output)
    const sizes = batch === null ? [...new Set([most, 2, 1])] : [batch]
    const { size, whole } = await firstThatRuns(sizes, async (rows) => ({ size: rows, whole: await run(feeds(rows)) }))
    const alone = batch === null && size > 1 ? await attempt(() => run(feeds(1))) : null
    const followed = alone instanceof Float32Array && alone.length * size === whole.length ? alone : null
    const apart = followed ? deviation(followed, rowsOf(whole, size)[0]!) : 0
    const rough = inFewBits(original) || apart > ROUNDING
    return {
      size,
      whole,
      // Some graphs say that they take any number of rows, and take one, or give as many as their exporter saw.
      rows: batch ?? (followed ? null : size),
      dependent: apart > ROUNDING,
      ownError: rough ? deviation(await run(shaken(feeds(size))), whole) : 0,
    }
  })
}

/** Rejects as the last of them does. */
async function firstThatRuns<T>(sizes: readonly number[], run: (size: number) => Promise<T>): Promise<T> {
  const [size, ...others] = sizes
  try {
    return await run(size!)
  } catch (error) {
    if (others.length === 0) throw error
    return firstThatRuns(others, run)
  }
}

export class Prover {
  constructor(
    private readonly request: ProofRequest,
    private readonly plain: Plain,
  ) {}

  /** Rows of each run. */
  get #size(): number {
    return this.plain.size
  }

  /** The layers to try, one a row, and a row that stays as it is where there is room. */
  #bunches(guided: readonly MapLayer[]): readonly Tried[] {
    const all = guided.flatMap((layer, i): readonly (readonly [number, Change])[] => {
      const blurred = layer.scores !== null && layer.image !== null && layer.image.grid !== null
      return blurred
        ? [
            [i, 'identity'],
            [i, 'blur'],
          ]
        : [[i, 'identity']]
    })
    const room = Math.max(1, this.#size - 1)
    return Array.from({ length: Math.ceil(all.length / room) }, (_, at) => {
      const own = all.slice(at * room, (at + 1) * room)
      return [...own, ...Array<null>(this.#size - own.length).fill(null)]
    })
  }

  /** What the graph gives with our controls, neutral ones first. */
  async #controlled(guided: readonly MapLayer[], bunches: readonly Tried[]): Promise<readonly Float32Array[]> {
    const { open, model, feeds, output, batch, insert, onRun } = this.request
    const atMaps = () => {
      const copy = copyModel(model)
      return {
        model: copy,
        layers: insertMapControls(copy, guided, { rows: batch ?? 'dynamic', features: [], map: null }),
      }
    }
    const { model: changed, layers } = (insert ?? atMaps)(guided)
    const inputs = new ControlInputs(layers)
    const neutral: Tried = Array<null>(this.#size).fill(null)
    return opened(open, changed, async (session) => {
      const results: Float32Array[] = []
      for (const tried of [neutral, ...bunches]) {
        const rows = tried.map((what) => what && rowControls(layers, guided, what))
        const controls = Object.entries(inputs.feeds(rows, [])).map(
          ([name, { data, dims }]) => [name, { type: 'float32' as const, data, dims }] as const,
        )
        const given = { ...feeds(this.#size), ...Object.fromEntries(controls) }
        results.push(singles(await session.run(given), output))
        onRun?.()
      }
      return results
    })
  }

  /** What it gives with the changes made the other way. */
  async #reference(guided: readonly MapLayer[], bunches: readonly Tried[]): Promise<readonly Float32Array[]> {
    const { open, model, feeds, output, onRun } = this.request
    const copy = copyModel(model)
    insertReference(copy, guided)
    return opened(open, copy, async (session) => {
      const results: Float32Array[] = []
      for (const tried of bunches) {
        const given = { ...feeds(this.#size), ...referenceFeeds(guided, tried) }
        results.push(singles(await session.run(given), output))
        onRun?.()
      }
      return results
    })
  }

  /** Neutral controls at these layers alone. */
  async neutral(guided: readonly MapLayer[]): Promise<number> {
    const [neutral] = await this.#controlled(guided, [])
    return deviation(neutral!, this.plain.whole)
  }

  /** All that is measured at these layers, controlled together. */
  async measured(guided: readonly MapLayer[]): Promise<Measured> {
    const { whole, dependent, ownError } = this.plain
    const bunches = this.#bunches(guided)
    const [neutral, ...found] = await this.#controlled(guided, bunches)
    const wanted = await this.#reference(guided, bunches)
    const still = rowsOf(neutral!, this.#size)
    const exact = !dependent && ownError === 0
    const layers = bunches.flatMap((tried, at) => {
      const rows = rowsOf(found[at]!, this.#size)
      const truth = rowsOf(wanted[at]!, this.#size)
      // A row that is left alone must not hear of those beside it.
      const heard = tried.some((what, row) => what === null && deviation(rows[row]!, still[row]!) > ROUNDING)
      return tried.flatMap((what, row) => {
        if (!what) return []
        const [layer, change] = what
        const error = exact && heard ? Infinity : deviation(rows[row]!, truth[row]!)
        return [
          { layer: guided[layer]!, change, error, heard: exact && heard, effect: deviation(rows[row]!, still[row]!) },
        ]
      })
    })
    return { neutral: deviation(neutral!, whole), layers }
  }
}

/** What was measured at a layer, in standard deviations of the output. */
export interface Trial {
  readonly layer: MapLayer
  readonly change: Change
  /** From the other way. */
  readonly error: number
  /** A row that was left alone changed with it. */
  readonly heard: boolean
  /** From no change: how much the layer matters. */
  readonly effect: number
}

export interface Measured {
  readonly neutral: number
  readonly layers: readonly Trial[]
}

function rowControls(
  layers: readonly ControlledLayer[],
  guided: readonly MapLayer[],
  [layer, change]: readonly [number, Change],
): readonly (AttentionControl | null)[] {
  const control: AttentionControl = change === 'identity' ? { mix: 1 } : { querySigma: triedSigma(guided[layer]!) }
  return layers.map((_, i) => (i === layer ? control : null))
}

/** What a trial gives, or why it could not be made. */
export async function attempt<T>(task: () => Promise<T>): Promise<T | string> {
  try {
    return await task()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
