/** The page of results that `--page` writes: never by hand. */
import type { Options } from './arguments'
import type { Table } from './figure'
import { loadWarning, type Machine } from './machine'
import { markdownOf } from './table'

export interface Results {
  readonly machine: Machine
  readonly options: Options
  readonly seconds: number
  readonly tables: readonly Table[]
}

const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(0)} GiB`

export function pageOf({ machine, options, seconds, tables }: Results, argv: readonly string[]): string {
  const { processor, cores, memory, system, chromium, node, load, date } = machine
  const warning = loadWarning(machine)
  return [
    '# How fast it is',
    '',
    `Written by \`npm run bench -- ${argv.join(' ')}\` on ${date}, which took ${Math.ceil(seconds / 60)} minutes. Columns are commits; the last is this one.`,
    '',
    `Machine: ${processor}, ${cores} cores, ${gigabytes(memory)}, ${system}, Chromium ${chromium}, Node ${node}; load ${load.toFixed(2)} before it began.`,
    ...(warning ? ['', `**${warning}**`] : []),
    '',
    `Each value is the least of at most ${options.rounds} rounds, in which the columns took turns, and after “…” the largest. Other work on a machine only ever`,
    'adds time, so the least counts. A ratio is of the least values; in brackets its range within one round. CPU is the time of the page’s',
    'renderer processes with all their threads (`/proc/PID/stat`), which other work does not lengthen.',
    ...tables.flatMap((table) => ['', markdownOf(table)]),
    '',
  ].join('\n')
}
