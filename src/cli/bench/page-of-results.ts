/** The page of results that `--page` writes: never by hand. */
import type { Options } from './arguments'
import type { Table } from './figure'
import { missedIn } from './goals'
import { loadWarning, type Machine } from './machine'
import { figuresOf } from './pages'
import { markdownOf } from './table'

export interface Results {
  readonly machine: Machine
  readonly options: Options
  readonly seconds: number
  readonly tables: readonly Table[]
}

/** What no table can have. */
const NOT_HERE = [
  'A real GPU: there was none. Dispatches, passes, uploads and readbacks of a step are counted in software (`npm run dispatches`), and a test holds them.',
  'Half precision on a GPU: no device here has it (shader-f16). What is kept in halves is rounded by 5e-4 of its size, five times what a picture may differ by, before guidance multiplies it. It would take kernels that keep sums and differences in singles, which onnxruntime’s do not throughout.',
]

/** What was aimed at and missed, by lines of the tables, with what was tried and what it would take. */
function misses({ tables, options }: Pick<Results, 'tables' | 'options'>): readonly string[] {
  const missed = tables.flatMap(missedIn)
  const measured = figuresOf(options)
  const left = figuresOf({ only: null, quick: false }).filter((figure) => !measured.includes(figure))
  return [
    '## What misses its goal',
    '',
    ...(missed.length === 0 ? ['Nothing that was measured.'] : missed.map((text) => `- ${text}`)),
    '',
    'Not measured:',
    '',
    ...(left.length > 0 ? [`- ${left.map(({ title }) => title).join(', ')}: left out of this run.`] : []),
    ...NOT_HERE.map((text) => `- ${text}`),
  ]
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
    ...misses({ tables, options }),
    '',
  ].join('\n')
}
