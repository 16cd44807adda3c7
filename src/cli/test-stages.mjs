// The stages of `npm test`: what each runs, and what it counted. A stage's output is gathered and printed when it ends, since
// two stages run at a time.
// @ts-check
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureChromium } from './chromium.mjs'
import { canMakeExports, madePython, quickExports } from './exports.mjs'
import { FIREFOX_ABSENT, findFirefox } from './firefox.mjs'
import { findPython } from './python.mjs'
import { buildSite, ROOT } from './site.mjs'
import { countTests } from './vitest-report.mjs'

/** @typedef {import('./vitest-report.mjs').Count} Count */
/** @typedef {{ say: (text: string) => void, filters: readonly string[] }} Work say: prints; filters: names of test files, empty for all. */
/** @typedef {{ key: string, name: string, lane: 'page' | 'code', project?: string, run: (work: Work) => Promise<Count> | Count }} Stage */

const REPORTS = join(ROOT, '.cache', 'tests')
/** What the recipe makes. */
const RECIPE = join(ROOT, '.cache', 'recipe')
/** @type {Count} */
const PASSED = { passed: 1, failed: 0, skipped: 0 }

/**
 * In two lanes that run beside each other, each in order. `project`: its tests can be chosen by name.
 * @type {readonly Stage[]}
 */
export const STAGES = [
  { key: 'build', name: 'Build', lane: 'page', run: build },
  { key: 'browser', name: 'Browser tests', lane: 'page', project: 'browser', run: browserTests },
  { key: 'types', name: 'Type check', lane: 'code', run: (work) => checked(work, 'typescript', 'bin/tsc') },
  { key: 'lint', name: 'Lint', lane: 'code', run: (work) => checked(work, 'oxlint', 'bin/oxlint', '--deny-warnings') },
  { key: 'format', name: 'Format', lane: 'code', run: (work) => checked(work, 'oxfmt', 'bin/oxfmt', '--check') },
  { key: 'unit', name: 'Unit tests', lane: 'code', project: 'unit', run: unitTests },
  { key: 'recipe', name: 'Recipe', lane: 'code', run: recipe },
  { key: 'exports', name: 'Exports', lane: 'code', project: 'exports', run: exported },
]

/**
 * The stages to run, and the test files of each, for the names that a person gave: a stage's key, or part of the path of a test file.
 * @param {readonly string[]} names none for everything
 * @param {readonly string[]} files all test files, as paths from the root
 * @returns {{ readonly stage: Stage, readonly filters: readonly string[] }[]}
 * @throws {Error} with a sentence, for a name that stands for nothing
 */
export function chosen(names, files) {
  if (names.length === 0) return STAGES.map((stage) => ({ stage, filters: [] }))
  const keys = names.filter((name) => STAGES.some(({ key }) => key === name))
  const parts = names.filter((name) => !keys.includes(name))
  const matching = parts.flatMap((part) => {
    const found = files.filter((file) => file.includes(part))
    if (found.length === 0)
      throw new Error(
        `No stage and no test file is called ${part}. Stages: ${STAGES.map(({ key }) => key).join(', ')}.`,
      )
    return found
  })
  const filtersOf = (/** @type {Stage} */ { key, project }) =>
    project === undefined || keys.includes(key) ? [] : matching.filter((file) => file.startsWith(`tests/${project}/`))
  const wanted = STAGES.filter((stage) => keys.includes(stage.key) || filtersOf(stage).length > 0)
  // A test in the browser is one of the built page.
  const needed = wanted.some(({ key }) => key === 'browser') ? STAGES.filter(({ key }) => key === 'build') : []
  return STAGES.filter((stage) => wanted.includes(stage) || needed.includes(stage)).map((stage) => ({
    stage,
    filters: filtersOf(stage),
  }))
}

/** All test files, as paths from the root. */
export function testFiles() {
  return readdirSync(join(ROOT, 'tests'), { recursive: true, encoding: 'utf8' })
    .map((file) => `tests/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts'))
}

/**
 * Runs a program and hands on what it prints; its exit status.
 * @param {Work} work
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<number>}
 */
function program({ say }, command, parameters, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', say)
    child.on('error', reject)
    child.on('close', (status) => resolve(status ?? 1))
  })
}

/**
 * A checker of a package's: passed where it finds no fault.
 * @param {Work} work
 * @param {string} name
 * @param {string} path
 * @param {readonly string[]} parameters
 * @returns {Promise<Count>}
 */
async function checked(work, name, path, ...parameters) {
  const status = await program(work, process.execPath, [join(ROOT, 'node_modules', name, path), ...parameters])
  if (status !== 0) throw new Error(`${name} found faults.`)
  return PASSED
}

/**
 * Data, training, export and golden tensors of the tiny family, from nothing; then the family in the engine.
 * @param {Work} work
 * @returns {Promise<Count>}
 */
async function recipe(work) {
  const python = process.platform === 'win32' ? null : findPython()
  if (!python) {
    work.say(
      'Left out: the networks’ recipe needs Python with PyTorch and onnx (sudo apt-get install python3-torch python3-onnx, or pip install torch onnx). All else is tested without.\n',
    )
    return { passed: 0, failed: 0, skipped: 1 }
  }
  rmSync(RECIPE, { recursive: true, force: true })
  const script = 'models/tiny/train/recipe.sh'
  const status = await program(work, 'sh', [script, RECIPE], { PYTHON: python })
  if (status !== 0) throw new Error(`${script} failed; what it printed above says why.`)
  const { passed, failed, skipped } = await vitest(work, 'recipe', { RECIPE })
  return { passed: passed + PASSED.passed, failed, skipped }
}

/**
 * Networks of diffusers, timm, MONAI and of papers as exporters write them, against PyTorch.
 * @param {Work} work
 * @returns {Promise<Count>}
 */
async function exported(work) {
  if (!canMakeExports()) {
    work.say('Left out: the exports need python3 of 3.11 or later with venv (sudo apt-get install python3-venv).\n')
    return { passed: 0, failed: 0, skipped: 1 }
  }
  const folder = await quickExports((command, parameters) => program(work, command, parameters))
  return vitest(work, 'exports', { EXPORTS: folder, EXPORTS_PYTHON: madePython() })
}

/**
 * One file at a time, since the browser tests run beside.
 * @param {Work} work
 */
function unitTests(work) {
  return vitest(work, 'unit', {}, '--maxWorkers=1')
}

/** @type {string | null} */
let site = null

/**
 * As `npm start` does, which the tests run, too: it finds the same site.
 * @returns {Count}
 */
function build() {
  site = buildSite()
  return PASSED
}

/**
 * @param {Work} work
 * @returns {Promise<Count>}
 */
function browserTests(work) {
  const chromium = ensureChromium()
  if (site === null) throw new Error('Not run: there is no built page to test.')
  const firefox = findFirefox()
  work.say(`In ${chromium}\n${firefox ? `A part also in ${firefox}` : FIREFOX_ABSENT}\n`)
  return vitest(work, 'browser', { BUILT_SITE: site, CHROMIUM_PATH: chromium }, '--maxWorkers=2')
}

/**
 * @param {Work} work
 * @param {string} project
 * @param {NodeJS.ProcessEnv} environment
 * @param {readonly string[]} options
 * @returns {Promise<Count>}
 */
async function vitest(work, project, environment, ...options) {
  const report = join(REPORTS, `${project}.json`)
  rmSync(report, { force: true })
  mkdirSync(REPORTS, { recursive: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const vitestProgram = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const parameters = [vitestProgram, 'run', '--project', project, ...reporters, ...options, ...work.filters]
  const status = await program(work, process.execPath, parameters, environment)
  if (!existsSync(report)) throw new Error('vitest ended without a report.')
  return countTests(JSON.parse(readFileSync(report, 'utf8')), status === 0)
}
