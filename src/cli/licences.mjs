// Build plugins that write `licences.html` into the site: THIRD_PARTY.md, then the licence text of every npm package that the
// page, its styles and its workers take anything from. Their licences ask that the text goes where the code goes.
// @ts-check
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { plainPage } from './plain-page.mjs'

/**
 * @param {string} root folder of THIRD_PARTY.md
 * @returns {{ collect: () => import('vite').Plugin, write: () => import('vite').Plugin }}
 *   `collect` notes the packages of one bundle, for the page's plugins and, apart, the workers'; `write` writes the file with
 *   the page's bundle, which is complete after its workers'.
 */
export function licences(root) {
  /** @type {Set<string>} */
  const folders = new Set()
  /** @param {string} path */
  const note = (path) => {
    const folder = packageFolder(path)
    if (folder !== null) folders.add(folder)
  }
  return {
    collect: () => ({
      name: 'licences-collect',
      apply: 'build',
      // Sees styles and `?url` imports too, which chunks do not list; what tree shaking drops is named all the same.
      transform(_code, id) {
        note(id)
      },
    }),
    write: () => ({
      name: 'licences-write',
      apply: 'build',
      generateBundle(_options, bundle) {
        // Fonts come by `@import` inside a style, and are no modules.
        for (const part of Object.values(bundle)) {
          if (part.type === 'asset')
            for (const name of part.originalFileNames) note(join(root, name).replaceAll('\\', '/'))
        }
        // Tailwind writes its own base styles into ours.
        folders.add(join(root, 'node_modules', 'tailwindcss'))
        const texts = [...folders].map(licenceText).sort()
        const source = [readFileSync(join(root, 'THIRD_PARTY.md'), 'utf8'), ...texts].join(`\n${'='.repeat(80)}\n`)
        this.emitFile({ type: 'asset', fileName: 'licences.html', source: plainPage('Licences', source) })
      },
    }),
  }
}

/**
 * The folder of the npm package that a module belongs to, or null for our own.
 * @param {string} id a module's path, with slashes on every system
 */
function packageFolder(id) {
  const path = id.split('?')[0] ?? ''
  const mark = '/node_modules/'
  const at = path.lastIndexOf(mark)
  if (id.startsWith('\0') || at === -1) return null
  const [first = '', second = ''] = path.slice(at + mark.length).split('/')
  return path.slice(0, at + mark.length) + (first.startsWith('@') ? `${first}/${second}` : first)
}

/**
 * Begins with the package's name and version; some packages come without a text of their own.
 * @param {string} folder
 */
function licenceText(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry))
  const text = file === undefined ? '(The text is in the list above.)' : readFileSync(join(folder, file), 'utf8').trim()
  return `${name} ${version} (${license})\n\n${text}\n`
}
