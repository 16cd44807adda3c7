/** The machine that figures were taken on, and whether it was at rest. */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg, platform, release, totalmem } from 'node:os'
import { ROOT } from '../site.mjs'

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memory: number
  readonly system: string
  readonly node: string
  readonly chromium: string
  /** Processes that wanted a core, on average over the last minute before the bench. */
  readonly load: number
  readonly date: string
}

/** Of so many of the cores in use by others, times on a clock say little. */
const BUSY = 0.25

export function machineOf(chromium: string, load: number): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    memory: totalmem(),
    system: `${platform()} ${release()}`,
    node: process.versions.node,
    chromium,
    load,
    date: new Date().toISOString().slice(0, 10),
  }
}

/** Taken before the bench works itself. */
export const loadNow = (): number => loadavg()[0] ?? 0

/** What to think of figures that were taken under so much load; null where the machine was at rest. */
export function loadWarning({ load, cores }: Pick<Machine, 'load' | 'cores'>): string | null {
  if (load <= BUSY * cores) return null
  return `The machine was busy (load ${load.toFixed(2)} on ${cores} cores): believe CPU time and ratios within a round, not times on the clock.`
}

const git = (...parameters: string[]) => execFileSync('git', parameters, { cwd: ROOT, encoding: 'utf8' }).trim()

/** The commit of this tree, and whether files differ from it. */
export function thisCommit(): { readonly commit: string; readonly changed: boolean } {
  const changed = git('status', '--porcelain', '--untracked-files=no') !== ''
  return { commit: git('rev-parse', '--short', 'HEAD'), changed }
}
