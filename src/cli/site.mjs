// Builds the site once for each state of its sources, into a folder named by their hash: a second `npm start` or test run
// finds it ready, nothing stale is ever served, and builds of different states never disturb each other.
// @ts-check
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { writeIndices } from './registries.mjs'

export const ROOT = join(import.meta.dirname, '..', '..')
const SITES = join(ROOT, '.cache', 'sites')
/** Built states that are kept; each is some 40 MB, most of it the runtime. */
const KEPT = 4

/**
 * Runs `vite build` into a folder of its own.
 * @param {string} directory
 * @param {{ quiet: boolean }} options quiet: speak only on failure
 */
function viteBuild(directory, { quiet }) {
  const { NODE_ENV: _, VITEST: __, ...environment } = process.env
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  const result = spawnSync(process.execPath, [vite, 'build', '--outDir', directory, '--emptyOutDir'], {
    cwd: ROOT,
    // A test runner's NODE_ENV would build React's development version.
    env: { ...environment, NODE_ENV: 'production' },
    encoding: 'utf8',
    stdio: quiet ? 'pipe' : 'inherit',
  })
  if (result.error) throw result.error
  if (result.status !== 0) throw new Error(`vite build failed\n${result.stdout ?? ''}${result.stderr ?? ''}`.trimEnd())
}

/**
 * The folder of the built site, built now unless these very sources were built before.
 * @param {{ onBuild?: () => void }} [options] onBuild: called when a build is needed
 * @returns {string}
 */
export function buildSite({ onBuild } = {}) {
  writeIndices()
  mkdirSync(SITES, { recursive: true })
  // Someone may save a file while Vite reads it: such a build belongs to no one state, and is made again.
  for (let attempt = 0; attempt < 5; attempt++) {
    const state = fingerprint()
    const site = join(SITES, state)
    if (existsSync(site)) {
      utimesSync(site, new Date(), new Date())
      return site
    }
    if (attempt === 0) onBuild?.()
    const draft = join(SITES, `draft-${process.pid}`)
    try {
      viteBuild(draft, { quiet: true })
      if (fingerprint() === state) {
        publish(draft, site)
        return site
      }
    } finally {
      rmSync(draft, { recursive: true, force: true })
    }
  }
  throw new Error('the sources kept changing while the site was built')
}

/**
 * @param {string} draft
 * @param {string} site
 */
function publish(draft, site) {
  try {
    renameSync(draft, site)
  } catch (error) {
    // Another process built the same state first.
    if (!existsSync(site)) throw error
  }
  const age = (/** @type {string} */ name) => statSync(join(SITES, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sites = readdirSync(SITES).filter((name) => /^[0-9a-f]{16}$/.test(name))
  for (const name of sites.sort((a, b) => age(b) - age(a)).slice(KEPT))
    rmSync(join(SITES, name), { recursive: true, force: true })
}

/** SHA-256 (16 hex digits) of everything that a build reads. */
function fingerprint() {
  const hash = createHash('sha256')
  const inputs = [
    'index.html',
    'vite.config.ts',
    'package-lock.json',
    'THIRD_PARTY.md',
    ...filesUnder('public'),
    ...filesUnder('src'),
  ]
  for (const id of readdirSync(join(ROOT, 'models'))) {
    if (!existsSync(join(ROOT, 'models', id, 'manifest.json'))) continue
    for (const file of readdirSync(join(ROOT, 'models', id), { withFileTypes: true }))
      if (file.isFile()) inputs.push(`models/${id}/${file.name}`)
  }
  for (const file of inputs.sort()) {
    if (existsSync(join(ROOT, file)))
      hash.update(`${file}\0`).update(
        createHash('sha256')
          .update(readFileSync(join(ROOT, file)))
          .digest(),
      )
  }
  return hash.digest('hex').slice(0, 16)
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(folder) {
  if (!existsSync(join(ROOT, folder))) return []
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  )
}
