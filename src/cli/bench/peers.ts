/** The engine beside the plain loops that a person would write for the same pictures, in Python and in a page, taking turns. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Page } from 'playwright-core'
import { parseManifest } from '../../model/manifest'
import type { ModelInfo } from '../../model/types'
import { fileServedAs } from '../../model/served'
import { buildEnginePage } from '../engine-page'
import { modelFolder } from '../models'
import { ROOT } from '../site.mjs'
import { listen, sendFile, siteServer } from '../static-server.mjs'
import type { Options } from './arguments'
import { CpuClock } from './cpu'
import { Rounds, type Goal, type Reading, type Table } from './figure'
import type { Done, Order } from './peers/order'
import { pythonWith, startPython } from './peers/python'
import type { Timed } from './peers/page'
import { peerSettings, writeWork } from './peers/work'

const FOLDER = join(ROOT, '.cache', 'bench', 'peers')
const SEED = 26
/** Pictures that differ by more are of other work; data units. */
const SAME = 1e-2

/** How a loop may be written. */
const LOOPS = [
  { name: 'two sessions', batch: false },
  { name: 'one batch', batch: true },
] as const
type Loop = (typeof LOOPS)[number]['name']

/** Somebody who does the work. */
interface Peer {
  readonly name: string
  /** Whether it is such a loop, and does the work in each way; else it has one of its own, which is beside them all. */
  readonly loops: boolean
  /** `round` −1 is the picture that is compared. */
  work(order: Order, round: number): Promise<Done>
}

const WIDER =
  'Tried: all rows of a step in one run, spread over the cores; kernels of our own. Native code has vectors of 256 or 512 bits where WebAssembly has 128: it would take those, or a GPU.'

/** The two sessions are what a person would write, and what is aimed at; one batch, of a graph with controls, is the stronger loop. */
const WORKS: readonly {
  readonly name: string
  readonly alone: boolean
  readonly goals: Readonly<Record<Loop, readonly Goal[]>>
}[] = [
  {
    name: 'three pictures',
    alone: true,
    goals: { 'two sessions': [{ times: 1.5, missed: WIDER }], 'one batch': [{ times: 1, missed: WIDER }] },
  },
  {
    name: 'guided only',
    alone: false,
    goals: { 'two sessions': [{ times: 1, missed: WIDER }], 'one batch': [{ times: 1, missed: WIDER }] },
  },
]

/** The site of the peers' page, the models, and the work. */
async function pageServer(work: string) {
  const directory = join(FOLDER, 'page')
  await buildEnginePage({ root: join(import.meta.dirname, 'peers'), directory, minify: true })
  const server = siteServer({
    directory,
    isolation: true,
    intercept: (request, response, path) => {
      if (path.startsWith('/peers/')) return sendFile(request, response, join(work, path.slice('/peers/'.length)))
      return path.startsWith('/models/') && sendFile(request, response, join(ROOT, fileServedAs(path)))
    },
  })
  await listen(server, 0, '127.0.0.1')
  return server
}

/** Times in a page are by its own clock; what they took of a processor is asked of the system. */
async function timed(browser: Browser, doing: () => Promise<Timed>): Promise<Done> {
  const devtools = await browser.newBrowserCDPSession()
  const clock = new CpuClock(async () => {
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo')
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  })
  await clock.start()
  const { from, to, picture } = await doing().finally(() => clock.stop())
  await devtools.detach()
  return { ms: to - from, cpu: clock.between(from, to), picture: Float32Array.from(picture) }
}

const largestDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0)

/** One round of one peer: each work in each way. */
async function round({ loops, work }: Peer, count: number): Promise<readonly Reading[]> {
  const readings: Reading[] = []
  for (const { name, alone, goals } of WORKS) {
    let done: Done | null = null
    for (const way of LOOPS) {
      if (loops || !done) done = await work({ alone, batch: way.batch }, count)
      const line = `${name}, beside ${way.name}`
      readings.push(
        { line, unit: 'ms', value: done.ms, goals: goals[way.name] },
        { line: `${line}, CPU`, unit: 'ms', value: done.cpu, goals: goals[way.name] },
      )
    }
  }
  return readings
}

interface Chromium {
  readonly browser: Browser
  readonly pages: readonly [engine: Page, loop: Page]
}

function peersIn({ browser, pages: [own, plain] }: Chromium, model: ModelInfo, threads: number): readonly Peer[] {
  let seed = SEED
  return [
    {
      name: 'onnxruntime-web',
      loops: true,
      work: (order) =>
        timed(browser, () =>
          plain.evaluate(([asked, count]) => window.bench.loop(asked, count), [order, threads] as const),
        ),
    },
    {
      name: 'this engine',
      loops: false,
      // Pictures that it drew before it knows in part.
      work: ({ alone }, turn) => {
        const settings = peerSettings(model, turn < 0 ? SEED : ++seed)
        return timed(browser, () =>
          own.evaluate(([asked, all]) => window.bench.engine(asked, all), [settings, alone] as const),
        )
      },
    },
  ]
}

/** Every peer does the work once, untimed, and its picture is compared with the engine's. */
async function warmUp(peers: readonly Peer[]): Promise<number> {
  const pictures: Float32Array[] = []
  for (const { work } of peers) {
    for (const { batch } of LOOPS)
      for (const { alone } of WORKS) pictures.push((await work({ alone, batch }, -1)).picture)
  }
  const own = pictures.at(-1)!
  const difference = Math.max(...pictures.map((picture) => largestDifference(picture, own)))
  if (!(difference <= SAME))
    throw new Error(
      `the peers draw other pictures: they differ by ${difference.toPrecision(2)}, so they were not timed`,
    )
  return difference
}

async function compare(peers: readonly Peer[], rounds: number, say: (line: string) => void) {
  const read = new Rounds()
  const difference = await warmUp(peers)
  for (let count = 0; count < rounds; count++) {
    say(`Round ${count + 1} of ${rounds}: peers`)
    const order = [...peers.slice(count % peers.length), ...peers.slice(0, count % peers.length)]
    for (const peer of order) read.add(peer.name, await round(peer, count))
  }
  return { rows: read.rows(), difference }
}

const TITLE = 'Beside plain loops'
const WAYS_NOTE =
  'Two sessions, one for each side, are the loop that a person would write; one batch of all rows of a step, in a graph that takes controls by row, is the stronger one. The engine has one way, which is beside both.'

export async function measurePeers(
  { model: id, backend, rounds, threads: wanted, python: chosen }: Options,
  executablePath: string,
  say: (line: string) => void,
): Promise<Table> {
  say('Building the page of peers, and their graphs')
  const work = join(FOLDER, id)
  const { path } = writeWork(id, work, SEED)
  const found = pythonWith(chosen)
  const server = await pageServer(work)
  const browser = await chromium.launch({
    executablePath,
    args: [
      ...(backend === 'webgpu' ? ['--enable-unsafe-webgpu'] : []),
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
  const ends: (() => unknown)[] = [() => server.closeAllConnections(), () => server.close(), () => browser.close()]
  try {
    const open = async () => {
      const page = await (await browser.newContext()).newPage()
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      return page
    }
    const pages = [await open(), await open()] as const
    const info = await pages[0].evaluate(([model, choice]) => window.bench.start(model, choice), [id, backend] as const)
    const threads = wanted ?? info.threads
    const model = parseManifest(JSON.parse(readFileSync(join(modelFolder(id), 'manifest.json'), 'utf8')))
    const python = 'python' in found ? await startPython(found.python, path, threads) : null
    if (python) ends.push(python.stop)
    const loops: readonly Peer[] = python ? [{ name: 'Python', loops: true, work: python.work }] : []
    const { rows, difference } = await compare([...loops, ...peersIn({ browser, pages }, model, threads)], rounds, say)
    const said = python
      ? `onnxruntime ${python.version} in Python`
      : `${'without' in found ? found.without : ''} Left out: the loop in Python`
    return {
      title: TITLE,
      note: `The same 16 steps of PAG: ${said}, and onnxruntime-web in the page, ${threads === 1 ? '1 thread' : `${threads} threads`} each, and the engine on ${info.label}. ${WAYS_NOTE} The guided pictures differ by ${difference.toExponential(0)} at most.`,
      columns: [...loops.map(({ name }) => name), 'onnxruntime-web', 'this engine'],
      rows,
    }
  } finally {
    for (const end of ends.reverse()) await end()
  }
}
