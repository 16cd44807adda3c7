/** ARCHITECTURE.md is the law: its table and its drawing are read here, and the code is held to them. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  circles,
  drawingFaults,
  importsOf,
  longFiles,
  looseLaws,
  readArchitecture,
  tableFaults,
} from '../../support/architecture'

const root = join(import.meta.dirname, '..', '..', '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const files = execFileSync('git', ['ls-files', '-z', '-c', '-o', '--exclude-standard', 'src'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => /\.(?:ts|tsx|mjs)$/.test(file) && existsSync(join(root, file)))
  .map((path) => ({ path, text: read(path) }))
const known = new Set(files.map(({ path }) => path.replace(/\.(?:ts|tsx|mjs)$/, '')))
// A folder stands for its index.
const imports = files
  .flatMap(({ path, text }) => importsOf(path, text))
  .map((one) => (known.has(`${one.to}/index`) ? { ...one, to: `${one.to}/index` } : one))
const markdown = read('ARCHITECTURE.md')
const architecture = readArchitecture(markdown)

describe('the code', () => {
  it('is read whole', () => {
    expect(files.length).toBeGreaterThan(100)
    expect(imports.length).toBeGreaterThan(500)
    // Each import of a file of ours is one that exists, so none is misread.
    const missing = imports.filter(({ to }) => to.startsWith('src/') && !known.has(to) && !to.endsWith('.css'))
    expect(missing).toEqual([])
  })

  it('imports what the table allows', () => expect(tableFaults(architecture, imports)).toEqual([]))
  it('has a table that allows no more than is used', () => expect(looseLaws(architecture, imports)).toEqual([]))
  it('has a drawing in which every import points down', () => expect(drawingFaults(architecture)).toEqual([]))
  it('has no circle of files', () => expect(circles(imports)).toEqual([]))
  it('has no file that is too long', () => expect(longFiles(files)).toEqual([]))

  it('has each file and folder that the page names', () => {
    const named = [...markdown.matchAll(/`((?:src|tests|models|public)\/[\w./-]+)`/g)].map(([, path]) => path!)
    expect(named.length).toBeGreaterThan(15)
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

describe('each law finds what breaks it', () => {
  const laws = `
| folder | what | may use | packages |
|---|---|---|---|
| \`src/core\` | a | nothing | |
| \`src/model\` | b | core | valibot |
| \`src/guidance\` | c | core, model; types of settings | |
| \`src/settings\` | d | core, guidance | node: |

\`\`\`layers
[settings]
[guidance]
[model]
[core]
\`\`\`
`
  const sound = readArchitecture(laws)
  const fault = (file: string, text: string) => tableFaults(sound, importsOf(file, text))

  it.each([
    ['a value of a folder that is not in the row', 'src/core/a.ts', "import { b } from '../model/b'"],
    ['a type of a folder that is not in the row', 'src/core/a.ts', "import type { B } from '../model/b'"],
    ['a value where types only are allowed', 'src/guidance/a.ts', "import { s } from '../settings/s'"],
    ['a type beside a value', 'src/guidance/a.ts', "import { s, type T } from '../settings/s'"],
    ['a re-export', 'src/core/a.ts', "export { b } from '../model/b'"],
    ['a dynamic import', 'src/core/a.ts', "const b = await import('../model/b')"],
    ['a worker started by address', 'src/core/a.ts', "new Worker(new URL('../model/b.ts', import.meta.url))"],
    ['an import over several lines', 'src/core/a.ts', "import {\n  b,\n  c,\n} from '../model/b'"],
    ['a package', 'src/core/a.ts', "import * as v from 'valibot'"],
    ['a package of Node', 'src/model/a.ts', "import { join } from 'node:path'"],
    ['a test', 'src/core/a.ts', "import { fake } from '../../tests/support/fake'"],
    ['a folder without a row', 'src/other/a.ts', "import { b } from '../core/b'"],
  ])('%s', (_, file, text) => expect(fault(file, text)).toHaveLength(1))

  it.each([
    ['src/guidance/a.ts', "import type { S } from '../settings/s'"],
    ['src/guidance/a.ts', "import { type S, type T } from '../settings/s'"],
    ['src/model/a.ts', "import * as v from 'valibot'"],
    ['src/settings/a.ts', "import { join } from 'node:path'\nimport './b'\nimport { c } from '../core/c'"],
  ])('and nothing in %s: %s', (file, text) => expect(fault(file, text)).toEqual([]))

  const drawn = (layers: string) => drawingFaults(readArchitecture(laws.replace(/```layers[\s\S]*```/, layers)))
  it.each([
    ['a folder that is not drawn', '```layers\n[settings]\n[guidance]\n[model]\n```', /drawing has no core/],
    ['a folder that has no row', '```layers\n[ui]\n[settings]\n[guidance]\n[model]\n[core]\n```', /table has no ui/],
    ['an arrow upwards', '```layers\n[guidance]\n[settings]\n[model]\n[core]\n```', /guidance not below settings/],
    [
      'two folders on one layer, of which one uses the other',
      '```layers\n[settings]\n[guidance] [model]\n[core]\n```',
      /model not below/,
    ],
    [
      'a folder that is drawn twice',
      '```layers\n[settings]\n[guidance]\n[model]\n[core] [model]\n```',
      /model is drawn twice/,
    ],
  ])('%s', (_, layers, message) => expect(drawn(layers).join('\n')).toMatch(message))

  it('a row that allows more than is used', () => {
    const used = importsOf('src/model/a.ts', "import { b } from '../core/b'")
    expect(looseLaws({ ...sound, laws: sound.laws.filter(({ folder }) => folder === 'model') }, used)).toEqual([
      'src/model does not use valibot',
    ])
  })

  it('a circle, of values and of types', () => {
    const circle = (...texts: readonly string[]) =>
      circles(texts.flatMap((text, index) => importsOf(`src/core/${'abc'[index]}.ts`, text)))
    expect(circle("import { b } from './b'", "import type { C } from './c'", "export { a } from './a'")).toEqual([
      'src/core/a → src/core/b → src/core/c → src/core/a',
    ])
    expect(circle("import { b } from './b'", "import { c } from './c'", '')).toEqual([])
  })

  it('a file that is too long, and one that is longer than any reason', () => {
    const file = (lines: number, first = '') => ({ path: 'src/a.ts', text: `${first}\n${'x\n'.repeat(lines - 1)}` })
    expect(longFiles([file(300)])).toEqual([])
    expect(longFiles([file(301)])).toEqual(['src/a.ts has 301 lines'])
    expect(longFiles([file(350, '// Long because it is a table.')])).toEqual([])
    expect(longFiles([file(351, '// Long because it is a table.')])).toEqual(['src/a.ts has 351 lines'])
  })
})
