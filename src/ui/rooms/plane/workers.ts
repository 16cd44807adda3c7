/** The room's workers, asked like functions. Points go their ways independently, so that each worker takes a part of them. */
import type { Settings } from '../../../settings/types'
import type { Trajectory } from '../../../sampling/records'
import { POINTS, POINTS_PER_ROW, type Path } from '../../../plane/cloud'
import { concatenate } from '../../../core/vector'
import type { Done, JobName, Jobs, PartOfCloud, Reply, SeenPoints } from './messages'

/** The part of a worker that is used. */
export interface WorkerPort {
  postMessage(message: { id: number; job: JobName; asked: Jobs[JobName]['asked'] }): void
  terminate(): void
  onmessage: ((event: MessageEvent<Reply>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

interface Waiting<K extends JobName> {
  readonly resolve: (answer: Jobs[K]['answer']) => void
  readonly reject: (error: Error) => void
}

type AllWaiting = { readonly [K in JobName]: Map<number, Waiting<K>> }

export interface Asked {
  ask<K extends JobName>(job: K, asked: Jobs[K]['asked']): Promise<Jobs[K]['answer']>
  dispose(): void
}

/** One worker. What is asked of one that stopped is rejected with a sentence. */
export function createAsked(worker: WorkerPort): Asked {
  const waiting: AllWaiting = {
    walk: new Map(),
    measure: new Map(),
    see: new Map(),
    lines: new Map(),
    field: new Map(),
    errors: new Map(),
  }
  let ids = 0
  let stopped: Error | null = null
  const take = <K extends JobName>(job: K, id: number): Waiting<K> | undefined => {
    const found = waiting[job].get(id)
    waiting[job].delete(id)
    return found
  }
  const done = <K extends JobName>({ job, id, answer }: Done<K>) => take<K>(job, id)?.resolve(answer)
  const stop = (why: string) => {
    stopped = new Error(why)
    for (const of of Object.values(waiting)) {
      for (const { reject } of of.values()) reject(stopped)
      of.clear()
    }
  }
  worker.onmessage = ({ data }) => {
    if (data.kind === 'done') done(data)
    else take(data.job, data.id)?.reject(new Error(data.why))
  }
  worker.onerror = ({ message }) =>
    stop(`The worker that walks the points stopped: ${message || 'it could not be started'}. Reload the page.`)
  return {
    ask: (job, asked) =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(stopped)
        const id = ++ids
        waiting[job].set(id, { resolve, reject })
        worker.postMessage({ id, job, asked })
      }),
    dispose: () => {
      worker.terminate()
      stop('The plane was closed.')
    },
  }
}

export interface Workers {
  walk(settings: Settings): Promise<PartOfCloud>
  /** Guided points alone, at the end: those of `rows` rows from `first` on. */
  see(settings: Settings, first: number, rows: number): Promise<SeenPoints>
  /** Whatever else is asked, of the first worker. */
  readonly ask: Asked['ask']
  dispose(): void
}

const TRAJECTORIES: readonly Trajectory[] = ['positive', 'negative', 'guided']

const pointsOf = ({ paths }: PartOfCloud) => paths.guided?.[0]?.length ?? 0

/** The parts one after the other. */
export function together(parts: readonly PartOfCloud[]): PartOfCloud {
  const [first] = parts
  if (!first || parts.length === 1) return first!
  const path = (which: Trajectory): Path | null => {
    const own = parts.map(({ paths }) => paths[which])
    if (own.some((one) => one === null)) return null
    return first.sigmas.map((_, at) =>
      concatenate(
        own.map((one) => one![at]!),
        Float32Array,
      ),
    )
  }
  const [positive, negative, guided] = TRAJECTORIES.map(path)
  const sum = (of: (part: PartOfCloud) => number) => parts.reduce((total, part) => total + of(part), 0)
  return {
    sigmas: first.sigmas,
    paths: { positive: positive!, negative: negative!, guided: guided! },
    evaluations: sum((part) => part.evaluations),
    push: Math.sqrt(sum((part) => part.push ** 2 * pointsOf(part)) / sum(pointsOf)),
    milliseconds: Math.max(...parts.map(({ milliseconds }) => milliseconds)),
  }
}

/** `rows` in so many parts as there are workers, as even as they can be: first row and count of each. */
export function shared(rows: number, workers: number): readonly (readonly [first: number, count: number])[] {
  const at = (part: number) => Math.round((part * rows) / workers)
  return Array.from({ length: workers }, (_, part) => [at(part), at(part + 1) - at(part)] as const)
}

export function createWorkers(count: number, make: () => WorkerPort): Workers {
  const all = Array.from({ length: count }, () => createAsked(make()))
  return {
    walk: async (settings) => {
      const parts = shared(POINTS / POINTS_PER_ROW, count)
      return together(
        await Promise.all(parts.map(([first, rows], i) => all[i]!.ask('walk', { settings, first, rows }))),
      )
    },
    see: async (settings, first, rows) => {
      const asked = shared(rows, count).map(([from, own], i) =>
        all[i]!.ask('see', { settings, first: first + from, rows: own }),
      )
      const parts = await Promise.all(asked)
      return {
        ends: concatenate(
          parts.map(({ ends }) => ends),
          Float32Array,
        ),
        log: concatenate(
          parts.map(({ log }) => log),
          Float64Array,
        ),
        twig: concatenate(
          parts.map(({ twig }) => twig),
          Int16Array,
        ),
      }
    },
    ask: (job, asked) => all[0]!.ask(job, asked),
    dispose: () => {
      for (const one of all) one.dispose()
    },
  }
}
