/**
 * The laws that ARCHITECTURE.md writes down, read from its table and its drawing, and held against the imports of the code.
 * Pure: the test brings the texts.
 */

/** One row of the table: what a folder of `src` may import. */
export interface FolderLaw {
  readonly folder: string
  /** Folders whose values and types it may use. */
  readonly values: readonly string[]
  /** Folders of which it may use types only. */
  readonly types: readonly string[]
  /** Packages outside the project; a name ending in `/` stands for all that begin with it, `node:` for Node's own. */
  readonly packages: readonly string[]
}

export interface Architecture {
  readonly laws: readonly FolderLaw[]
  /** Folders of the drawing, the highest layer first. */
  readonly layers: readonly (readonly string[])[]
}

export interface Import {
  /** Path of the file, such as `src/core/blur.ts`. */
  readonly from: string
  /** Path of the imported file without its ending, or the name of a package. */
  readonly to: string
  readonly typeOnly: boolean
}

/** Names between backquotes, or the plain words of a list. */
const words = (cell: string): readonly string[] =>
  cell
    .replaceAll('`', '')
    .split(/[,\s]+/)
    .filter((word) => word !== '' && word !== 'nothing' && word !== '–')

/** Reads the table whose rows begin with `src/…`, and the first drawing (a fenced block marked `layers`). */
export function readArchitecture(markdown: string): Architecture {
  const laws = markdown.split('\n').flatMap((line): readonly FolderLaw[] => {
    const cells = line.split('|').map((cell) => cell.trim())
    const folder = /^`src\/(\w+)`$/.exec(cells[1] ?? '')?.[1]
    if (folder === undefined) return []
    if (cells.length !== 6) throw new Error(`the row of ${folder} has ${cells.length - 2} cells, not 4`)
    const [values = '', types = ''] = cells[3]!.split(/;?\s*types of /)
    return [{ folder, values: words(values), types: words(types), packages: words(cells[4]!) }]
  })
  const drawing = /```layers\n([\s\S]*?)```/.exec(markdown)?.[1] ?? ''
  const layers = drawing
    .split('\n')
    .map((line) => [...line.matchAll(/\[([a-z]+)\]/g)].map(([, name]) => name!))
    .filter((names) => names.length > 0)
  return { laws, layers }
}

const STATEMENT = /^(?:import|export)\s+(type\s+)?([^'";]*?)\s*from\s+'([^']+)'/gm
const BARE = /^import\s+'([^']+)'/gm
const DYNAMIC = /\bimport\(\s*(?:\/\*[^*]*\*\/\s*)?'([^']+)'/g
const ADDRESS = /new URL\(\s*'(\.[^']+)',\s*import\.meta\.url/g

function resolve(from: string, to: string): string {
  if (!to.startsWith('.')) return to
  const path = from.split('/').slice(0, -1)
  for (const part of to.replace(/\?[\w&]+$/, '').split('/')) {
    if (part === '..') path.pop()
    else if (part !== '.') path.push(part)
  }
  return path.join('/').replace(/\.(?:ts|tsx|mjs)$/, '')
}

/** Whether every name between the braces is marked as a type. */
function namesTypesOnly(clause: string): boolean {
  const names = /^\{([\s\S]*)\}$/.exec(clause.trim())?.[1]
  if (names === undefined) return false
  const each = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return each.length > 0 && each.every((name) => name.startsWith('type '))
}

/** All imports of a file: statements, re-exports, dynamic imports, and workers started by address. */
export function importsOf(file: string, text: string): readonly Import[] {
  const found: Import[] = []
  const add = (to: string, typeOnly: boolean) => found.push({ from: file, to: resolve(file, to), typeOnly })
  for (const [, type, clause = '', to] of text.matchAll(STATEMENT))
    add(to!, type !== undefined || namesTypesOnly(clause))
  for (const pattern of [BARE, DYNAMIC, ADDRESS]) for (const [, to] of text.matchAll(pattern)) add(to!, false)
  return found
}

const folderOf = (path: string): string | null => /^src\/(\w+)\//.exec(path)?.[1] ?? null

function packageAllowed(name: string, { packages }: FolderLaw): boolean {
  return packages.some(
    (allowed) =>
      name === allowed || name.startsWith(allowed.endsWith('/') || allowed === 'node:' ? allowed : `${allowed}/`),
  )
}

/** Imports that the table does not allow, in sentences. */
export function tableFaults({ laws }: Architecture, imports: readonly Import[]): readonly string[] {
  const byFolder = new Map(laws.map((law) => [law.folder, law]))
  return imports.flatMap(({ from, to, typeOnly }) => {
    const folder = folderOf(from)
    if (folder === null) return []
    const law = byFolder.get(folder)
    if (!law) return [`${from}: the table has no row for src/${folder}`]
    if (to.startsWith('tests/')) return [`${from} imports ${to}: src imports nothing from tests`]
    const target = folderOf(to)
    if (target === folder || to.startsWith('models/')) return []
    if (target === null) return packageAllowed(to, law) ? [] : [`${from} imports ${to}, which src/${folder} may not`]
    if (law.values.includes(target) || (typeOnly && law.types.includes(target))) return []
    const kind = law.types.includes(target) ? 'a value of' : typeOnly ? 'a type of' : ''
    return [`${from} imports ${kind} ${to}, which src/${folder} may not`.replace(/ {2,}/, ' ')]
  })
}

/** Where the drawing and the table differ, or an allowed import would point upwards in the drawing. */
export function drawingFaults({ laws, layers }: Architecture): readonly string[] {
  const height = new Map(layers.flatMap((names, index) => names.map((name) => [name, layers.length - index] as const)))
  const drawn = layers.flat()
  return [
    ...laws.filter(({ folder }) => !height.has(folder)).map(({ folder }) => `the drawing has no ${folder}`),
    ...drawn.filter((name) => !laws.some(({ folder }) => folder === name)).map((name) => `the table has no ${name}`),
    ...drawn.filter((name, index) => drawn.indexOf(name) !== index).map((name) => `${name} is drawn twice`),
    ...laws.flatMap(({ folder, values }) =>
      values
        .filter((used) => (height.get(used) ?? 0) >= (height.get(folder) ?? 0))
        .map((used) => `the drawing has ${used} not below ${folder}, which uses it`),
    ),
  ]
}

/** Rows that allow what no file does: a law looser than the code is no description of it. */
export function looseLaws({ laws }: Architecture, imports: readonly Import[]): readonly string[] {
  return laws.flatMap((law) => {
    const own = imports.filter(({ from }) => folderOf(from) === law.folder)
    const uses = (name: string, types: boolean) =>
      own.some(({ to, typeOnly }) => folderOf(to) === name && (types || !typeOnly))
    return [
      ...law.values.filter((name) => !uses(name, true)).map((name) => `src/${law.folder} uses nothing of ${name}`),
      ...law.types.filter((name) => !uses(name, true)).map((name) => `src/${law.folder} uses no type of ${name}`),
      ...law.packages
        .filter((name) => !own.some(({ to }) => packageAllowed(to, { ...law, packages: [name] })))
        .map((name) => `src/${law.folder} does not use ${name}`),
    ]
  })
}

/** Circles of files, each once, as a path that ends where it began; imports of types alone count as well. */
export function circles(imports: readonly Import[]): readonly string[] {
  const strip = (path: string) => path.replace(/\.(?:ts|tsx|mjs)$/, '')
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(strip(from), [...(next.get(strip(from)) ?? []), to])
  const found: string[] = []
  const done = new Set<string>()
  const walk = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0) {
      found.push([...path.slice(at), file].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const target of next.get(file) ?? []) walk(target, [...path, file])
    done.add(file)
  }
  for (const file of next.keys()) walk(file, [])
  return found
}

/** Longest that a file of `src` is; longer ones, up to `most`, give the reason in their first line. */
export const LINES = { usual: 300, most: 350 } as const

/** Files that are too long. `reason`: their first line begins with `// Long because`. */
export function longFiles(files: readonly { readonly path: string; readonly text: string }[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    const allowed = text.startsWith('// Long because ') ? LINES.most : LINES.usual
    return lines > allowed ? [`${path} has ${lines} lines`] : []
  })
}
