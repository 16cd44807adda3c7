/**
 * `npm run -s sweep -- SWEEP.json`: what `evaluate` says at each point of a grid of settings; resumable to the picture, in shards on
 * many machines, merged to the same bytes.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { LabError } from '../lab/error'
import { readResults, resultLine, type Result } from '../lab/result'
import { readArguments, type ReadArguments, type SweepArguments } from './sweep/arguments'
import { costReport } from './sweep/cost'
import { drawShard } from './sweep/draw'
import { writeFeatures } from './sweep/features'
import { formatOf } from './sweep/formats'
import { HELP } from './sweep/help'
import { judgeShard, resultsOf, writeWhole } from './sweep/merge'
import { openSweep, type OpenedSweep } from './sweep/opened'
import { storedOf } from './sweep/stored'
import { cellTable, resultTable } from './sweep/table'
import { runCommand, UsageError } from './usage'

/** Where a sweep's images are kept: under the name of its file, or of its axes. A folder holds points of any sweep, so no two disturb each other. */
function folderOf({ out, given }: SweepArguments): string {
  if (out !== null) return out
  const name =
    given.kind === 'file' ? basename(given.file).replace(/\.json$/, '') : given.axes.map(({ key }) => key).join('-')
  return join('.cache/sweeps', name)
}

function shown(results: readonly Result[], metric: string, json: boolean): string {
  return json ? JSON.stringify(results, null, 2) : resultTable(results, metric)
}

function written(results: readonly Result[], title: string, files: readonly string[]): void {
  for (const file of files) writeWhole(file, formatOf(file)(results, title))
}

/** Results that are there already, in another form. */
function shownAgain({ results: files, write, json }: ReadArguments): string {
  const results = files.flatMap((file) => {
    if (!existsSync(file)) throw new UsageError(`there is no file ${file}`)
    try {
      return readResults(readFileSync(file, 'utf8'))
    } catch (error) {
      throw error instanceof LabError ? new UsageError(`${file}: ${error.message}`) : error
    }
  })
  if (results.length === 0) throw new UsageError(`there is no result in ${files.join(', ')}`)
  written(results, basename(files[0]!).replace(/\.jsonl$/, ''), write)
  return shown(results, 'distance', json)
}

async function merged(opened: OpenedSweep, args: SweepArguments, folders: readonly string[]): Promise<string> {
  const results = await resultsOf(opened, folders)
  writeWhole(join(folderOf(args), 'results.jsonl'), results.map(resultLine).join(''))
  written(results, opened.sweep.title, args.write)
  if (args.keepFeatures !== null) writeFeatures(opened, folders, args.keepFeatures)
  return shown(results, opened.points[0]!.observer.metric, args.json)
}

function listed({ entries }: OpenedSweep, { shard, json }: SweepArguments): string {
  if (!json) return cellTable(entries, shard.of)
  const cells = entries.map(({ cell, point }) => {
    const { values, unused } = cell
    if (cell.kind === 'refused') return { values, refused: cell.why }
    return { values, id: point?.id, unused, stored: point ? storedOf(point) : [] }
  })
  return JSON.stringify(cells, null, 2)
}

/** What can't be drawn is said, and the rest is drawn. */
function sayRefused({ entries }: OpenedSweep): void {
  const whys = entries.flatMap(({ cell }) => (cell.kind === 'refused' ? [cell.why] : []))
  if (whys.length === 0) return
  const different = [...new Set(whys)].slice(0, 3).join(' ')
  process.stderr.write(`${whys.length} of ${entries.length} cells are left out: ${different}\n`)
}

/** The command's output. Rejects with UsageError for wrong arguments, and with what goes wrong on the way. */
export async function sweep(argv: readonly string[]): Promise<string> {
  const args = readArguments(argv)
  if (!args) return HELP
  args.write.forEach(formatOf)
  if ('results' in args) return shownAgain(args)
  const opened = await openSweep(args)
  const { task, shard } = args
  const folder = folderOf(args)
  switch (task.kind) {
    case 'list':
      return listed(opened, args)
    case 'cost':
      return costReport(opened, task.seconds)
    case 'merge': {
      const folders = task.folders.length > 0 ? [...new Set([folder, ...task.folders])] : [folder]
      for (const one of task.folders) if (!existsSync(one)) throw new UsageError(`there is no folder ${one}`)
      if (shard.of === 1) return merged(opened, args, folders)
      const count = judgeShard(opened, folders, shard)
      return `the numbers of ${count} points are there: shard ${shard.part} of ${shard.of}`
    }
    case 'draw':
      sayRefused(opened)
      await drawShard(opened, args, folder)
      if (shard.of === 1) return merged(opened, args, [folder])
      return `shard ${shard.part} of ${shard.of} is done: ${folder}. When all are, give the same file, --merge and --out ${folder}.`
    default:
      return task satisfies never
  }
}

if (process.argv[1]?.endsWith('sweep.ts')) {
  // Locks are given back on the way out, so that another process need not find out that this one is gone.
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => process.exit(status))
  await runCommand(sweep)
}
