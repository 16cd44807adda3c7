/** public/early.js in a browser that is made up: when it asks for what the application and the engine's start need. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import vm from 'node:vm'
import { expect, it } from 'vitest'

const source = readFileSync(join(import.meta.dirname, '../../../public/early.js'), 'utf8').replace(
  'const STARTS = {}',
  "const STARTS = { toys: [['graph.onnx', 'a'], ['weights.bin', 'b']], tiny: [['tiny.onnx', 'c']] }",
)

interface Visit {
  readonly hash?: string
  readonly visit?: string
  readonly visibility?: string
}

/** The script as such an address begins; what it has asked for, and what happens then. */
function begin({ hash = '', visit = 'plain', visibility = 'visible' }: Visit = {}) {
  const asked: string[] = []
  let paint: ((name: string) => void) | null = null
  let late: (() => void) | null = null
  const context = vm.createContext({
    early: { ask: (address: string) => void asked.push(address) },
    location: { hash, origin: 'https://site.test' },
    performance: { getEntriesByName: () => [{}] },
    document: {
      documentElement: { dataset: { visit } },
      visibilityState: visibility,
      querySelectorAll: () => [],
      createElement: () => ({}),
      head: { append: ({ href }: { href: string }) => void asked.push(href) },
    },
    navigator: { gpu: { requestAdapter: async () => void asked.push('adapter') } },
    setTimeout: (task: () => void, milliseconds: number) => {
      if (milliseconds === 1000) late = task
    },
    PerformanceObserver: class {
      constructor(heard: (paints: { getEntriesByName(name: string): readonly unknown[] }) => void) {
        paint = (name) => heard({ getEntriesByName: (wanted) => (wanted === name ? [{}] : []) })
      }
      observe() {}
    },
    URL,
    URLSearchParams,
  })
  vm.runInContext(`var window = globalThis; window.top = window; window.crossOriginIsolated = true\n${source}`, context)
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    asked: async () => {
      await settle()
      return [...asked].sort()
    },
    paints: (name: string) => paint?.(name),
    late: () => late?.(),
  }
}

const STORED = ['./first-light.json', './first-light.png']
const START = ['./models/toys/graph.onnx', './models/toys/weights.bin']

it('asks for nothing before the drawn page stands, and then for all', async () => {
  const { asked, paints } = begin()
  expect(await asked()).toEqual([])
  paints('first-paint')
  expect(await asked()).toEqual([])
  paints('first-contentful-paint')
  expect(await asked()).toEqual([...STORED, ...START, 'adapter'])
})

it('waits no longer than a second', async () => {
  const { asked, late } = begin({ hash: '#model=tiny', visit: 'link' })
  expect(await asked()).toEqual([])
  late()
  expect(await asked()).toEqual(['./models/tiny/tiny.onnx', 'adapter'])
})

it.each([
  [{ visibility: 'hidden' }, [...STORED, ...START, 'adapter']],
  [{ hash: '#embed=1', visit: 'other' }, [...START, 'adapter']],
  [{ hash: '#room=learn', visit: 'other' }, ['adapter']],
])('waits for no paint where the build has drawn nothing to be seen: %o', async (visit, all) => {
  expect(await begin(visit).asked()).toEqual(all)
})
