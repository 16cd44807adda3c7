/**
 * A vision transformer over any ONNX Runtime, for SAG's mask "DINO": the model's own, or a file that the reader gives. What a
 * stranger's file must look like is checked here, once, and said in one sentence.
 */
import type { InferenceSession } from 'onnxruntime-web'
import { messageOf } from '../core/failure'
import { firstNotFinite } from '../core/vector'
import {
  DataLocation,
  DataType,
  declaredShape,
  parseModel,
  serializeModel,
  type Dimension,
  type ModelProto,
} from '../network/onnx'
import { attachWeights, readWeights } from '../network/weights'
import type { Runtime, Tensors } from './runtime'
import type { ModelInfo, VisionModel } from '../model/types'

const EXPECTED =
  'The file must be an ONNX model with its weights inside that takes `image`, float32 [rows, 3, height, width] with values in [−1, 1], ' +
  'and gives `saliency`, float32 [rows, patch rows, patch columns]'

/** A vision transformer that can't be used. The message says why, and what the file must be. */
export class VisionError extends Error {
  override readonly name = 'VisionError'
}

export interface VisionOptions {
  readonly graph: Uint8Array
  /** External data of the graph; null where the weights are inside. */
  readonly weights: Uint8Array | null
  /** Images that will be asked about. */
  readonly image: ModelInfo['image']
  readonly runtime: Runtime
  readonly sessionOptions?: InferenceSession.SessionOptions
  /** Runs the session; by default its own `run`. Feeds and results are in CPU memory. */
  readonly runSession?: (session: InferenceSession, feeds: Tensors) => Promise<Tensors>
  /** Runs each creation, run and release of a session alone, where the runtime needs that. */
  readonly exclusive?: <T>(task: () => Promise<T>) => Promise<T>
}

/** What the checked graph takes. */
interface Shape {
  /** Images in one run; null for any number. */
  readonly rows: 1 | null
  readonly height: number
  readonly width: number
}

function dims(shape: readonly Dimension[] | null): string {
  return shape ? `[${shape.map((dim) => dim ?? '?').join(', ')}]` : 'of unknown shape'
}

function check(model: ModelProto, image: ModelInfo['image'], external: boolean): Shape {
  const wrong = (why: string) => new VisionError(`This vision transformer can’t be used: ${why}. ${EXPECTED}.`)
  const graph = model.graph
  if (!graph) throw wrong('it has no graph')
  const constants = new Set(graph.initializer.map(({ name }) => name))
  const inputs = graph.input.filter(({ name }) => !constants.has(name))
  const [input] = inputs
  if (inputs.length !== 1 || input!.name !== 'image')
    throw wrong(`its inputs are ${inputs.map(({ name }) => name).join(', ') || 'none'}`)
  const output = graph.output.find(({ name }) => name === 'saliency')
  if (!output) throw wrong(`its outputs are ${graph.output.map(({ name }) => name).join(', ') || 'none'}`)
  for (const value of [input!, output]) {
    const type = value.type?.value
    if (type?.case !== 'tensorType' || type.value.elemType !== DataType.FLOAT)
      throw wrong(`${value.name} is not float32`)
  }
  const shape = declaredShape(input!)
  const [rows, channels, height, width] = shape ?? []
  if (
    shape?.length !== 4 ||
    (typeof rows === 'number' && rows !== 1) ||
    (typeof channels === 'number' && channels !== image.channels)
  ) {
    throw wrong(`image is ${dims(shape)}`)
  }
  const made = declaredShape(output)
  if (made && made.length !== 3) throw wrong(`saliency is ${dims(made)}`)
  if (!external && graph.initializer.some(({ dataLocation }) => dataLocation === DataLocation.EXTERNAL)) {
    throw wrong('its weights are in another file')
  }
  return {
    rows: rows === 1 ? 1 : null,
    height: typeof height === 'number' ? height : image.height,
    width: typeof width === 'number' ? width : image.width,
  }
}

/** Bilinear resampling of planar [channels × height × width] to another size, pixel centres aligned, edges repeated. */
export function resize(
  image: Float32Array,
  from: ModelInfo['image'],
  to: { readonly height: number; readonly width: number },
): Float32Array {
  if (from.height === to.height && from.width === to.width) return image
  const out = new Float32Array(from.channels * to.height * to.width)
  /** For each target index: the two source indices, and the share of the second. */
  const taps = (source: number, target: number) =>
    Array.from({ length: target }, (_, i) => {
      const at = Math.min(Math.max(((i + 0.5) * source) / target - 0.5, 0), source - 1)
      const low = Math.floor(at)
      return { low, high: Math.min(low + 1, source - 1), share: at - low }
    })
  const rows = taps(from.height, to.height)
  const columns = taps(from.width, to.width)
  let k = 0
  for (let c = 0; c < from.channels; c++) {
    const at = (y: number, x: number) => image[(c * from.height + y) * from.width + x]!
    for (const y of rows) {
      for (const x of columns) {
        const top = at(y.low, x.low) + x.share * (at(y.low, x.high) - at(y.low, x.low))
        const bottom = at(y.high, x.low) + x.share * (at(y.high, x.high) - at(y.high, x.low))
        out[k++] = top + y.share * (bottom - top)
      }
    }
  }
  return out
}

export class OnnxVision implements VisionModel {
  private constructor(
    private readonly options: VisionOptions,
    private readonly shape: Shape,
    private readonly session: InferenceSession,
  ) {}

  /** Checks the file and creates its session. Rejects with VisionError for a file that is none, and with what the runtime rejects with. */
  static async create(options: VisionOptions): Promise<OnnxVision> {
    let model: ModelProto
    try {
      model = parseModel(options.graph)
    } catch (error) {
      const why = messageOf(error)
      const said = why.startsWith('not an ONNX') ? 'it is no ONNX file' : why
      throw new VisionError(`This vision transformer can’t be used: ${said}. ${EXPECTED}.`)
    }
    const shape = check(model, options.image, options.weights !== null)
    let bytes = options.graph
    if (options.weights) {
      attachWeights(model, readWeights(model, options.weights), 'inline')
      bytes = serializeModel(model)
    }
    const create = () => options.runtime.InferenceSession.create(bytes, options.sessionOptions ?? {})
    return new OnnxVision(options, shape, await (options.exclusive ? options.exclusive(create) : create()))
  }

  /** Rejects with VisionError where the maps are not what they must be, and with what the runtime rejects with. */
  async saliency(
    images: readonly Float32Array[],
  ): Promise<{ readonly height: number; readonly width: number; readonly maps: readonly Float32Array[] }> {
    const { height, width, rows } = this.shape
    const { image, runtime } = this.options
    const size = image.channels * height * width
    const maps: Float32Array[] = []
    let grid = { height: 0, width: 0 }
    const length = rows ?? images.length
    for (let start = 0; start < images.length; start += length) {
      const part = images.slice(start, start + length)
      const data = new Float32Array(part.length * size)
      for (const [i, one] of part.entries()) data.set(resize(one, image, { height, width }), i * size)
      const feeds = { image: new runtime.Tensor('float32', data, [part.length, image.channels, height, width]) }
      const run = () =>
        this.options.runSession
          ? this.options.runSession(this.session, feeds)
          : (this.session.run(feeds) as Promise<Tensors>)
      const { saliency } = await (this.options.exclusive ? this.options.exclusive(run) : run())
      const values = saliency?.data
      const [count, patchRows, patchColumns, ...more] = saliency?.dims ?? []
      if (
        !(values instanceof Float32Array) ||
        count !== part.length ||
        !patchRows ||
        !patchColumns ||
        more.length > 0
      ) {
        throw new VisionError(
          `This vision transformer can’t be used: for ${part.length} images saliency came as [${(saliency?.dims ?? []).join(', ')}]. ${EXPECTED}.`,
        )
      }
      if (firstNotFinite(values) >= 0)
        throw new VisionError(`The vision transformer gave numbers that are not finite. ${EXPECTED}.`)
      grid = { height: patchRows, width: patchColumns }
      const patches = patchRows * patchColumns
      for (const i of part.keys()) maps.push(values.slice(i * patches, (i + 1) * patches))
    }
    return { ...grid, maps }
  }

  async release(): Promise<void> {
    const release = () => this.session.release()
    await (this.options.exclusive ? this.options.exclusive(release) : release())
  }
}
