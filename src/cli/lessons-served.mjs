// Build plugin: the lessons of `public/lessons/NAME.md` go into the site as `NAME.json`, one string each, since hosts that know no
// `.md` may refuse it. The page asks for them so (`src/ui/lesson/source.ts`).
// @ts-check
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const json = (/** @type {string} */ file) => JSON.stringify(readFileSync(file, 'utf8'))

/**
 * @param {string} root folder of the project
 * @returns {import('vite').Plugin}
 */
export function lessonsServed(root) {
  return {
    name: 'lessons-served',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = /^\/lessons\/([\w-]+)\.json$/.exec((request.url ?? '').split('?')[0] ?? '')?.[1]
        const file = join(root, 'public', 'lessons', `${name}.md`)
        if (name === undefined || !existsSync(file)) next()
        else response.setHeader('Content-Type', 'application/json').end(json(file))
      })
    },
    writeBundle(options) {
      const folder = join(options.dir ?? 'dist', 'lessons')
      if (!existsSync(folder)) return
      for (const file of readdirSync(folder)) {
        if (!file.endsWith('.md')) continue
        writeFileSync(join(folder, file.replace(/\.md$/, '.json')), json(join(folder, file)))
        rmSync(join(folder, file))
      }
    },
  }
}
