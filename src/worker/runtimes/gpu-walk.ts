/** Takes the steps of a course on a GPU: its kernels before and after each replay, numbers uploaded once, D of several steps read at once. */
import {
  MOST_STEPS,
  type Reading,
  type RunFeeds,
  type StepNumbers,
  type Walk,
  type WalkingDevice,
} from '../../engine/going-ahead'
import { concatenate } from '../../core/vector'
import type { ModelInfo } from '../../model/types'
import { type CourseKernels, pointsOf, rowsOf, runNumbers, type Task } from './gpu-course'
import type { Between, GpuSessions } from './gpu-sessions'

const most = (numbers: readonly number[]) => Math.max(...numbers)

interface Gpu {
  readonly kernels: CourseKernels
  readonly sessions: GpuSessions
}

/** How it takes its turn, hears of a lost device, and tells that a session is run. */
interface Manners {
  exclusive<T>(task: () => Promise<T>): Promise<T>
  guarded<T>(task: () => Promise<T>): Promise<T>
  onRun(): void
}

/** What goes ahead on a model's courses. */
export function walkingDevice({ inputs, output }: ModelInfo, parts: Gpu & Manners): WalkingDevice {
  const image = inputs.find(({ meaning }) => meaning === 'sample')!.name
  const names = { image, output: output.name, stride: output.learnedVariance ? 2 : 1 }
  return {
    now: () => performance.now(),
    takes: (session) => parts.sessions.replays(session),
    begin: (steps, points, rows) => {
      const walk = new GpuWalk(parts, { steps, points, rows, names })
      return {
        queue(runs) {
          parts.onRun()
          return parts.exclusive(() => parts.guarded(() => walk.queue(runs)))
        },
        read: () => parts.guarded(() => walk.read()),
        end: () => walk.end(),
      }
    },
  }
}

/** Steps that are read together. */
interface Group {
  readonly staging: GPUBuffer
  /** Of the first of them. */
  readonly points: number
  /** Of each. */
  readonly rows: number[]
}

const imagesOf = ({ points, rows }: Group) => rows.reduce((sum, count) => sum + count, points)

/** One run among others. */
interface Moment {
  /** Where its numbers begin. */
  readonly from: number
  /** 1 where its step is an odd one. */
  readonly odd: number
  /** Where what it reads or gives is copied to; null where it is not read. */
  readonly copied: Group | null
}

class GpuWalk implements Walk {
  readonly #values: number
  readonly #numbers: GPUBuffer
  /** Bytes from one run's numbers to the next one's. */
  readonly #each: number
  /** Of even and of odd steps. */
  readonly #points: readonly [GPUBuffer, GPUBuffer]
  readonly #denoised: GPUBuffer
  readonly #stagings: GPUBuffer[] = []
  readonly #free: GPUBuffer[] = []
  /** By the buffer of a session that they bind. */
  readonly #groups = [new Map<GPUBuffer, GPUBindGroup>(), new Map<GPUBuffer, GPUBindGroup>()] as const
  #group: Group | null = null
  #step = 0
  #run = 0

  constructor(
    private readonly parts: Gpu,
    private readonly task: Task,
  ) {
    const { device } = parts.kernels
    const { steps, points } = task
    this.#values = points[0]!.length
    const runs = steps.flatMap((step) => step.runs.map((_, run) => runNumbers(step, run, task)))
    const { minStorageBufferOffsetAlignment: aligned } = device.limits
    this.#each = Math.ceil((4 * most(runs.map(({ length }) => length))) / aligned) * aligned
    const numbers = new Float32Array((runs.length * this.#each) / 4)
    for (const [i, run] of runs.entries()) numbers.set(run, (i * this.#each) / 4)
    const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage
    const buffer = (size: number) => device.createBuffer({ size, usage: STORAGE | COPY_DST | COPY_SRC })
    this.#numbers = buffer(numbers.byteLength)
    const rooms = Math.max(points.length, ...steps.map(({ next }) => next.length))
    this.#points = [buffer(this.#bytes(rooms)), buffer(this.#bytes(rooms))]
    this.#denoised = buffer(this.#bytes(most(steps.map(rowsOf))))
    device.queue.writeBuffer(this.#numbers, 0, numbers)
    device.queue.writeBuffer(this.#points[0], 0, concatenate(points, Float32Array))
  }

  async queue(runs: readonly RunFeeds[]): Promise<void> {
    const step = this.task.steps[this.#step]!
    const odd = this.#step % 2
    const group = (this.#group ??= this.#newGroup(step))
    const replays = runs.map((run, i) => {
      const from = this.#run++ * this.#each
      const fresh = i === 0 && group.rows.length === 0
      const between: Between = {
        ...this.task.names,
        before: (image) => this.#before(image, { from, odd, copied: fresh ? group : null }),
        after: (output) => this.#after(output, { from, odd, copied: i === runs.length - 1 ? group : null }),
      }
      return { ...run, between }
    })
    await this.parts.sessions.queue(replays)
    group.rows.push(rowsOf(step))
    this.#step += 1
  }

  async read(): Promise<Reading> {
    const group = this.#group
    if (!group) throw new Error('nothing was queued since the last reading')
    this.#group = null
    const { staging, points, rows } = group
    const size = this.#bytes(imagesOf(group))
    await staging.mapAsync(GPUMapMode.READ, 0, size)
    const mapped = staging.getMappedRange(0, size)
    let at = 0
    const next = (count: number) =>
      Array.from({ length: count }, () => new Float32Array(mapped.slice(at, (at += this.#bytes(1)))))
    const reading = { points: next(points), denoised: rows.map(next) }
    staging.unmap()
    this.#free.push(staging)
    return reading
  }

  end(): void {
    for (const buffer of [this.#numbers, ...this.#points, this.#denoised, ...this.#stagings]) buffer.destroy()
  }

  #bytes(images: number): number {
    return 4 * images * this.#values
  }

  #newGroup(step: StepNumbers): Group {
    const { steps } = this.task
    const room = most(steps.map(pointsOf)) + MOST_STEPS * most(steps.map(rowsOf))
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST
    const staging = this.#free.pop() ?? this.parts.kernels.device.createBuffer({ size: this.#bytes(room), usage })
    if (!this.#stagings.includes(staging)) this.#stagings.push(staging)
    return { staging, points: pointsOf(step), rows: [] }
  }

  #before(image: GPUBuffer, at: Moment): GPUCommandBuffer {
    const encoder = this.parts.kernels.device.createCommandEncoder()
    const points = this.#points[at.odd]!
    if (at.copied) encoder.copyBufferToBuffer(points, 0, at.copied.staging, 0, this.#bytes(at.copied.points))
    const group = this.#bound('before', at.odd, image, { 1: { buffer: points }, 2: { buffer: image } })
    this.parts.kernels.encode(encoder, 'before', group, at.from, this.#values, this.task.rows)
    return encoder.finish()
  }

  #after(output: GPUBuffer, at: Moment): GPUCommandBuffer {
    const encoder = this.parts.kernels.device.createCommandEncoder()
    const group = this.#bound('after', at.odd, output, {
      1: { buffer: this.#points[at.odd]! },
      3: { buffer: output },
      4: { buffer: this.#denoised },
      5: { buffer: this.#points[1 - at.odd]! },
    })
    this.parts.kernels.encode(encoder, 'after', group, at.from, this.#values)
    if (at.copied) {
      const size = this.#bytes(rowsOf(this.task.steps[this.#step]!))
      encoder.copyBufferToBuffer(this.#denoised, 0, at.copied.staging, this.#bytes(imagesOf(at.copied)), size)
    }
    return encoder.finish()
  }

  #bound(
    which: 'before' | 'after',
    odd: number,
    session: GPUBuffer,
    buffers: Readonly<Record<number, GPUBufferBinding>>,
  ) {
    const known = this.#groups[odd]!.get(session)
    if (known) return known
    const numbers = { buffer: this.#numbers, size: this.#each }
    const made = this.parts.kernels.bound(which, { 0: numbers, ...buffers })
    this.#groups[odd]!.set(session, made)
    return made
  }
}
