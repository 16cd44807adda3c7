/**
 * WebGPU under onnxruntime-web's native execution provider: sessions that replay a captured graph on buffers of their own, as far as the
 * replay proves right.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-web'
import { HeldSubmits } from './held-submits'
import type { Gpu } from './gpu-device'

export type Tensors = Readonly<Record<string, Tensor>>
type Ort = typeof import('onnxruntime-web')

/** A replay runs the same kernels on the same numbers; anything beyond the last bits is a fault. */
const REPLAY_TOLERANCE = 1e-6

function agree(a: Tensors, b: Tensors): boolean {
  return Object.entries(a).every(([name, { data }]) => {
    const first = data as Float32Array
    const second = b[name]!.data as Float32Array
    let largest = 0
    let difference = 0
    for (let i = 0; i < first.length; i++) {
      const gap = Math.abs(first[i]! - second[i]!)
      if (Number.isNaN(gap)) return false
      difference = Math.max(difference, gap)
      largest = Math.max(largest, Math.abs(first[i]!))
    }
    return difference <= REPLAY_TOLERANCE * largest
  })
}

/** Numbers of a feed: float32, or booleans of a byte each. */
type Numbers = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

/** The same bytes and some more: what is written to a buffer is a multiple of four long. */
function padded(data: Numbers): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(data.byteLength / 4) * 4)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return bytes
}

/** Commands before and after a replay, and between which input and output. */
export interface Between {
  readonly image: string
  readonly output: string
  before(image: GPUBuffer): GPUCommandBuffer
  after(output: GPUBuffer): GPUCommandBuffer
}

/** One run of a session that replays. */
export interface Replay {
  readonly session: InferenceSession
  /** All inputs but the image. */
  readonly feeds: Tensors
  readonly between: Between
}

/** A session with buffers of its own for inputs and outputs; ORT binds them at the first run of a captured graph, for good. */
class BufferedSession {
  readonly #inputs = new Map<
    string,
    { readonly buffer: GPUBuffer; readonly tensor: Tensor; uploaded: Numbers | null }
  >()
  readonly #staging = new Map<string, GPUBuffer>()
  #outputs: readonly GPUBuffer[] = []

  constructor(
    private readonly ort: Ort,
    private readonly device: GPUDevice,
    private readonly submits: HeldSubmits,
    readonly session: InferenceSession,
  ) {}

  /** `replay`: of a captured graph, whose dispatches go to the queue together with the copies of its outputs. */
  async run(feeds: Tensors, replay = false): Promise<Tensors> {
    this.upload(feeds)
    const inputs = Object.fromEntries([...this.#inputs].map(([name, { tensor }]) => [name, tensor]))
    // Outputs are not passed in: on replay ORT would use handles that it has freed.
    const run = () => this.session.run(inputs) as Promise<Tensors>
    const outputs = Object.entries(await (replay ? this.submits.heldDuring(run) : run()))
    this.#outputs = outputs.map(([, tensor]) => tensor.gpuBuffer as GPUBuffer)
    const encoder = this.device.createCommandEncoder()
    for (const [name, tensor] of outputs)
      encoder.copyBufferToBuffer(tensor.gpuBuffer as GPUBuffer, 0, this.#stage(name, tensor), 0, tensor.size * 4)
    this.device.queue.submit([encoder.finish()])
    await Promise.all(outputs.map(([name, tensor]) => this.#stage(name, tensor).mapAsync(GPUMapMode.READ)))
    return Object.fromEntries(
      outputs.map(([name, tensor]) => {
        const staging = this.#stage(name, tensor)
        const data = new Float32Array(staging.getMappedRange().slice(0))
        staging.unmap()
        const { dims } = tensor
        // This frees the handle only: a captured graph keeps the buffer.
        tensor.dispose()
        return [name, new this.ort.Tensor('float32', data, dims)]
      }),
    )
  }

  /** Queues a replay between commands of somebody else, who knows the image that it is given and takes its output; waits for no result. */
  async queue(feeds: Tensors, { image, output, before, after }: Between): Promise<void> {
    this.upload(feeds)
    const input = this.#inputs.get(image)!
    input.uploaded = null
    const inputs = Object.fromEntries([...this.#inputs].map(([name, { tensor }]) => [name, tensor]))
    this.device.queue.submit([before(input.buffer)])
    const outputs = (await this.session.run(inputs)) as Tensors
    this.device.queue.submit([after(outputs[output]!.gpuBuffer as GPUBuffer)])
    for (const tensor of Object.values(outputs)) tensor.dispose()
  }

  /** Empties what the last run gave, so that a replay that writes elsewhere is seen. */
  clear(): void {
    const encoder = this.device.createCommandEncoder()
    for (const buffer of this.#outputs) encoder.clearBuffer(buffer)
    this.device.queue.submit([encoder.finish()])
  }

  upload(feeds: Tensors): void {
    for (const [name, feed] of Object.entries(feeds)) {
      const data = feed.data as Numbers
      let input = this.#inputs.get(name)
      if (!input) {
        const size = Math.max(16, Math.ceil(data.byteLength / 16) * 16)
        const buffer = this.device.createBuffer({
          size,
          usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
        })
        input = {
          buffer,
          tensor: this.ort.Tensor.fromGpuBuffer(buffer, {
            dataType: feed.type === 'bool' ? 'bool' : 'float32',
            dims: feed.dims,
          }),
          uploaded: null,
        }
        this.#inputs.set(name, input)
      }
      // The same array means the same values: controls that did not change need no upload.
      if (input.uploaded === data) continue
      this.device.queue.writeBuffer(input.buffer, 0, data.byteLength % 4 === 0 ? data : padded(data))
      input.uploaded = data
    }
  }

  #stage(name: string, { size }: Tensor): GPUBuffer {
    const known = this.#staging.get(name)
    if (known) return known
    const buffer = this.device.createBuffer({
      size: size * 4,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
    this.#staging.set(name, buffer)
    return buffer
  }

  async release(): Promise<void> {
    await this.session.release()
    for (const { buffer } of this.#inputs.values()) buffer.destroy()
    for (const buffer of this.#staging.values()) buffer.destroy()
  }
}

/** The provider is given as an object: to one that is given as a string, ORT does not pass graph capture on. */
function sessionOptions(device: GPUDevice, capture: boolean): InferenceSession.SessionOptions {
  return {
    executionProviders: [{ name: 'webgpu', device, preferredLayout: 'NCHW', storageBufferCacheMode: 'simple' }],
    enableGraphCapture: capture,
    preferredOutputLocation: 'gpu-buffer',
  }
}

/**
 * Creates and runs sessions of static shape on a device. Takes the place of ORT's own factory and `run`; calls must not
 * overlap, across all sessions of the runtime.
 */
export class GpuSessions {
  readonly #submits: HeldSubmits
  readonly #made = new WeakMap<
    InferenceSession,
    {
      current: BufferedSession
      proven: boolean
      captured: boolean
      readonly compared: boolean
      readonly again: () => Promise<InferenceSession>
    }
  >()

  constructor(
    private readonly ort: Ort,
    private readonly gpu: Gpu,
  ) {
    this.#submits = new HeldSubmits(gpu.device.queue)
  }

  /** `compared`: nothing else proves what it computes. */
  async create(
    bytes: Uint8Array,
    options: InferenceSession.SessionOptions = {},
    compared = false,
  ): Promise<InferenceSession> {
    const { device } = this.gpu
    const make = (capture: boolean) =>
      this.ort.InferenceSession.create(bytes, { ...options, ...sessionOptions(device, capture) })
    const session = await make(true)
    const entry = {
      current: this.#buffered(session),
      proven: false,
      captured: true,
      compared,
      again: () => make(false),
    }
    const release = () => entry.current.release()
    const handle = new Proxy(session, {
      get: (target, key) => (key === 'release' ? release : (Reflect.get(target, key) as unknown)),
    })
    this.#made.set(handle, entry)
    return handle
  }

  /** Whether runs of the session, which has run, are replays. */
  replays(session: InferenceSession): boolean {
    const { proven, captured } = this.#entry(session)
    return proven && captured
  }

  /** Queues replays one after the other, which go to the device in one submit unless a session is among them twice. */
  async queue(replays: readonly Replay[]): Promise<void> {
    const all = replays.map((replay) => ({ ...replay, own: this.#entry(replay.session).current }))
    // An upload lets all go that was held before it.
    for (const [i, { own, feeds }] of all.entries())
      if (all.findIndex((one) => one.own === own) === i) own.upload(feeds)
    await this.#submits.heldDuring(async () => {
      for (const { own, feeds, between } of all) await own.queue(feeds, between)
    })
    this.#submits.flush()
  }

  #entry(session: InferenceSession) {
    const entry = this.#made.get(session)
    if (!entry) throw new Error('this session was not created by this factory')
    return entry
  }

  async run(session: InferenceSession, feeds: Tensors): Promise<Tensors> {
    const entry = this.#entry(session)
    if (entry.proven) return entry.current.run(feeds, entry.captured)
    // The first run captures. A replay of other inputs and then of these, into buffers that were emptied, must bring the first result back;
    // what was captured wrong is replayed as wrong, so where nothing else proves the numbers it must bring those of a plain run.
    const { current, compared } = entry
    const first = compared ? null : await current.run(feeds)
    await current.run(Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, this.#halved(feed)])))
    current.clear()
    const replayed = await current.run(feeds)
    entry.proven = true
    if (first && agree(first, replayed)) return replayed
    const plain = this.#buffered(await entry.again())
    const wanted = await plain.run(feeds)
    const right = first === null && agree(wanted, replayed)
    if (!right) Object.assign(entry, { current: plain, captured: false })
    await (right ? plain : current).release()
    return wanted
  }

  #buffered(session: InferenceSession): BufferedSession {
    return new BufferedSession(this.ort, this.gpu.device, this.#submits, session)
  }

  /** Other inputs than these: numbers halved, booleans turned round. */
  #halved({ type, data, dims }: Tensor): Tensor {
    return type === 'bool'
      ? new this.ort.Tensor(
          'bool',
          (data as Uint8Array).map((value) => 1 - value),
          dims,
        )
      : new this.ort.Tensor(
          'float32',
          (data as Float32Array).map((value) => value / 2),
          dims,
        )
  }
}
