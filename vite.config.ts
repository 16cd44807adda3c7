import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import react from '@vitejs/plugin-react'
import tailwindcss from '@tailwindcss/vite'
import { defaultClientConditions, defineConfig, minifySync, type Plugin, type Rolldown, runnerImport } from 'vite'
import { TARGET } from './src/cli/browsers.mjs'
import { licences } from './src/cli/licences.mjs'
import { lessonsServed } from './src/cli/lessons-served.mjs'
import { offline } from './src/cli/offline.mjs'
import { parts } from './src/cli/parts.mjs'
import { plainPage } from './src/cli/plain-page.mjs'
import { prerender } from './src/cli/prerender.mjs'
import { siteCards } from './src/cli/site-cards.mjs'
import { ISOLATION_HEADERS, sendFile } from './src/cli/static-server.mjs'
import { fileServedAs, servedName } from './src/model/served.ts'

const root = import.meta.dirname

/**
 * Serves `models/<id>/<file>` (not the training recipes) and copies it into the build, under names whose types hosts know. A
 * card, `README.md`, goes as a page: where a host does not know `.md`, a browser saves the file instead of showing it.
 */
function models(): Plugin {
  const shipped = (file: string) => /\.(json|onnx|bin|png|jpg|svg)$/.test(file) || basename(file) === 'README.md'
  const card = (id: string) =>
    plainPage(`Model card: ${id}`, readFileSync(join(root, 'models', id, 'README.md'), 'utf8'))
  return {
    name: 'models',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const [pathname = '', query] = (request.url ?? '').split('?')
        // What the page's code imports is Vite's to make a module of.
        const path = new URLSearchParams(query).has('import') ? null : /^\/models\/([\w-]+)\/([\w.-]+)$/.exec(pathname)
        const file = path && join(root, 'models', path[1]!, fileServedAs(path[2]!))
        if (!file || !shipped(file) || !existsSync(file)) next()
        else if (file.endsWith('.md'))
          response.setHeader('Content-Type', 'text/html; charset=utf-8').end(card(path[1]!))
        else if (!sendFile(request, response, file)) next()
      })
    },
    writeBundle(options) {
      for (const id of readdirSync(join(root, 'models'))) {
        // Beside the families lies what trains them, and a family may be on its way.
        if (!existsSync(join(root, 'models', id, 'manifest.json'))) continue
        const folder = join(options.dir ?? 'dist', 'models', id)
        mkdirSync(folder, { recursive: true })
        for (const file of readdirSync(join(root, 'models', id)).filter(shipped)) {
          if (file.endsWith('.md')) writeFileSync(join(folder, servedName(file)), card(id))
          else cpSync(join(root, 'models', id, file), join(folder, servedName(file)))
        }
      }
    },
  }
}

/** The policy that the page holds itself to, for hosts that send none: its own files, WebAssembly, and lessons from elsewhere. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self' https:",
  "style-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

type OfPage = typeof import('./src/ui/prerender/prerender')
let page: Promise<OfPage> | null = null

/** What the build runs of the page's own code. */
function ofPage(): Promise<OfPage> {
  const options = { root, configFile: false, logLevel: 'error' } as const
  page ??= runnerImport<OfPage>(join(root, 'src/ui/prerender/prerender.tsx'), options).then(({ module }) => module)
  return page
}

/** The page as React draws it first, with the stored run on its stage. */
async function draw() {
  const stored = (name: string) => readFileSync(join(root, 'public', name))
  const { prerendered } = await ofPage()
  return prerendered(JSON.parse(stored('first-light.json').toString()), stored('first-light.png'))
}

/**
 * What stands before the page's code: a classic script that says why the page does not start, which no policy may stop; the
 * policy; the script that isolates the page where its host sends no headers, as the development server does; and the one that asks
 * for what is needed. A browser looks no further ahead than to a script before a policy, so the files of the page are named first.
 */
function before(): Plugin {
  /** The sheets and scripts without which nothing is seen. */
  function needed(bundle: Rolldown.OutputBundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
    const first = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
    // Grows as it is gone through.
    for (const name of first)
      for (const imported of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) first.add(imported)
    const sheets = chunks.filter(({ fileName }) => first.has(fileName))
    return { scripts: [...first], sheets: sheets.flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]) }
  }
  let fake = false
  return {
    name: 'before',
    apply: 'build',
    configResolved({ mode }) {
      fake = mode === 'fake'
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle = {} }) => {
        const { sheets, scripts } = needed(bundle)
        const ahead = (href: string, attrs: object) => ({
          tag: 'link',
          attrs: { ...attrs, crossorigin: true, href: `./${href}` },
        })
        const head = [
          ...sheets.map((href) => ahead(href, { rel: 'preload', as: 'style' })),
          ...scripts.map((href) => ahead(href, { rel: 'modulepreload' })),
          { tag: 'link', attrs: { rel: 'preload', as: 'script', href: './early.js' } },
          { tag: 'script', attrs: { src: './start.js' } },
          { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY } },
          { tag: 'script', attrs: { src: './isolation.js', async: true } },
          { tag: 'script', attrs: { src: './early.js', async: true } },
        ]
        return head.map((tag) => ({ ...tag, injectTo: 'head-prepend' as const }))
      },
    },
    // Vite copies them as they are.
    async writeBundle({ dir = 'dist' }) {
      const place = 'const STARTS = {}'
      for (const name of ['start.js', 'isolation.js', 'early.js', 'guidance-playground.js']) {
        const file = join(dir, name)
        let text = readFileSync(file, 'utf8')
        if (name === 'early.js' && !text.includes(place)) throw new Error(`${name} has no place for what a start needs`)
        // The imitation of the engine needs nothing.
        if (!fake) text = text.replace(place, `const STARTS = ${JSON.stringify((await ofPage()).starts())}`)
        writeFileSync(file, minifySync(name, text, { module: false }).code)
      }
    },
  }
}

/** The styles that KaTeX writes as attributes, which the policy forbids: a width, that of the element around as well. */
const WIDTH = /"style": "width:" \+ makeEm\(width\),/g

/** Leaves KaTeX's fonts to WOFF2, which every browser that can run this page reads, and its styles to elements. */
function katexParts(): Plugin {
  return {
    name: 'katex-parts',
    enforce: 'pre',
    transform(code, id) {
      if (/\/katex\/dist\/katex(\.min)?\.css$/.test(id)) {
        return { code: code.replace(/,\s*url\([^)]+\)\s*format\("(?:woff|truetype)"\)/g, ''), map: null }
      }
      if (!id.endsWith('/katex/dist/katex.mjs')) return null
      if (code.search(WIDTH) < 0)
        throw new Error('KaTeX writes its styles in another way: look whether the policy allows it')
      return { code: code.replace(WIDTH, ''), map: null }
    },
  }
}

/** ORT's glue is emitted as `.js`: a host whose table of types lacks `.mjs` sends it as bytes, which no browser runs. */
const output = {
  assetFileNames: ({ names }: { readonly names: readonly string[] }) =>
    names.some((name) => name.endsWith('.mjs')) ? 'assets/[name]-[hash].js' : 'assets/[name]-[hash][extname]',
}

/** The name of the chunk, and what it begins with. */
const FIRST = 'first'
const FIRST_ENTRIES = ['src/main.tsx', 'src/ui/rooms/play/room.tsx'].map((file) => join(root, file))

let firstModules: Set<string> | null = null

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null
}

/**
 * All that the playground needs at once is one chunk. As parts, some of which every room shares, it would be forty files, each packed by
 * itself: 200 kB in place of 190.
 */
function firstView(id: string, graph: ModuleGraph): string | null {
  if (!firstModules) {
    firstModules = new Set(FIRST_ENTRIES)
    // Grows as it is gone through.
    for (const module of firstModules)
      for (const imported of graph.getModuleInfo(module)?.importedIds ?? []) firstModules.add(imported)
  }
  return firstModules.has(id) && id !== FIRST_ENTRIES[0] ? FIRST : null
}

/** In `--mode fake`, for tests of the page and for looking at it without a model: an imitation stands in the engine's place. */
function fakeEngine(): Plugin {
  return {
    name: 'fake-engine',
    enforce: 'pre',
    apply: (_, { mode }) => mode === 'fake',
    resolveId: (id) => (id.endsWith('/engine-port') ? join(root, 'tests/browser/page/fake-port.ts') : null),
  }
}

const { collect: collectLicences, write: writeLicences } = licences(root)

export default defineConfig({
  root,
  // Relative, so that the built site works from any sub-path.
  base: './',
  plugins: [
    fakeEngine(),
    parts(),
    react(),
    tailwindcss(),
    katexParts(),
    models(),
    lessonsServed(root),
    before(),
    prerender(draw),
    siteCards(),
    collectLicences(),
    writeLicences(),
    offline(),
  ],
  worker: { format: 'es', plugins: () => [parts(), collectLicences()], rolldownOptions: { output } },
  resolve: {
    // ORT's own glue would start pthreads from our worker's chunk and run the application again in each of them.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
    // The package's version for browsers writes HTML, which a policy of trusted types forbids.
    alias: [
      {
        find: 'decode-named-character-reference',
        replacement: join(root, 'node_modules/decode-named-character-reference/index.js'),
      },
      // For React 17, which had no such hook of its own.
      { find: /^use-sync-external-store\/shim$/, replacement: 'react' },
    ],
  },
  server: { headers: ISOLATION_HEADERS },
  preview: { headers: ISOLATION_HEADERS },
  build: {
    target: TARGET,
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // What a room is made of comes at once; of the parts that come later little is not there yet, and their lists cost.
      resolveDependencies: (file, needed) =>
        /\/room-/.test(file) ? needed : needed.filter((name) => name.endsWith('.css')),
    },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { output: { ...output, codeSplitting: { groups: [{ name: firstView, debugName: FIRST }] } } },
  },
})
