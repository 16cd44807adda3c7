/** Counts what the steps of a run that goes ahead ask of a GPU, by what ORT and our own kernels are named. */
import { FamilyDenoiser } from '../../engine/family'
import { parseGolden, relativeError } from '../../engine/golden'
import { parseManifest } from '../../model/manifest'
import { toward } from '../../core/vector'
import type { Course, DenoiserRow } from '../../model/types'
import type { AttentionControl } from '../../network/types'
import { openBackend } from '../../worker/open-backend'

export interface Order {
  readonly model: string
  readonly base: string
  /** Of every second row, in every layer. */
  readonly control: AttentionControl | null
}

export interface Counted {
  /** How many steps were counted. */
  readonly steps: number
  readonly kernels: Readonly<Record<string, number>>
  readonly passes: number
  readonly submits: number
  readonly uploads: number
  readonly uploadedBytes: number
  readonly readbacks: number
  readonly bindGroups: number
  /** Until the steps that are counted. */
  readonly before: { readonly dispatches: number; readonly shaders: number }
  /** Of the first golden case, against PyTorch. */
  readonly error: number | null
  /** What the last step gave, against plain evaluation at the x that the same steps reach on the processor. */
  readonly ahead: number
  /** Does the first row give the same bits in the graph that it needs alone? */
  readonly alone: boolean
}

interface Counts {
  kernels: Record<string, number>
  dispatches: number
  passes: number
  submits: number
  uploads: number
  uploadedBytes: number
  readbacks: number
  bindGroups: number
  shaders: number
}

const none = (): Counts => ({
  kernels: {},
  dispatches: 0,
  passes: 0,
  submits: 0,
  uploads: 0,
  uploadedBytes: 0,
  readbacks: 0,
  bindGroups: 0,
  shaders: 0,
})
let counts = none()

const STEPS = 5
/** σ'/σ of a step. */
const SHRINKS = 0.9

/** Lets a method tell of its calls. */
function tell<K extends string, A extends unknown[]>(
  prototype: Record<K, (...args: A) => unknown>,
  method: K,
  heard: (self: object, args: A) => void,
) {
  const original = prototype[method]
  prototype[method] = function (this: object, ...args: A) {
    heard(this, args)
    return original.apply(this, args)
  } as (typeof prototype)[K]
}

function listen() {
  // ORT names bind groups after the kernels that they are for.
  const kernels = new WeakMap<object, string>()
  tell(GPUComputePassEncoder.prototype as never, 'setBindGroup', (pass, [, group]: [number, GPUBindGroup]) => {
    kernels.set(pass, group.label)
  })
  tell(GPUComputePassEncoder.prototype as never, 'dispatchWorkgroups', (pass) => {
    const kernel = kernels.get(pass) ?? 'unnamed'
    counts.kernels[kernel] = (counts.kernels[kernel] ?? 0) + 1
    counts.dispatches += 1
  })
  tell(GPUCommandEncoder.prototype as never, 'beginComputePass', () => (counts.passes += 1))
  tell(GPUQueue.prototype as never, 'submit', () => (counts.submits += 1))
  tell(
    GPUQueue.prototype as never,
    'writeBuffer',
    (_, [, , data, , size]: [GPUBuffer, number, ArrayBufferView, number?, number?]) => {
      counts.uploads += 1
      counts.uploadedBytes += size ?? data.byteLength
    },
  )
  tell(GPUBuffer.prototype as never, 'mapAsync', () => (counts.readbacks += 1))
  tell(GPUDevice.prototype as never, 'createBindGroup', () => (counts.bindGroups += 1))
  tell(GPUDevice.prototype as never, 'createShaderModule', () => (counts.shaders += 1))
}

async function count({ base, control }: Order): Promise<Counted> {
  listen()
  const backend = await openBackend({ backend: 'webgpu', threads: 1, acceptSoftware: true, lanes: [] })
  const model = parseManifest(await (await fetch(`${base}manifest.json`)).json())
  const file = async (name: string) => new Uint8Array(await (await fetch(base + name)).arrayBuffer())
  const onRun = () => undefined
  const files = new Map<string, Uint8Array>()
  for (const name of [model.graph.file, model.weights.file]) files.set(name, await file(name))
  const denoiser = new FamilyDenoiser({
    model,
    read: async (asked) => files.get(asked.file)!,
    create: (request) => backend.createDenoiser({ ...request, model, onRun }),
    budget: Infinity,
    ahead: backend.ahead?.(model, onRun) ?? undefined,
  })
  const golden = model.golden ? parseGolden(await file(model.golden.file), model)[0]! : null
  const { channels, height, width } = model.image
  const classWeights = new Float32Array(model.conditioning.classes.length)
  classWeights[golden?.class ?? 0] = 1
  // As many as one run takes, in software too.
  const asked = [0, 1].map((i) => ({
    classWeights,
    attention: i === 0 || control === null ? null : model.layers.map(() => control),
  }))
  const from = golden?.x ?? new Float32Array(channels * height * width).fill(0.1)
  const first = golden?.sigma ?? 1
  const at = (x: Float32Array, sigma: number): DenoiserRow[] => asked.map((row) => ({ ...row, x, sigma }))
  const [denoised] = await denoiser.evaluate(at(from, first))
  // Steps to lower levels, as Euler takes them at s = 1.
  const walk = async (steps: number) => {
    const course: Course = Array.from({ length: steps }, (_, step) => ({
      rows: asked.map((row) => ({ ...row, sigma: first * SHRINKS ** step, point: 0 })),
      next: [Float32Array.of(SHRINKS, (1 - SHRINKS) * 2, SHRINKS - 1)],
    }))
    let x = from
    let last = { asked: at(x, first), answers: [] as readonly Float32Array[] }
    for (const [step, { rows }] of course.entries()) {
      const asked = at(x, rows[0]!.sigma)
      const answers = await denoiser.evaluate(asked, { course, step })
      last = { asked, answers }
      x = toward(toward(answers[0]!, answers[1]!, -1), x, SHRINKS)
    }
    return last
  }
  // As where steps take no time, so that the most are read at once.
  performance.now = () => 0
  await walk(1)
  const before = { dispatches: counts.dispatches, shaders: counts.shaders }
  counts = none()
  const { asked: rows, answers } = await walk(STEPS)
  const { dispatches: _, shaders: __, ...counted } = counts
  counts = none()
  const [single] = await denoiser.evaluate(at(from, first).slice(0, 1))
  const alone = denoised!.every((value, i) => value === single![i])
  const plain = await denoiser.evaluate(rows)
  const ahead = Math.max(...plain.map((values, i) => relativeError(answers[i]!, values)))
  return { ...counted, steps: STEPS, before, ahead, error: golden && relativeError(denoised!, golden.denoised), alone }
}

self.addEventListener('message', ({ data }: MessageEvent<Order>) => {
  count(data).then(
    (counted) => self.postMessage(counted),
    (error: unknown) => self.postMessage(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  )
})
