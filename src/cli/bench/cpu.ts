/**
 * Time on a processor of a browser's renderer processes, by Linux's own account: `utime + stime` of `/proc/PID/stat`, which counts
 * every thread of a process, those that have ended too. Other work on the machine does not add to it. Which processes there are is
 * asked of the developer tools.
 */
import { readFileSync } from 'node:fs'

/** Linux tells programs hundredths of a second, whatever its own clock is. */
const TICK_MS = 10
const SAMPLE_MS = 20
/** The list of processes is asked for less often: it takes the browser itself. */
const SAMPLES_A_LIST = 10

/** Milliseconds on a processor by the text of a `stat` file; null where it is none. */
export function parseStat(text: string): number | null {
  // The name before may hold anything, spaces and brackets too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isFinite(ticks) && fields.length > 12 ? ticks * TICK_MS : null
}

function cpuOf(pid: number): number | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return null
  }
}

export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly cpu: number
}

/** What was used by a moment, between the samples around it. */
export function usedBy(samples: readonly Sample[], at: number): number | null {
  const next = samples.findIndex((sample) => sample.at >= at)
  const [last, first] = [samples.at(-1), samples[0]]
  if (!first || !last) return null
  if (next < 0) return last.cpu
  if (next === 0) return first.cpu
  const [a, b] = [samples[next - 1]!, samples[next]!]
  return a.cpu + ((b.cpu - a.cpu) * (at - a.at)) / (b.at - a.at)
}

export const now = () => performance.timeOrigin + performance.now()

/** Takes samples while it runs, so that what was used between two moments can be asked afterwards. */
export class CpuClock {
  readonly #samples: Sample[] = []
  /** By process: what it had used when it was first seen, and when it was last seen. */
  readonly #processes = new Map<number, { readonly before: number; last: number }>()
  #timer: NodeJS.Timeout | undefined
  #count = 0

  constructor(private readonly pids: () => Promise<readonly number[]>) {}

  async start(): Promise<void> {
    for (const pid of await this.pids()) {
      const used = cpuOf(pid)
      if (used !== null) this.#processes.set(pid, { before: used, last: used })
    }
    this.#take()
    this.#timer = setInterval(() => {
      this.#count++
      this.#take()
      if (this.#count % SAMPLES_A_LIST === 0) void this.#list()
    }, SAMPLE_MS)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#list()
    this.#take()
  }

  /** Milliseconds between two moments; null where this system does not tell. */
  between(from: number, to: number): number | null {
    if (this.#processes.size === 0) return null
    const [before, after] = [usedBy(this.#samples, from), usedBy(this.#samples, to)]
    return before === null || after === null ? null : Math.max(0, after - before)
  }

  /** A process that came since has used nothing before. */
  async #list(): Promise<void> {
    const pids = await this.pids().catch(() => [])
    for (const pid of pids) if (!this.#processes.has(pid)) this.#processes.set(pid, { before: 0, last: 0 })
  }

  #take(): void {
    let cpu = 0
    for (const [pid, process] of this.#processes) {
      process.last = cpuOf(pid) ?? process.last
      cpu += process.last - process.before
    }
    this.#samples.push({ at: now(), cpu })
  }
}
