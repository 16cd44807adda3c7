/** The decoder of a model of latents, over any ONNX Runtime: what people look at is decoder(x / factor + shift). */
import type { InferenceSession } from 'onnxruntime-web'
import { narrowToHalf } from '../core/half'
import type { Latent } from '../model/description'
import type { ModelInfo } from '../model/types'
import { GraphError, parseModel, serializeModel } from '../network/onnx'
import { attachWeights, readWeights, WEIGHTS_PATH, weightsByLocation } from '../network/weights'
import { interfaceOf } from './interface'
import { floats, type Runtime, type Tensors } from './runtime'

export interface DecoderOptions {
  readonly graph: Uint8Array
  /** Files of its weights by their names; none where the graph holds them. */
  readonly weights: Readonly<Record<string, Uint8Array>>
  readonly latent: Pick<Latent, 'factor' | 'shift'>
  /** Of latents. */
  readonly image: ModelInfo['image']
  readonly runtime: Runtime
  readonly sessionOptions?: InferenceSession.SessionOptions
  readonly runSession?: (session: InferenceSession, feeds: Tensors) => Promise<Tensors>
  /** Runs each creation, run and release of a session alone, where the runtime needs that. */
  readonly exclusive?: <T>(task: () => Promise<T>) => Promise<T>
}

/** A picture, planar [channels × height × width], data in [−1, 1]. */
export interface Decoded {
  readonly image: Float32Array
  readonly height: number
  readonly width: number
}

const alone = <T>(task: () => Promise<T>) => task()

/** The latent as the decoder takes it: x / factor + shift, by channel where the two are lists. */
export function unscaled(x: Float32Array, channels: number, { factor, shift }: DecoderOptions['latent']): Float32Array {
  const each = x.length / channels
  const of = (value: number | readonly number[], channel: number) =>
    typeof value === 'number' ? value : (value[channel] ?? 0)
  return x.map((value, i) => {
    const channel = Math.floor(i / each)
    return value / of(factor, channel) + of(shift, channel)
  })
}

export class LatentDecoder {
  private constructor(
    private readonly options: DecoderOptions,
    private readonly session: InferenceSession,
    private readonly input: { readonly name: string; readonly half: boolean },
    private readonly output: string,
  ) {}

  /** Rejects with GraphError for a graph that is no decoder of such latents, and with what the runtime rejects with. */
  static async create(options: DecoderOptions): Promise<LatentDecoder> {
    const { image, runtime, sessionOptions, exclusive = alone } = options
    const model = parseModel(options.graph)
    const { inputs, outputs } = interfaceOf(model)
    const [input] = inputs
    const [output] = outputs
    const channels = input?.dims[1]
    if (inputs.length !== 1 || !input || !output || input.dims.length !== 4)
      throw new GraphError('the decoder has to take latents [rows, channels, height, width], and nothing else')
    if (typeof channels === 'number' && channels !== image.channels)
      throw new GraphError(`the decoder takes latents of ${channels} channels, and x has ${image.channels}`)
    const weights = readWeights(model, weightsByLocation(model, options.weights), 'keep', 'move')
    attachWeights(model, weights)
    const session = await exclusive(() =>
      runtime.InferenceSession.create(serializeModel(model), {
        ...sessionOptions,
        ...(weights.data.byteLength > 0 && { externalData: [{ path: WEIGHTS_PATH, data: weights.data }] }),
      }),
    )
    return new LatentDecoder(options, session, { name: input.name, half: input.dtype === 'float16' }, output.name)
  }

  /** Rejects with RangeError for a latent of the wrong size, and with what the runtime rejects with. */
  async decode(x: Float32Array): Promise<Decoded> {
    const { latent, image, runtime, runSession, exclusive = alone } = this.options
    const { channels, height, width } = image
    if (x.length !== channels * height * width)
      throw new RangeError(`a latent has ${channels} × ${height} × ${width} values, not ${x.length}`)
    const values = unscaled(x, channels, latent)
    const dims = [1, channels, height, width]
    const tensor = this.input.half
      ? new runtime.Tensor('float16', narrowToHalf(values), dims)
      : new runtime.Tensor('float32', values, dims)
    const feeds = { [this.input.name]: tensor }
    const outputs = await exclusive(async () =>
      runSession ? runSession(this.session, feeds) : ((await this.session.run(feeds)) as Tensors),
    )
    const shape = outputs[this.output]?.dims ?? []
    if (shape.length !== 4) throw new GraphError(`the decoder gives [${shape.join(', ')}], which is no picture`)
    return { image: floats(outputs, this.output), height: shape[2]!, width: shape[3]! }
  }

  release(): Promise<void> {
    const { exclusive = alone } = this.options
    return exclusive(() => this.session.release())
  }
}
