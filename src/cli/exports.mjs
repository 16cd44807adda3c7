// Makes the exports of other people's networks (tests/exports) in a virtual environment. Both are kept in the user's cache under
// a digest of what they are made from: a fresh clone finds them again. As a command: `npm run exports -- OUT [--quick] [WORD …]`.
// @ts-check
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './site.mjs'

/** @typedef {(command: string, parameters: string[]) => Promise<number>} Run runs a program and gives its exit status */

const SCRIPTS = join(ROOT, 'tests', 'exports')
/** Scripts that no export is made by. */
const BY_HAND = ['ddpm.py', 'gallery.py']
const LISTS = ['requirements.txt', 'requirements-alone.txt']
const NO_VENV =
  'The exports need a Python of 3.11 or later that makes virtual environments (sudo apt-get install python3-venv).'

/**
 * Where in the cache something lies, or would, that is made from these files.
 * @param {string} name
 * @param {readonly string[]} files in the folder of the scripts
 */
function placeOf(name, files) {
  const digest = createHash('sha256')
  for (const file of files) digest.update(file).update(readFileSync(join(SCRIPTS, file)))
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'guidance-playground')
  return join(cache, `${name}-${digest.digest('hex').slice(0, 16)}`)
}

/**
 * A folder in the cache, made by `make` into a folder beside it unless it is there: half a one is never found.
 * @param {string} name
 * @param {readonly string[]} files what it is made from, in the folder of the scripts
 * @param {(folder: string) => Promise<void>} make
 */
async function kept(name, files, make) {
  const folder = placeOf(name, files)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  try {
    await make(unfinished)
    // Another run may have been faster.
    if (!existsSync(folder)) renameSync(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
  return folder
}

/** Whether a virtual environment can be made here. */
export function canMakeExports() {
  const asked = 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))'
  return process.platform !== 'win32' && spawnSync('python3', ['-c', asked], { stdio: 'ignore' }).status === 0
}

/** The Python that made the exports, with onnxruntime; empty where it is not there. */
export function madePython() {
  const python = join(placeOf('exports-python', LISTS), 'bin', 'python')
  return existsSync(python) ? python : ''
}

/**
 * The Python of the virtual environment, which is made first where there is none.
 * @param {Run} run
 */
async function exportingPython(run) {
  if (!canMakeExports()) throw new Error(NO_VENV)
  const done = async (/** @type {string} */ command, /** @type {string[]} */ ...parameters) => {
    if ((await run(command, parameters)) !== 0) throw new Error(`${command} ${parameters.join(' ')} failed.`)
  }
  const folder = await kept('exports-python', LISTS, async (made) => {
    const python = join(made, 'bin', 'python')
    const install = (/** @type {string[]} */ ...what) => done(python, '-m', 'pip', 'install', '--quiet', ...what)
    await done('python3', '-m', 'venv', made)
    await install('-r', join(SCRIPTS, 'requirements.txt'))
    await install('--no-deps', '-r', join(SCRIPTS, 'requirements-alone.txt'))
  })
  return join(folder, 'bin', 'python')
}

/**
 * The folder of the exports that the tests open.
 * @param {Run} run
 */
export async function quickExports(run) {
  const scripts = readdirSync(SCRIPTS).filter((file) => file.endsWith('.py') && !BY_HAND.includes(file))
  return kept('exports', [...scripts.sort(), ...LISTS], async (made) => {
    const python = await exportingPython(run)
    const status = await run(python, ['-W', 'ignore', join(SCRIPTS, 'make.py'), made, '--quick'])
    if (status !== 0) throw new Error('tests/exports/make.py failed; what it printed above says why.')
  })
}

/** @type {Run} */
function shown(command, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', (status) => resolve(status ?? 1))
  })
}

if (import.meta.filename === process.argv[1]) {
  try {
    const python = await exportingPython(shown)
    process.exitCode = await shown(python, ['-W', 'ignore', join(SCRIPTS, 'make.py'), ...process.argv.slice(2)])
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
