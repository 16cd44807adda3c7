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
<<<<<<< HEAD
async function runStage({ name, run }, filters) {
=======
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
  const { status, error } = spawnSync('sh', [join('models', 'tiny', 'train', 'recipe.sh'), RECIPE], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PYTHON: python },
  })
  if (error) throw error
  if (status !== 0) throw new Error('models/tiny/train/recipe.sh failed; what it printed above says why.')
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
>>>>>>> b3499c8 (Training code is shared by all families; a family keeps its data, its settings in one file, and its card. The network's parts have names that say what they are)
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
