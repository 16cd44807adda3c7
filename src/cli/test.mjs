// `npm test`: installs what is missing, then type check, lint, unit tests, build and browser tests. Every stage runs, whatever
// became of the ones before it; the last line counts all checks, and the exit status is 1 unless all passed.
// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureChromium } from './chromium.mjs'
import { ensureInstalled, npm } from './install.mjs'
import { ROOT, viteBuild } from './site.mjs'
import { countTests } from './vitest-report.mjs'

/** @typedef {import('./vitest-report.mjs').Count} Count */

const REPORTS = join(ROOT, '.cache', 'tests')
const SITE = join(ROOT, 'dist')
/** @type {Count} */
const PASSED = { passed: 1, failed: 0, skipped: 0 }

/** Stages in order; each returns what it counted, and a thrown error counts as one failure. @type {[string, () => Count][]} */
const STAGES = [
  ['Install', install],
  ['Type check', () => script('typecheck')],
  ['Lint', () => script('lint')],
  ['Unit tests', () => vitest('unit', {})],
  ['Build', build],
  ['Browser tests', browserTests],
]

let built = false

/** @returns {Count} */
function install() {
  ensureInstalled()
  return { passed: 0, failed: 0, skipped: 0 }
}

/**
 * @param {string} name of a script in package.json
 * @returns {Count}
 */
function script(name) {
  if (npm(['run', '--silent', name]) !== 0) throw new Error(`${name} found faults.`)
  return PASSED
}

/** @returns {Count} */
function build() {
  viteBuild(SITE, { quiet: false })
  built = true
  return PASSED
}

/** @returns {Count} */
function browserTests() {
  const chromium = ensureChromium()
  if (!built) throw new Error('Not run: there is no built page to test.')
  console.log(`In ${chromium}`)
  return vitest('browser', { BUILT_SITE: SITE, CHROMIUM_PATH: chromium })
}

/**
 * @param {string} project
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Count}
 */
function vitest(project, environment) {
  const report = join(REPORTS, `${project}.json`)
  rmSync(report, { force: true })
  mkdirSync(REPORTS, { recursive: true })
  const program = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { status, error } = spawnSync(process.execPath, [program, 'run', '--project', project, ...reporters], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  })
  if (error) throw error
  if (!existsSync(report)) throw new Error('vitest ended without a report.')
  return countTests(JSON.parse(readFileSync(report, 'utf8')), status === 0)
}

/** @param {Count} count */
function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** @type {Count} */
const total = { passed: 0, failed: 0, skipped: 0 }
const summary = []
for (const [name, run] of STAGES) {
  console.log(`\n== ${name}`)
  const started = performance.now()
  /** @type {Count} */
  let count
  try {
    count = run()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    count = { passed: 0, failed: 1, skipped: 0 }
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  summary.push(`${name.padEnd(14)}${sentence(count)} (${seconds} s)`)
  total.passed += count.passed
  total.failed += count.failed
  total.skipped += count.skipped
}

console.log(`\n== Summary\n${summary.join('\n')}\n\n${sentence(total)}`)
process.exitCode = total.failed > 0 ? 1 : 0
