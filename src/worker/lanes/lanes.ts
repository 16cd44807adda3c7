/**
 * Who runs programs: this worker itself, and workers beside it that share its memory, one a core. The page starts them: in Firefox a
 * worker that starts others at times stands still in that for good (153, 3 to 12 of 100 starts on a busy machine).
 */
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
    private readonly port: MessagePort,
  ) {
    this.#arena = new Arena(machine)
    port.addEventListener('message', ({ data }: MessageEvent<LaneReply>) => {
      if (data.kind === 'done') this.milliseconds = data.milliseconds
      if (data.kind === 'failed') this.#waiting?.failed(new Error(data.message))
      else this.#waiting?.done()
    })
    port.start()
  }

  /** Rejects where the worker can't share the memory. */
  static async start(machine: Machine, port: MessagePort, module: WebAssembly.Module): Promise<WorkerLane> {
    const lane = new WorkerLane(machine, port)
    await lane.#ask({ kind: 'memory', memory: machine.heap.memory, module })
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
    this.port.postMessage(command)
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

  /** The own one, and those beside it that come. */
  static async start(
    machine: Machine,
    beside: readonly Promise<MessagePort | null>[],
    module: WebAssembly.Module,
  ): Promise<Lanes> {
    const started = await Promise.allSettled(
      beside.map(async (coming) => {
        const port = await coming
        return port && WorkerLane.start(machine, port, module)
      }),
    )
    return new Lanes(
      machine,
      started.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : [])),
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
