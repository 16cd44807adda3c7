// `npm run fuzz`: the properties of hostile input that `npm test` tries a few hundred times, as often as asked, with a seed of their own.
// @ts-check
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './site.mjs'

const HELP = `npm run fuzz -- [--runs N] [--seed S] [NAME ...]
  --runs   how often each property is tried (10000)
  --seed   of what is drawn (the clock); a failure prints it, and the same seed finds it again
  NAME     parts of the paths of test files (all of tests/unit/fuzz, and tests/unit/sampling/accepted.test.ts)`

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
  allowPositionals: true,
})
const [runs, seed] = [Number(values.runs ?? 10_000), Number(values.seed ?? Date.now() % 2 ** 31)]
if (values.help || ![runs, seed].every((value) => Number.isInteger(value) && value >= 0)) {
  console.log(HELP)
  process.exit(values.help ? 0 : 2)
}
console.log(`Each property ${runs} times, seed ${seed}.`)
const files = positionals.length > 0 ? positionals : ['tests/unit/fuzz', 'tests/unit/sampling/accepted.test.ts']
const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'unit', '--testTimeout', '0', ...files],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed) } },
)
process.exit(status ?? 1)
