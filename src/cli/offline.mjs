// A build plugin that gives the site its version, and writes into the service worker which files make the site up.
// @ts-check
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const WORKER = 'isolation-worker.js'
/** Read by search engines, editors and other pages, or on demand in a window of its own: never by the page. */
const BESIDE = [
  WORKER,
  'licences.html',
  'screenshot.png',
  'preset.schema.json',
  'sweep.schema.json',
  'guidance-playground.js',
  'embed-example.html',
  'embed-example.css',
  'embed-example.js',
  'card.png',
  'oembed.json',
]
/** Which runtime an asset belongs to, by its name: a device uses one, and they are large. */
const RUNTIMES = {
  webgpu: /^assets\/ort-wasm-.*asyncify/,
  wasm: /^assets\/ort-wasm-/,
  // Our own is code like the rest.
  runner: /^$/,
}

/**
 * @param {string} content
 */
const sha256 = (content) => createHash('sha256').update(content).digest('hex')

/**
 * The files that a visit needs, by path; each runtime's apart, and the page under ''.
 * @param {string} site folder of the built site
 */
export function filesOf(site) {
  /** @type {Record<string, string>} */
  const files = {}
  /** @type {Record<string, Record<string, string>>} */
  const runtimes = Object.fromEntries(Object.keys(RUNTIMES).map((id) => [id, {}]))
  const names = readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(site.length).replaceAll('\\', '/').replace(/^\//, ''))
    .sort()
  for (const name of names) {
    // The networks are kept by the page, once they are used; sweeps are taken home.
    if (BESIDE.includes(name) || name.startsWith('sweeps/')) continue
    if (name.startsWith('models/') && !name.endsWith('/manifest.json')) continue
    const hash = createHash('sha256')
      .update(readFileSync(join(site, name)))
      .digest('hex')
    const runtime = Object.entries(RUNTIMES).find(([, pattern]) => pattern.test(name))?.[0]
    const group = runtime === undefined ? files : (runtimes[runtime] ?? files)
    group[name === 'index.html' ? '' : name] = hash
  }
  return { files, runtimes }
}

/** @returns {import('vite').Plugin} */
export function offline() {
  let site = ''
  return {
    name: 'offline',
    apply: 'build',
    configResolved({ root, build }) {
      site = resolve(root, build.outDir)
    },
    closeBundle() {
      const before = filesOf(site)
      const version = sha256(JSON.stringify(before)).slice(0, 16)
      const page = join(site, 'index.html')
      writeFileSync(
        page,
        readFileSync(page, 'utf8').replace('</head>', `  <meta name="version" content="${version}" />\n  </head>`),
      )
      const worker = join(site, WORKER)
      const empty = "const SITE = { version: '', files: {}, runtimes: {} }"
      const text = readFileSync(worker, 'utf8')
      if (!text.includes(empty)) throw new Error(`${WORKER} has no place for the files of the site`)
      writeFileSync(
        worker,
        text.replace(empty, () => `const SITE = ${JSON.stringify({ version, ...filesOf(site) })}`),
      )
    },
  }
}
