/**
 * WebGPU under onnxruntime-web's native execution provider: our own device, and sessions that replay a captured graph on
 * buffers of their own, as far as the replay proves right.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-web'
import { deviceLost, failureOf, messageOf, noWebGpu, BrokenRuntimeError, EngineError } from '../../core/failure'

/** Limits that ORT sizes its kernels by; each is asked for as far as the adapter goes. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const

export interface Gpu {
  readonly device: GPUDevice
  /** What a person reads, such as `WebGPU · NVIDIA`. */
  readonly label: string
  /** Whether the processor takes the place of a graphics processor. */
  readonly software: boolean
  /** Rejects with BrokenRuntimeError when the device is lost or reported an error; never resolves. */
  readonly lost: Promise<never>
}

const VENDORS: Record<string, string> = {
  nvidia: 'NVIDIA',
  amd: 'AMD',
  intel: 'Intel',
  apple: 'Apple',
  arm: 'Arm',
  qualcomm: 'Qualcomm',
}

function labelOf({ vendor, architecture, description }: GPUAdapterInfo): string {
  // Chromium's software adapter calls itself google/swiftshader.
  const name = architecture === 'swiftshader' ? 'software' : (VENDORS[vendor] ?? (vendor || description))
  return name ? `WebGPU · ${name}` : 'WebGPU'
}

/**
 * A device with the adapter's limits. Without the feature `subgroups`: where subgroups are small, ORT's attention kernel for
 * them computes wrong numbers in silence (measured on SwiftShader). Throws EngineError (`no-webgpu`).
 */
export async function openGpu(acceptSoftware: boolean): Promise<Gpu> {
  // Undefined in browsers without WebGPU and on plain http, whatever the types say.
  const gpu = navigator.gpu as GPU | undefined
  if (!gpu)
    throw new EngineError(
      noWebGpu(isSecureContext ? 'this browser does not offer it' : 'the page was not served over https'),
    )
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new EngineError(noWebGpu('the browser found no graphics processor it can use'))
  if (adapter.info.isFallbackAdapter && !acceptSoftware) {
    throw new EngineError(noWebGpu('there is no graphics processor, only software in its place, which WASM outruns'))
  }
  let device: GPUDevice
  try {
    device = await adapter.requestDevice({
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    })
  } catch (error) {
    throw new EngineError(noWebGpu(messageOf(error)))
  }
  const lost = new Promise<never>((_, reject) => {
    void device.lost.then(({ message }) => reject(new BrokenRuntimeError(deviceLost(message))))
    // ORT does not look at the device's errors, and results after one can't be trusted.
    device.addEventListener('uncapturederror', ({ error }) => reject(new BrokenRuntimeError(failureOf(error))))
  })
  // Callers race against this promise; while none does, its rejection must not count as unhandled.
  lost.catch(() => undefined)
  return { device, label: labelOf(adapter.info), software: adapter.info.isFallbackAdapter, lost }
}

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

/** A session with buffers of its own for inputs and outputs; ORT binds them at the first run of a captured graph, for good. */
class BufferedSession {
  readonly #inputs = new Map<
    string,
    { readonly buffer: GPUBuffer; readonly tensor: Tensor; uploaded: Numbers | null }
  >()
  readonly #staging = new Map<string, GPUBuffer>()

  constructor(
    private readonly ort: Ort,
    private readonly device: GPUDevice,
    readonly session: InferenceSession,
  ) {}

  async run(feeds: Tensors): Promise<Tensors> {
    this.#upload(feeds)
    const inputs = Object.fromEntries([...this.#inputs].map(([name, { tensor }]) => [name, tensor]))
    // Outputs are not passed in: on replay ORT would use handles that it has freed.
    const outputs = Object.entries((await this.session.run(inputs)) as Tensors)
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

  #upload(feeds: Tensors): void {
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
  readonly #made = new WeakMap<
    InferenceSession,
    { current: BufferedSession; proven: boolean; readonly again: () => Promise<InferenceSession> }
  >()

  constructor(
    private readonly ort: Ort,
    private readonly gpu: Gpu,
  ) {}

  async create(bytes: Uint8Array, options: InferenceSession.SessionOptions = {}): Promise<InferenceSession> {
    const { device } = this.gpu
    const make = (capture: boolean) =>
      this.ort.InferenceSession.create(bytes, { ...options, ...sessionOptions(device, capture) })
    const session = await make(true)
    const entry = { current: new BufferedSession(this.ort, device, session), proven: false, again: () => make(false) }
    const release = () => entry.current.release()
    const handle = new Proxy(session, {
      get: (target, key) => (key === 'release' ? release : (Reflect.get(target, key) as unknown)),
    })
    this.#made.set(handle, entry)
    return handle
  }

  async run(session: InferenceSession, feeds: Tensors): Promise<Tensors> {
    const entry = this.#made.get(session)
    if (!entry) throw new Error('this session was not created by this factory')
    if (entry.proven) return entry.current.run(feeds)
    // The first run captures. A replay of other inputs and then of these must bring the first result back.
    const first = await entry.current.run(feeds)
    await entry.current.run(Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, this.#halved(feed)])))
    const replayed = await entry.current.run(feeds)
    entry.proven = true
    if (agree(first, replayed)) return replayed
    const plain = new BufferedSession(this.ort, this.gpu.device, await entry.again())
    await entry.current.release()
    entry.current = plain
    return plain.run(feeds)
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
