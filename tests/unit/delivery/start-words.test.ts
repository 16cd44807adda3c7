/** What `public/start.js` says where the page does not start, and that it names what the page is built for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import vm from 'node:vm'
import { expect, it, test } from 'vitest'
import { OLDEST } from '../../../src/cli/browsers.mjs'

const root = join(import.meta.dirname, '..', '..', '..')
const source = readFileSync(join(root, 'public', 'start.js'), 'utf8')

interface Browser {
  readonly href?: string
  /** As a page sees its own: `null` in a sandbox. */
  readonly origin?: string
  /** Run before the script: takes something away. */
  readonly without?: string
  readonly modules?: boolean
  /** Chosen on an earlier visit. */
  readonly theme?: string | null
}

/** The script in a browser of that kind: what happens there, and what stands on the page then. */
function start({ href = 'https://site.test/#v=2', origin, without = '', modules = true, theme = null }: Browser) {
  const attributes = new Map<string, string>()
  const asked: string[] = []
  const place = {
    textContent: 'Starting.',
    role: 'status',
    setAttribute: (_: string, role: string) => void (place.role = role),
  }
  const listeners = new Map<string, (event: unknown) => void>()
  const listen = (type: string, listener: (event: unknown) => void) => void listeners.set(type, listener)
  let parsed = false
  const location = new URL(href)
  const context = vm.createContext({
    location: { href, protocol: location.protocol, origin: location.origin, hash: location.hash },
    localStorage: { getItem: () => theme },
    fetch: (address: string) => (asked.push(address), address),
    document: {
      documentElement: { setAttribute: (name: string, value: string) => attributes.set(name, value) },
      createElement: () => (modules ? { noModule: false } : {}),
      getElementById: () => (parsed ? place : null),
      addEventListener: listen,
    },
    addEventListener: listen,
  })
  const names = ['structuredClone', 'queueMicrotask', 'AbortController', 'DecompressionStream', 'OffscreenCanvas']
  vm.runInContext(
    `var window = globalThis; window.origin = ${JSON.stringify(origin ?? location.origin)}
     for (const name of ${JSON.stringify([...names, 'ResizeObserver', 'Worker'])}) window[name] = function () {}
     window.Element = class { replaceChildren() {} }
     window.Image = class { set src(address) { fetch(address) } }
     ${without}`,
    context,
  )
  vm.runInContext(source, context)
  const { early } = context as { early: { ask(address: string): void; take(address: string): unknown } }
  return {
    early,
    happens: (type: string, event: unknown = {}) => listeners.get(type)?.(event),
    parsed: () => {
      parsed = true
      listeners.get('DOMContentLoaded')?.({})
    },
    said: () => `${place.role}: ${place.textContent}`,
    attributes,
    asked,
  }
}

it.each<readonly [string, Browser, RegExp]>([
  ['opened as a file', { href: 'file:///tmp/dist/index.html' }, /opened as a file.*over http/],
  ['no module scripts', { modules: false }, /lacks module scripts.*Chrome or Edge 108/],
  ['no WebAssembly', { without: 'delete window.WebAssembly' }, /lacks WebAssembly, which/],
  ['no SIMD', { without: 'WebAssembly.validate = () => false' }, /lacks SIMD in WebAssembly/],
  ['a function of arrays', { without: 'delete Array.prototype.at' }, /lacks at,/],
  ['a function of objects', { without: 'delete Object.hasOwn' }, /lacks hasOwn,/],
  ['a class', { without: 'delete window.DecompressionStream' }, /lacks DecompressionStream,/],
])('says at once: %s', (_, browser, words) => {
  const { parsed, said } = start(browser)
  parsed()
  expect(said()).toMatch(/^alert: /)
  expect(said()).toMatch(words)
})

it('says nothing where nothing is missing', () => {
  const { parsed, said } = start({})
  parsed()
  expect(said()).toBe('status: Starting.')
})

it.each<readonly [string, Browser, string, unknown, RegExp]>([
  ['a script', {}, 'error', { target: { src: 'https://site.test/a.js' } }, /did not come: https:\/\/site\.test\/a\.js/],
  ['a stylesheet', {}, 'error', { target: { href: 'https://site.test/a.css' } }, /did not come.*a\.css/],
  ['in a sandbox', { origin: 'null' }, 'error', { target: { src: 'https://site.test/a.js' } }, /sandboxed.*a tab/],
  ['an exception', {}, 'error', { target: {}, error: new Error('x is not a function') }, /x is not a function\./],
  ['a promise', {}, 'unhandledrejection', { target: {}, reason: 'out of luck' }, /could not start: out of luck/],
  // A stylesheet does not come there either; that it is a file is the cause.
  ['a file', { href: 'file:///d/index.html' }, 'error', { target: { href: 'file:///d/a.css' } }, /opened as a file/],
])('names what failed first, whether the words stand by then or not: %s', (_, browser, type, event, words) => {
  for (const early of [true, false]) {
    const { happens, parsed, said } = start(browser)
    if (!early) parsed()
    happens(type, event)
    if (early) parsed()
    expect(said()).toMatch(words)
    const first = said()
    happens('error', { target: {}, message: 'another' })
    expect(said()).toBe(first)
  }
})

it.each([
  ['', 'plain'],
  ['#', 'plain'],
  ['#v=2&method=seg&seed=7', 'link'],
  ['#model=tiny', 'link'],
  ['#v=2&embed=1', 'other'],
  ['#room=learn', 'other'],
  ['#lesson=pag', 'other'],
  ['#v=2&present=1', 'other'],
  ['#theme=dark', 'other'],
])('tells an address %s for %s, of which only one without settings has the stored pictures', (hash, visit) => {
  const { attributes, asked, parsed } = start({ href: `https://site.test/${hash}` })
  expect(attributes.get('data-visit')).toBe(visit)
  expect(asked).toEqual(visit === 'plain' ? ['./first-light-ahead.png'] : [])
  parsed()
  expect(attributes.get('data-visit')).toBe(visit)
})

it('asks for nothing twice, whoever is first, and gives each answer once', () => {
  const { asked, early } = start({})
  early.ask('./a.json')
  early.ask('./a.json')
  expect([early.take('./a.json'), early.take('./a.json')]).toEqual(['./a.json', null])
  // The page's code was faster.
  expect(early.take('./b.json')).toBeUndefined()
  early.ask('./b.json')
  expect(asked).toEqual(['./a.json'])
})

it('brings its words forward where the page does not start', () => {
  const { attributes, happens, parsed } = start({ href: 'https://site.test/' })
  parsed()
  happens('error', { target: { src: 'https://site.test/a.js' } })
  expect(attributes.get('data-visit')).toBe('other')
})

it('is in the theme that was chosen, before anything is seen', () => {
  expect(start({ theme: 'dark' }).attributes.get('data-theme')).toBe('dark')
  for (const theme of [null, 'system', 'red']) expect(start({ theme }).attributes.has('data-theme')).toBe(false)
})

test('it is written for browsers that the page does not run in', () => {
  expect(source).not.toMatch(/=>|\b(?:const|let|class|async)\b [\w$]|`|\?\?|\?\./)
})

test('it and the engine name the browsers that the page is built for, and the words that it replaces are there', () => {
  const { chrome, edge, firefox, safari, ios } = OLDEST
  expect(chrome).toBe(edge)
  const engine = readFileSync(join(root, 'src', 'worker', 'cause.ts'), 'utf8')
  for (const words of [source, engine])
    expect(words).toContain(`Chrome or Edge ${chrome}, Firefox ${firefox}, Safari ${safari} (iOS ${ios}), or newer`)
  expect(readFileSync(join(root, 'index.html'), 'utf8')).toMatch(/<div id="root">[\s\S]*<p id="why" role="status"/)
})
