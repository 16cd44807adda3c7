// `npm test`: installs what is missing, then type check, lint, unit tests, the recipe of the networks, build and browser tests.
// Every stage runs, whatever became of the ones before it; the last line counts what passed and failed, and the exit status is
// 1 unless all passed.
// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureChromium } from './chromium.mjs'
import { ensureInstalled, npm } from './install.mjs'
import { findPython } from './python.mjs'
import { writeIndices } from './registries.mjs'
import { ROOT, viteBuild } from './site.mjs'
import { countTests, sentence, verdict } from './vitest-report.mjs'

/** @typedef {import('./vitest-report.mjs').Count} Count */

const REPORTS = join(ROOT, '.cache', 'tests')
const SITE = join(ROOT, 'dist')
/** What the recipe makes. */
const RECIPE = join(ROOT, '.cache', 'recipe')
/** @type {Count} */
const PASSED = { passed: 1, failed: 0, skipped: 0 }

/** Stages in order; each returns what it counted, and a thrown error counts as one failure. @type {[string, () => Count][]} */
const STAGES = [
  ['Install', install],
  ['Type check', () => script('typecheck')],
  ['Lint', () => script('lint')],
  ['Unit tests', () => vitest('unit', {})],
  ['Recipe', recipe],
  ['Build', build],
  ['Browser tests', browserTests],
]

let built = false

/** @returns {Count} */
function install() {
  ensureInstalled()
  for (const file of writeIndices()) console.log(`Wrote ${file}`)
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

/**
 * Data, training, export and golden tensors of the tiny family, from nothing; then the family in the engine.
 * @returns {Count}
 */
function recipe() {
  const python = process.platform === 'win32' ? null : findPython()
  if (!python) {
    console.log(
      'Left out: the networks’ recipe needs Python with PyTorch and onnx (sudo apt-get install python3-torch python3-onnx, or pip install torch onnx). All else is tested without.',
    )
    return { passed: 0, failed: 0, skipped: 1 }
  }
  rmSync(RECIPE, { recursive: true, force: true })
  const { status, error } = spawnSync('sh', [join('models', 'avatars', 'train', 'tiny.sh'), RECIPE], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PYTHON: python },
  })
  if (error) throw error
  if (status !== 0) throw new Error('models/avatars/train/tiny.sh failed; what it printed above says why.')
  const { passed, failed, skipped } = vitest('recipe', { RECIPE })
  return { passed: passed + PASSED.passed, failed, skipped }
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

console.log(`\n== Summary\n${summary.join('\n')}\n\n${verdict(total)}`)
process.exitCode = total.failed > 0 ? 1 : 0
