/** Who runs programs: this worker itself, and workers beside it that share its memory, one a core. */
import { Arena, OwnLane } from '../../runner/lane'
import type { Linked, Machine } from '../../runner/link'
import type { Lane } from '../../runner/session'
import type { LaneCommand, LaneReply } from './messages'

/** A lane in another worker. */
class WorkerLane implements Lane {
  readonly #arena: Arena
  readonly #given = new Set<number>()
  milliseconds: number | null = null
  #waiting: { readonly done: () => void; readonly failed: (error: Error) => void } | null = null

  private constructor(
    machine: Machine,
    private readonly worker: Worker,
  ) {
    this.#arena = new Arena(machine)
    worker.addEventListener('message', ({ data }: MessageEvent<LaneReply>) => {
      if (data.kind === 'done') this.milliseconds = data.milliseconds
      if (data.kind === 'failed') this.#waiting?.failed(new Error(data.message))
      else this.#waiting?.done()
    })
    worker.addEventListener('error', ({ message }) =>
      this.#waiting?.failed(new Error(message || 'a lane’s worker died')),
    )
  }

  /** Rejects where no worker can be had, or it can't share the memory. */
  static async start(machine: Machine, module: WebAssembly.Module): Promise<WorkerLane> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'lane' })
    const lane = new WorkerLane(machine, worker)
    try {
      await lane.#ask({ kind: 'memory', memory: machine.heap.memory, module })
    } catch (error) {
      worker.terminate()
      throw error
    }
    return lane
  }

  arena(bytes: number): number {
    return this.#arena.at(bytes)
  }

  run({ program }: Linked, base: number): Promise<void> {
    if (!this.#given.has(program.id)) this.#tell({ kind: 'program', program })
    this.#given.add(program.id)
    return this.#ask({ kind: 'run', id: program.id, base })
  }

  forget({ program }: Linked): void {
    if (this.#given.delete(program.id)) this.#tell({ kind: 'forget', id: program.id })
  }

  #tell(command: LaneCommand): void {
    this.worker.postMessage(command)
  }

  #ask(command: LaneCommand): Promise<void> {
    return new Promise<void>((done, failed) => {
      this.#waiting = { done, failed }
      this.#tell(command)
    })
  }
}

export class Lanes {
  readonly #own: OwnLane
  readonly #free: Lane[]
  readonly #queue: ((lane: Lane) => void)[] = []

  private constructor(
    machine: Machine,
    private readonly others: readonly Lane[],
  ) {
    this.#own = new OwnLane(machine)
    // Others are asked first: while the own one runs, nobody can be told anything.
    this.#free = [this.#own, ...others]
  }

  /** As many as `count`, or fewer where workers can't be had: the page's own is always there. */
  static async start(machine: Machine, count: number, module: WebAssembly.Module): Promise<Lanes> {
    const started = await Promise.allSettled(Array.from({ length: count - 1 }, () => WorkerLane.start(machine, module)))
    return new Lanes(
      machine,
      started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    )
  }

  /** The own one last: those before it have to be told of their runs before it begins one. */
  get all(): readonly Lane[] {
    return [...this.others, this.#own]
  }

  /** Runs `work` on a lane as soon as one is free: on the wanted one, where that is. */
  async with<T>(wanted: Lane | undefined, work: (lane: Lane) => Promise<T>): Promise<T> {
    const at = wanted ? this.#free.indexOf(wanted) : -1
    const free = at < 0 ? this.#free.pop() : this.#free.splice(at, 1)[0]
    const lane = free ?? (await new Promise<Lane>((resolve) => this.#queue.push(resolve)))
    try {
      return await work(lane)
    } finally {
      const next = this.#queue.shift()
      if (next) next(lane)
      else if (lane === this.#own) this.#free.unshift(lane)
      else this.#free.push(lane)
    }
  }
}
