/** `npm run -s sweep -- --of KEY=V1,V2,… …`: what `evaluate` says at each value of one setting, as a table. */
import { metricsOf, NEIGHBOURS, type Estimate, type Metrics } from '../evaluation/metrics'
import { FLAG_KEYS } from '../settings'
import { readArguments, type EvaluateArguments } from './evaluate/arguments'
import { judgePreset } from './evaluate/draw'
import { judgeOf, realStatistics } from './evaluate/judge'
import { runCommand, UsageError } from './usage'

const HELP = `Usage: npm run -s sweep -- --of KEY=V1,V2,... [--preset FILE_OR_LINK] [--KEY VALUE ...] --samples N [--out FILE] [--json]

Draws and judges N images at each value of a setting, and prints a row for each: the judge's distance (lower is better), precision, recall,
each with its 95 % interval from 100 samples on. Values are written as in a link: --of scale=-0.5,0,0.5,1 or --of layers=0,2_3,all.

The other options are those of evaluate (npm run -s evaluate -- --help), --model FOLDER and --judge FAMILY among them; --out FILE keeps
what was judged at each value in a file of its own, FILE-VALUE, so that the same command goes on where it was stopped.`

interface Swept {
  readonly value: string
  readonly metrics: Metrics
}

/** The setting and its values. Throws UsageError for what is neither. */
function valuesOf(text: string | undefined): { readonly key: string; readonly values: readonly string[] } {
  const [key = '', list = ''] = text?.split(/=(.*)/s) ?? []
  if (!FLAG_KEYS.includes(key))
    throw new UsageError(
      `--of must be KEY=V1,V2,... with the key of a setting, not ${text ?? 'nothing'} (--help explains)`,
    )
  const values = list.split(',').filter((value) => value !== '')
  if (values.length === 0) throw new UsageError(`--of ${key}= names no value`)
  return { key, values }
}

async function measured(args: EvaluateArguments): Promise<Metrics> {
  const { source } = args
  if (source.kind !== 'preset') throw new UsageError('sweep draws images; --images and --merge are evaluate’s')
  if (source.samples <= NEIGHBOURS) throw new UsageError(`--samples must be at least ${NEIGHBOURS + 1}`)
  if (args.shard.of > 1) throw new UsageError('--shard is evaluate’s')
  const judged = await judgePreset(args, source.preset, source.samples)
  return metricsOf(judged, realStatistics(judgeOf(args.model)))
}

const text = ({ value, margin }: Estimate, factor: number, digits: number) =>
  `${(factor * value).toFixed(digits)}${margin === null ? '' : ` ± ${(factor * margin).toFixed(digits)}`}`

function table(key: string, metric: string, swept: readonly Swept[]): string {
  const rows = [
    [key, metric, 'precision %', 'recall %'],
    ...swept.map(({ value, metrics: { frechet, precision, recall } }) => [
      value,
      text(frechet, 1, 3),
      text(precision, 100, 1),
      text(recall, 100, 1),
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]! + 2))
        .join('')
        .trimEnd(),
    )
    .join('\n')
}

/** The command's output. Rejects with UsageError for wrong arguments, and with what goes wrong on the way. */
export async function sweep(argv: readonly string[]): Promise<string> {
  if (argv.includes('--help')) return HELP
  const at = argv.indexOf('--of')
  const { key, values } = valuesOf(at < 0 ? undefined : argv[at + 1])
  const rest = argv.filter((_, i) => i !== at && i !== at + 1)
  const asked = values.map((value) => ({ value, args: readArguments([...rest, `--${key}=${value}`]) }))
  const swept: Swept[] = []
  let [metric, json] = ['', false]
  for (const { value, args } of asked) {
    if (!args) return HELP
    json = args.json
    metric = judgeOf(args.model).metric
    const out = args.out === null ? null : `${args.out}-${value}`
    swept.push({ value, metrics: await measured({ ...args, out }) })
  }
  if (json)
    return JSON.stringify(
      swept.map(({ value, metrics }) => ({ [key]: value, ...metrics })),
      null,
      2,
    )
  return table(key, metric, swept)
}

if (process.argv[1]?.endsWith('sweep.ts')) await runCommand(sweep)
