/** Any ONNX feature network that a person brings: one image input, one output of features. Free of DOM and of node, like the judge. */
import type { InferenceSession } from 'onnxruntime-web'
import { messageOf } from '../../core/failure'
import { toByte, type ImageSize } from '../../core/image'
import type { Runtime, Tensors } from '../../engine/runtime'
import { prepared } from './prepare'
import type { FeatureProtocol } from './protocol'

/** A feature network that can't be used. The message says why, and what to do. */
export class FeatureError extends Error {
  override readonly name = 'FeatureError'
}

export interface FeatureOptions {
  readonly protocol: FeatureProtocol
  readonly graph: Uint8Array
  readonly runtime: Runtime
  readonly sessionOptions?: InferenceSession.SessionOptions
}

/** Pictures that are fed at once: a few hundred megabytes of activations for the largest of the networks. */
const ROWS = 8

/** An image of values −1 to 1 [channels × height × width] as RGB bytes [height × width × 3]; one channel becomes grey. */
function pixelsOf(image: Float32Array, { channels, height, width }: ImageSize): Uint8Array {
  if (channels !== 1 && channels !== 3)
    throw new FeatureError(`pictures of ${channels} channels have no RGB: these features can't be taken of them`)
  const plane = height * width
  const out = new Uint8Array(3 * plane)
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < 3; c++) out[3 * i + c] = toByte(image[(channels === 1 ? 0 : c) * plane + i]!)
  return out
}

export class FeatureNetwork {
  private constructor(
    readonly protocol: FeatureProtocol,
    private readonly runtime: Runtime,
    private readonly session: InferenceSession,
  ) {}

  /** Rejects with FeatureError for a graph that can't be read. */
  static async load({ protocol, graph, runtime, sessionOptions }: FeatureOptions): Promise<FeatureNetwork> {
    let session: InferenceSession
    try {
      session = await runtime.InferenceSession.create(graph, sessionOptions)
    } catch (error) {
      throw new FeatureError(`The feature network can't be opened: ${messageOf(error)}`)
    }
    if (session.inputNames.length !== 1)
      throw new FeatureError(
        `The feature network has ${session.inputNames.length} inputs (${session.inputNames.join(', ')}): export one that takes a picture alone.`,
      )
    return new FeatureNetwork(protocol, runtime, session)
  }

  /**
   * Features of images of values −1 to 1, rounded to bytes first as pictures in files are; [N, width], [N, width, 1, 1], or an
   * average over [N, width, h, w]. Rejects with FeatureError.
   */
  async features(images: readonly Float32Array[], size: ImageSize): Promise<Float32Array[]> {
    const out: Float32Array[] = []
    for (let start = 0; start < images.length; start += ROWS) {
      const part = images.slice(start, start + ROWS).map((image) => pixelsOf(image, size))
      out.push(...(await this.#evaluate(part.map((pixels) => prepared(pixels, size, this.protocol)))))
    }
    return out
  }

  async #evaluate(inputs: readonly Float32Array[]): Promise<Float32Array[]> {
    const { side, unit } = this.protocol
    const data = new Float32Array(inputs.length * 3 * side * side)
    inputs.forEach((input, row) => data.set(input, row * input.length))
    const [inputName = ''] = this.session.inputNames
    const feeds: Tensors = { [inputName]: new this.runtime.Tensor('float32', data, [inputs.length, 3, side, side]) }
    let results: Tensors
    try {
      results = (await this.session.run(feeds)) as Tensors
    } catch (error) {
      throw new FeatureError(
        `The feature network can't take [${inputs.length}, 3, ${side}, ${side}]: ${messageOf(error)}`,
      )
    }
    const output = results[this.session.outputNames[0] ?? '']
    if (!(output?.data instanceof Float32Array))
      throw new FeatureError('The feature network’s first output is no float32 tensor.')
    const [rows = 0, width = 0, ...rest] = output.dims
    if (rows !== inputs.length || width < 1 || (rest.length !== 0 && rest.length !== 2))
      throw new FeatureError(
        `The feature network’s first output is [${output.dims.join(', ')}] for ${inputs.length} pictures, and must be [pictures, width].`,
      )
    const places = rest.reduce((product, length) => product * length, 1)
    const values = output.data
    return inputs.map((_, row) => {
      const own = Float32Array.from({ length: width }, (__, c) => {
        let sum = 0
        for (let i = 0; i < places; i++) sum += values[(row * width + c) * places + i]!
        return sum / places
      })
      return unit ? ofLengthOne(own) : own
    })
  }

  dispose(): Promise<void> {
    return this.session.release()
  }
}

function ofLengthOne(features: Float32Array): Float32Array {
  const length = Math.sqrt(features.reduce((sum, value) => sum + value * value, 0))
  return length === 0 ? features : features.map((value) => value / length)
}
