/**
 * `npm run bench`: what a drag, a run, a start and a first visit take in Chromium, beside another commit's page and beside plain loops,
 * so that it holds on a busy machine: all in turns, least values, CPU time, and every ratio with its range.
 */
import { writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { HELP, readOptions } from './bench/arguments'
import type { Table } from './bench/figure'
import { loadNow, loadWarning, machineOf } from './bench/machine'
import { pageOf } from './bench/page-of-results'
import { measurePeers } from './bench/peers'
import { measurePages } from './bench/pages'
import { textOf } from './bench/table'
import { findChromium } from './chromium.mjs'
import { runCommand } from './usage'

function chromiumVersion(executablePath: string): string {
  const said = execFileSync(executablePath, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return /\d[\d.]+/.exec(said)?.[0] ?? 'of unknown version'
}

async function bench(argv: readonly string[]): Promise<string> {
  const options = readOptions(argv)
  if (!options) return HELP
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium found; npm test installs one or says how to')
  const began = performance.now()
  const say = (line: string) => console.error(line)
  const machine = machineOf(chromiumVersion(executablePath), loadNow())
  const warning = loadWarning(machine)
  if (warning) say(warning)
  const tables: Table[] = [...(await measurePages(options, executablePath, say))]
  if (options.only === null || options.only.includes('peers'))
    tables.push(await measurePeers(options, executablePath, say))
  const results = { machine, options, seconds: (performance.now() - began) / 1000, tables }
  if (options.page !== null) writeFileSync(options.page, pageOf(results, argv))
  if (options.json) return JSON.stringify(results, null, 2)
  const { processor, cores, system, chromium, load } = machine
  return [
    `${processor}, ${cores} cores, ${system}, Chromium ${chromium}, load ${load.toFixed(2)}`,
    ...(warning ? [warning] : []),
    ...tables.map(textOf),
    `${Math.round(results.seconds)} s`,
  ].join('\n\n')
}

await runCommand(bench)
