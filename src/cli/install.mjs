// Installs the npm packages of package-lock.json where they are missing or others than it says; quick where all is there.
// @ts-check
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './site.mjs'

const OLDEST_NODE = { major: 20, minor: 19 }

/**
 * @returns {void}
 * @throws {Error} with one sentence for a person
 */
export function ensureInstalled() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < OLDEST_NODE.major || (major === OLDEST_NODE.major && minor < OLDEST_NODE.minor)) {
    throw new Error(
      `Node ${OLDEST_NODE.major}.${OLDEST_NODE.minor} or newer is needed; this is ${process.versions.node}.`,
    )
  }
  if (installed()) return
  console.log('Installing packages (npm ci)')
  const status = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (status !== 0) throw new Error('npm ci failed; what it printed above says why.')
}

/**
 * Runs npm here and returns its exit status.
 * @param {readonly string[]} parameters
 */
export function npm(parameters) {
  // Under `npm start` and `npm test`, npm says where it is; on Windows npm itself is a shell script.
  const self = process.env['npm_execpath']
  const [command, ...before] = self?.endsWith('.js') ? [process.execPath, self] : ['npm']
  const result = spawnSync(command, [...before, ...parameters], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: command === 'npm' && process.platform === 'win32',
    // onnxruntime-node would fetch CUDA libraries, which nothing here uses; npm 10 does not know `allowScripts`.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })
  if (result.error) throw result.error
  return result.status ?? 1
}

/** Whether node_modules holds every package of package-lock.json in its version, by the record npm keeps there. */
function installed() {
  const wanted = packages(join(ROOT, 'package-lock.json'))
  const present = packages(join(ROOT, 'node_modules', '.package-lock.json'))
  if (!wanted || !present) return false
  // Optional packages are other platforms' binaries.
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  )
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | null}
 */
function packages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return null
  }
}
