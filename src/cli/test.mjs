// `npm test [-- NAME …]`: installs what is missing, then type check, lint, format, unit tests, the recipe of the networks, build
// and browser tests; with names only those stages, or the test files whose paths contain a name. Every stage runs, whatever
// became of the others; the last line counts what passed and failed, and the exit status is 1 unless all passed.
// @ts-check
import { ensureInstalled } from './install.mjs'
import { writeIndices } from './registries.mjs'
import { chosen, testFiles } from './test-stages.mjs'
import { sentence, verdict } from './vitest-report.mjs'

/** @typedef {import('./vitest-report.mjs').Count} Count */
/** @typedef {import('./test-stages.mjs').Stage} Stage */

const messageOf = (/** @type {unknown} */ error) => (error instanceof Error ? error.message : String(error))

/** @type {{ name: string, count: Count, seconds: number }[]} */
const done = []

/**
 * Runs a stage and prints what it said once it has ended; a thrown error counts as one failure.
 * @param {Stage} stage
 * @param {readonly string[]} filters
 */
async function runStage({ name, run }, filters) {
  const started = performance.now()
  let said = ''
  const say = (/** @type {string} */ text) => void (said += text)
  console.log(`… ${name}`)
  /** @type {Count} */
  let count
  try {
    count = await run({ say, filters })
  } catch (error) {
    say(`${messageOf(error)}\n`)
    count = { passed: 0, failed: 1, skipped: 0 }
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  done.push({ name, count, seconds })
  console.log(`\n== ${name}: ${sentence(count)} (${seconds} s)\n${said}`)
}

async function main() {
  ensureInstalled()
  for (const file of writeIndices()) console.log(`Wrote ${file}`)
  const work = chosen(process.argv.slice(2), testFiles())
  const lane = async (/** @type {Stage['lane']} */ wanted) => {
    for (const { stage, filters } of work) if (stage.lane === wanted) await runStage(stage, filters)
  }
  await Promise.all([lane('page'), lane('code')])
}

try {
  await main()
} catch (error) {
  console.error(messageOf(error))
  done.push({ name: 'Start', count: { passed: 0, failed: 1, skipped: 0 }, seconds: 0 })
}

const total = { passed: 0, failed: 0, skipped: 0 }
for (const { count } of done) {
  total.passed += count.passed
  total.failed += count.failed
  total.skipped += count.skipped
}
const lines = done.map(({ name, count, seconds }) => `${name.padEnd(14)}${sentence(count)} (${seconds} s)`)
console.log(`\n== Summary\n${lines.join('\n')}\n\n${verdict(total)}`)
process.exitCode = total.failed > 0 ? 1 : 0
