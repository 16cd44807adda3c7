/** The engine in a real browser on WASM: candidates, downloads, storage, runs, maps and recovery. WebGPU: `webgpu.test.ts`. */
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../../src/cli/site.mjs'
import type { Intercept } from '../../../src/cli/static-server.mjs'
import { sample } from '../../../src/sampling/sample'
import { loadNodeModel } from '../../../src/cli/node-model'
import { defaultSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import type { BackendChoice, EngineEvent } from '../../../src/worker/protocol'
import { launch, type Session } from '../harness'
import { readCases, relativeError } from './golden'
import { serveLab, type LabOptions } from './lab'

let session: Session
let close: (() => Promise<void>)[] = []

beforeAll(async () => {
  session = await launch({ webgpu: false, quick: true, shell: true })
})
afterAll(() => session.close())
afterEach(async () => {
  const open = close
  close = []
  try {
    session.expectClean()
  } finally {
    await session.reset()
    await Promise.all(open.map((end) => end()))
  }
})

/** On one thread unless a test is about threads: two that share their cores with other tests take longer than one. */
async function visit(options?: LabOptions) {
  const site = await serveLab({ isolation: false, ...options })
  close.push(site.close)
  const watched = await session.open(site.url)
  return { ...watched, site }
}

/** Starts the tiny model and resolves when the engine is ready or has failed. */
const start = (page: Page, choice: BackendChoice = 'auto') =>
  page.evaluate(async (wanted) => {
    const { engine, events, until } = window.lab
    const from = events.length
    engine.start('tiny', wanted)
    return until(
      (event): event is Extract<EngineEvent, { kind: 'ready' | 'failed' }> =>
        event.kind === 'ready' || event.kind === 'failed',
      from,
    )
  }, choice)

/** Runs to the end; images stay in the page. */
const run = (page: Page, patch: Partial<Settings> = {}, preview = false) =>
  page.evaluate(
    async ([changes, coarse]) => {
      const { engine, events, until, defaultSettings, fetchManifest } = window.lab
      const settings = { ...defaultSettings(await fetchManifest('tiny')), steps: 4, ...changes }
      const from = events.length
      const id = engine.run(settings, { preview: coarse })
      const end = await until(
        (event): event is Extract<EngineEvent, { kind: 'run-finished' | 'run-failed' | 'failed' }> =>
          event.kind === 'failed' ||
          ((event.kind === 'run-failed' || (event.kind === 'run-finished' && event.pass === 'full')) &&
            event.run === id),
        from,
      )
      const story = events.slice(from).map((event) => ('pass' in event ? `${event.kind} ${event.pass}` : event.kind))
      if (end.kind !== 'run-finished') return { story, failure: end.failure, digests: [], rows: 0 }
      return { story, failure: null, digests: end.summary.digests, rows: end.summary.evaluatedRows }
    },
    [patch, preview] as const,
  )

const story = (page: Page) =>
  page.evaluate(() => window.lab.events.map((event) => event.kind).filter((kind, i, all) => kind !== all[i - 1]))

const TINY = join(ROOT, 'models', 'tiny')

/** Answers one file of the tiny model with other bytes, and the manifest with hashes that fit them where `honest`. */
function replaceFile(name: string, change: (bytes: Buffer, request: number) => Buffer, honest: boolean): Intercept {
  let requests = 0
  return (_, response, path) => {
    if (path === `/models/tiny/${name}`) {
      response.end(change(readFileSync(join(TINY, name)), requests++))
      return true
    }
    if (honest && path === '/models/tiny/manifest.json') {
      const manifest = JSON.parse(readFileSync(join(TINY, 'manifest.json'), 'utf8')) as Record<string, unknown>
      for (const entry of Object.values(manifest)) {
        if (
          typeof entry !== 'object' ||
          entry === null ||
          !('sha256' in entry) ||
          !('file' in entry) ||
          entry.file !== name
        )
          continue
        entry.sha256 = createHash('sha256')
          .update(change(readFileSync(join(TINY, name)), 0))
          .digest('hex')
      }
      response.end(JSON.stringify(manifest))
      return true
    }
    return false
  }
}

const flip = (at: number) => (bytes: Buffer) => {
  const damaged = Buffer.from(bytes)
  damaged[at]! ^= 0x40
  return damaged
}

describe('candidates', () => {
  test('without a graphics processor threads take over, and say why', async () => {
    const { page } = await visit({ isolation: true })
    const ready = await start(page)
    expect(ready).toMatchObject({
      kind: 'ready',
      backend: { id: 'runner', label: expect.stringMatching(/^Processor · \d cores$/) },
    })
    if (ready.kind === 'ready') expect(ready.backend.goldenError).toBeLessThan(1e-4)
    const rejected = await page.evaluate(() => window.lab.events.find((event) => event.kind === 'backend-rejected'))
    expect(rejected).toMatchObject({ backend: 'webgpu', failure: { code: 'no-webgpu' } })
  })

  test('a host without isolation headers gets one core', async () => {
    const { page } = await visit()
    expect(await start(page)).toMatchObject({ kind: 'ready', backend: { id: 'runner', threads: 1 } })
    expect(await start(page, 'wasm-threads')).toMatchObject({ kind: 'failed', failure: { code: 'no-threads' } })
  })

  test('a chosen backend that cannot be had fails with a way on', async () => {
    const { page } = await visit()
    expect(await start(page, 'webgpu')).toMatchObject({
      kind: 'failed',
      failure: { code: 'no-webgpu', remedy: expect.stringContaining('automatic') },
    })
    expect(await start(page, 'wasm')).toMatchObject({ kind: 'ready' })
    expect((await run(page)).digests).toHaveLength(1)
  })

  test('a candidate whose numbers differ from PyTorch is not used', async () => {
    // The last value of the last expected image, changed in its exponent.
    const { page } = await visit({
      isolation: true,
      intercept: replaceFile('golden.bin', (bytes) => flip(bytes.length - 1)(bytes), true),
    })
    expect(await start(page)).toMatchObject({ kind: 'failed', failure: { code: 'golden-mismatch' } })
    const rejected = await page.evaluate(() =>
      window.lab.events.flatMap((event) => (event.kind === 'backend-rejected' ? [event.failure.code] : [])),
    )
    expect(rejected).toEqual(['no-webgpu', 'golden-mismatch', 'golden-mismatch'])
  })

  test('a strict content security policy is enough', async () => {
    const { page } = await visit({
      isolation: true,
      intercept: (_, response) => {
        response.setHeader(
          'Content-Security-Policy',
          "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src data:",
        )
        return false
      },
    })
    expect(await start(page)).toMatchObject({ kind: 'ready', backend: { id: 'runner' } })
  })
})

describe('downloads', () => {
  test('a second visit asks for the manifest only', async () => {
    const { page, site } = await visit()
    await start(page)
    const count = () => site.requests.filter((path) => path.startsWith('/models/')).sort()
    expect(count()).toEqual([
      '/models/tiny/golden.bin',
      '/models/tiny/graph.onnx.bin',
      '/models/tiny/manifest.json',
      '/models/tiny/weights.fp16.bin',
    ])
    await page.reload()
    expect(await start(page)).toMatchObject({ kind: 'ready' })
    expect(count().filter((path) => path.endsWith('manifest.json'))).toHaveLength(2)
    expect(count()).toHaveLength(5)
  })

  test('progress rises to the total', async () => {
    const { page } = await visit()
    await start(page)
    const progress = await page.evaluate(() =>
      window.lab.events.flatMap((event) =>
        event.kind === 'phase' && event.phase.kind === 'download'
          ? [[event.phase.loaded, event.phase.total] as const]
          : [],
      ),
    )
    const last = progress.at(-1)!
    expect(last[0]).toBe(last[1])
    expect(progress.every(([loaded], i) => i === 0 || loaded >= progress[i - 1]![0])).toBe(true)
  })

  test('a download that is cut off goes on where it stopped', async () => {
    const bytes = readFileSync(join(TINY, 'weights.fp16.bin'))
    const ranges: (string | undefined)[] = []
    let cut = () => {}
    const { page, allow } = await visit({
      intercept: (request, response, path) => {
        if (path !== '/models/tiny/weights.fp16.bin') return false
        ranges.push(request.headers.range)
        response.setHeader('ETag', '"weights"')
        if (ranges.length === 1) {
          response.setHeader('Content-Length', bytes.length)
          response.write(bytes.subarray(0, 4096))
          cut = () => response.destroy()
        } else {
          response.writeHead(206, { 'Content-Range': `bytes 4096-${bytes.length - 1}/${bytes.length}` })
          response.end(bytes.subarray(4096))
        }
        return true
      },
    })
    allow(/ERR_(CONTENT_LENGTH_MISMATCH|CONNECTION_RESET)/)
    const ready = start(page)
    await page.waitForFunction(
      (missing) =>
        window.lab.events.some(
          (event) =>
            event.kind === 'phase' &&
            event.phase.kind === 'download' &&
            event.phase.total - event.phase.loaded === missing,
        ),
      bytes.length - 4096,
    )
    cut()
    expect(await ready).toMatchObject({ kind: 'ready' })
    expect(ranges).toEqual([undefined, 'bytes=4096-'])
  })

  test('a file that arrives damaged is downloaded again', async () => {
    let requests = 0
    const damaged = replaceFile(
      'weights.fp16.bin',
      (bytes, request) => (request === 0 ? flip(1000)(bytes) : bytes),
      false,
    )
    const { page } = await visit({
      intercept: (request, response, path) => {
        if (path.endsWith('weights.fp16.bin')) requests += 1
        return damaged(request, response, path)
      },
    })
    expect(await start(page)).toMatchObject({ kind: 'ready' })
    expect(requests).toBe(2)
  })

  test('a file that stays damaged ends in a failure that says so, and trying again works once it is mended', async () => {
    let mended = false
    const damage = replaceFile('weights.fp16.bin', (bytes) => flip(1000)(bytes), false)
    const { page } = await visit({ intercept: (request, response, path) => !mended && damage(request, response, path) })
    expect(await start(page)).toMatchObject({ kind: 'failed', failure: { code: 'integrity', retryable: true } })
    mended = true
    expect(await start(page)).toMatchObject({ kind: 'ready' })
  })

  test('a kept file that was damaged is replaced', async () => {
    const { page, site } = await visit()
    await start(page)
    await page.evaluate(async () => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name)
        for (const key of await cache.keys()) await cache.put(key, new Response(new Uint8Array(100)))
      }
    })
    await page.reload()
    expect(await start(page)).toMatchObject({ kind: 'ready' })
    expect(site.requests.filter((path) => path.endsWith('weights.fp16.bin'))).toHaveLength(2)
  })

  test('a model that is not there fails with a way on', async () => {
    const { page, allow } = await visit({
      intercept: (_, response, path) => {
        if (path !== '/models/tiny/manifest.json') return false
        response.writeHead(404).end()
        return true
      },
    })
    allow(/404/)
    expect(await start(page, 'wasm')).toMatchObject({
      kind: 'failed',
      failure: { code: 'download-failed', retryable: true },
    })
  })

  test('full storage is said and does not stop anything', async () => {
    const { page, site } = await visit()
    const protocol = await page.context().newCDPSession(page)
    await protocol.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.url).origin, quotaSize: 1000 })
    expect(await start(page)).toMatchObject({ kind: 'ready' })
    const notices = await page.evaluate(() =>
      window.lab.events.flatMap((event) => (event.kind === 'recovering' ? [event.failure.code] : [])),
    )
    expect(notices).toEqual(['storage-full'])
    expect((await run(page)).digests).toHaveLength(1)
  })
})

describe('further networks', () => {
  const shipped = JSON.parse(readFileSync(join(TINY, 'manifest.json'), 'utf8')) as {
    weights: { file: string }
    networks?: object[]
    layers: { heads: number }[]
  } & Record<string, unknown>
  const weights = readFileSync(join(TINY, shipped.weights.file))
  // The last bits of every weight turned round.
  const other = Buffer.from(weights.map((byte, i) => (i % 2 === 0 ? byte ^ 0x7f : byte)))
  const otherFile = { file: 'other.bin', bytes: other.length, sha256: createHash('sha256').update(other).digest('hex') }
  const { graph, parameters, flops, layers } = shipped
  const network = {
    name: 'Main',
    role: 'main',
    graph,
    parameters,
    flops,
    heads: layers.map(({ heads }) => heads),
    labelDropout: false,
    samples: 100,
    sigmaRel: null,
    averages: [],
  }
  const averages = [
    { sigmaRel: 0.05, samples: 100, weights: shipped.weights },
    { sigmaRel: 0.1, samples: 100, weights: otherFile },
  ]
  const manifest = {
    ...shipped,
    networks: [
      { ...network, id: 'main', weights: shipped.weights, averages },
      { ...network, id: 'other', name: 'Other', role: 'snapshot', weights: otherFile },
    ],
    crops: [],
  }
  const family =
    (serve: (response: Parameters<Intercept>[1]) => void = (response) => response.end(other)): Intercept =>
    (_, response, path) => {
      if (path === '/models/tiny/manifest.json') response.end(JSON.stringify(manifest))
      else if (path === '/models/tiny/other.bin') serve(response)
      else return false
      return true
    }
  const asked = (site: { readonly requests: readonly string[] }) =>
    site.requests.filter((path) => path.endsWith('other.bin')).length

  test('are fetched by the run that needs them, with progress, and once for all visits', async () => {
    const { page, site } = await visit({ intercept: family() })
    await start(page)
    const plain = await run(page, { network: 'main' })
    expect(asked(site)).toBe(0)
    const first = await run(page, { network: 'other' })
    expect(first.failure).toBeNull()
    expect(first.digests).not.toEqual(plain.digests)
    expect(asked(site)).toBe(1)
    const progress = await page.evaluate(() =>
      window.lab.events.flatMap((event): (string | readonly [string | undefined, number, number])[] =>
        event.kind === 'fetching'
          ? [[event.network?.id, event.loaded, event.total]]
          : event.kind === 'fetched'
            ? ['fetched']
            : [],
      ),
    )
    expect(progress[0]).toEqual(['other', 0, other.length])
    expect(progress.at(-2)).toEqual(['other', other.length, other.length])
    expect(progress.filter((entry) => entry === 'fetched')).toHaveLength(1)
    await page.reload()
    await start(page)
    // The page knows before a run asks for it.
    expect(
      await page.evaluate(() => window.lab.events.flatMap((event) => (event.kind === 'kept' ? event.files : []))),
    ).toContain(otherFile.sha256)
    expect((await run(page, { network: 'other' })).digests).toEqual(first.digests)
    expect(asked(site)).toBe(1)
  })

  test('of a made length are what Node makes of the same files', async () => {
    const { page } = await visit({ intercept: family() })
    await start(page)
    const browser = await page.evaluate(async () => {
      const { engine, events, until, defaultSettings, fetchManifest } = window.lab
      engine.run(
        { ...defaultSettings(await fetchManifest('tiny')), steps: 4, ema: 0.07 },
        { preview: false, alone: ['positive'] },
      )
      const end = await until(
        (event): event is Extract<EngineEvent, { kind: 'run-finished' | 'run-failed' }> =>
          event.kind === 'run-finished' || event.kind === 'run-failed',
      )
      const combining = events.flatMap((event) => (event.kind === 'combining' ? [`${event.done}/${event.total}`] : []))
      return { guided: end.kind === 'run-finished' ? [...end.samples[0]!.guided] : end.failure.message, combining }
    })
    expect(browser.combining).toEqual(['0/3', '1/3', '2/3', '3/3'])
    const folder = mkdtempSync(join(tmpdir(), 'family-'))
    try {
      cpSync(TINY, folder, { recursive: true })
      writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
      writeFileSync(join(folder, 'other.bin'), other)
      const node = await loadNodeModel(folder, { threads: 1 })
      const guidedOf = async (patch: Partial<Settings>) => {
        const settings = { ...defaultSettings(node.model), steps: 4, ...patch }
        for await (const event of sample({ denoiser: node.denoiser, settings, alone: ['positive'] }))
          if (event.kind === 'final') return [...event.samples[0]!.guided]
        throw new Error('the sampler did not finish')
      }
      const made = await guidedOf({ ema: 0.07 })
      expect(relativeError(browser.guided as number[], made)).toBeLessThan(1e-4)
      expect(relativeError(await guidedOf({}), made)).toBeGreaterThan(1e-2)
      await node.dispose()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test.each([
    [
      'that arrive damaged',
      (response: Parameters<Intercept>[1]) => response.end(flip(100)(other)),
      'integrity',
      /other\.bin arrived damaged twice/,
    ],
    [
      'that are not there',
      (response: Parameters<Intercept>[1]) => response.writeHead(404).end(),
      'download-failed',
      /other\.bin could not be downloaded: the server answered 404/,
    ],
  ] as const)('%s fail that run in a sentence, and nothing else', async (_, serve, code, message) => {
    const { page, allow } = await visit({ intercept: family(serve) })
    allow(/404/)
    await start(page)
    const { failure, story: told } = await run(page, { network: 'other' })
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message), retryable: true })
    expect(told.at(-1)).toBe('run-failed')
    expect((await run(page)).digests).toHaveLength(1)
  })
})

describe('runs', () => {
  test('preview first, then the full run, the same digest each time and after a reload', async () => {
    const { page } = await visit()
    await start(page)
    const first = await run(page, { steps: 8, samples: 2, solver: 'heun' }, true)
    expect(first.story).toEqual([
      'run-started preview',
      ...Array<string>(6).fill('step preview'),
      'run-finished preview',
      'run-started full',
      ...Array<string>(8).fill('step full'),
      'run-finished full',
    ])
    expect(first.digests).toHaveLength(2)
    expect(first.digests[0]).toMatch(/^[0-9a-f]{64}$/)
    expect((await run(page, { steps: 8, samples: 2, solver: 'heun' })).digests).toEqual(first.digests)
    // The second image alone, though much is kept of the first.
    expect((await run(page, { steps: 8, image: 1, solver: 'heun' })).digests).toEqual(first.digests.slice(1))
    await page.reload()
    await start(page)
    expect((await run(page, { steps: 8, samples: 2, solver: 'heun' })).digests).toEqual(first.digests)
  })

  test('where only the scale changes, kept trajectories save rows and change no bit', async () => {
    const { page } = await visit()
    await start(page)
    const fresh = await run(page, { steps: 4, scale: 2 })
    // The check of the kept trajectories' right to be reused runs while nothing else is asked.
    await expect
      .poll(
        async () => {
          await run(page, { steps: 4, scale: 1 })
          return (await run(page, { steps: 4, scale: 2 })).rows
        },
        { interval: 700, timeout: 30_000 },
      )
      .toBeLessThan(fresh.rows)
    expect((await run(page, { steps: 4, scale: 2 })).digests).toEqual(fresh.digests)
  })

  test('latest wins: of many runs asked for in a row only the last is finished, and nothing of the others follows it', async () => {
    const { page } = await visit()
    await start(page)
    const result = await page.evaluate(async () => {
      const { engine, events, until, defaultSettings, fetchManifest } = window.lab
      const settings = { ...defaultSettings(await fetchManifest('tiny')), steps: 40 }
      const first = engine.run(settings, { preview: false })
      await until((event): event is Extract<EngineEvent, { kind: 'step' }> => event.kind === 'step')
      const later = [1, 2, 3].map((scale) => engine.run({ ...settings, steps: 6, scale }, { preview: false }))
      await until((event): event is Extract<EngineEvent, { kind: 'run-finished' }> => event.kind === 'run-finished')
      const runs = events.flatMap((event) => ('run' in event ? [event.run] : []))
      const steps = events.filter((event) => event.kind === 'step' && event.run === first).length
      return {
        first,
        later,
        runs,
        steps,
        finished: events.flatMap((event) => (event.kind === 'run-finished' ? [event.run] : [])),
      }
    })
    expect(result.finished).toEqual([result.later[2]])
    expect(new Set(result.runs)).toEqual(new Set([result.first, result.later[2]]))
    expect(result.steps).toBeLessThan(40)
    expect(result.runs.lastIndexOf(result.first)).toBeLessThan(result.runs.indexOf(result.later[2]!))
  })

  test('settings outside their range fail the run in a sentence, and nothing else', async () => {
    const { page } = await visit()
    await start(page)
    const { failure } = await run(page, { scale: Number.MAX_VALUE })
    expect(failure).toMatchObject({ code: 'unusable', retryable: false })
    expect(failure?.message).toContain('scale')
    expect((await run(page)).digests).toHaveLength(1)
  })

  test('maps of attention agree with PyTorch, also while a run is under way', async () => {
    const { page } = await visit()
    await start(page)
    const stored = readCases('tiny').find(({ name }) => name === 'map middle, SEG 1, sigma 0.6, class 2')!
    const result = await page.evaluate(
      async ([x, layer, layers]) => {
        const { engine, defaultSettings, fetchManifest, until } = window.lab
        const model = await fetchManifest('tiny')
        const settings: Settings = { ...defaultSettings(model, 'seg'), class: 2, layers, parameters: { sigma: 1 } }
        const request = { settings, layer, x: Float32Array.from(x), sigma: 0.6, sample: 0, step: 0 }
        // Its graph is there before the run, which then lasts far longer than the maps wait for their turn.
        await engine.attentionMap(request)
        engine.run({ ...settings, steps: 48, samples: 9, solver: 'heun' }, { preview: false })
        await until((event): event is Extract<EngineEvent, { kind: 'step' }> => event.kind === 'step')
        const maps = await engine.attentionMap(request)
        const running = !window.lab.events.some((event) => event.kind === 'run-finished')
        await until((event): event is Extract<EngineEvent, { kind: 'run-finished' }> => event.kind === 'run-finished')
        const one = await engine.attentionMap({ ...request, settings: { ...settings, layers: [0] } })
        const failure = await engine.attentionMap({ ...request, layer: 99 }).catch((error: Error) => error.message)
        return {
          negative: [...maps.negative!],
          positive: [...maps.positive],
          width: maps.width,
          running,
          alone: one.negative,
          failure,
        }
      },
      [
        stored.floats('x'),
        stored.probe!,
        stored.attention!.flatMap((control, index) => (control ? [index] : [])),
      ] as const,
    )
    expect(relativeError(result.negative, stored.floats('map'))).toBeLessThan(1e-4)
    expect(relativeError(result.positive, stored.floats('map'))).toBeGreaterThan(1e-3)
    expect(result.width).toBe(4)
    expect(result.running).toBe(true)
    expect(result.alone).toBeNull()
    expect(result.failure).toMatch(/no attention layer 99/)
  })
})

describe('recovery', () => {
  test('a worker that dies mid-run is replaced and the run finishes with the same digest', async () => {
    const { page } = await visit({ isolation: true })
    await start(page)
    const long = { steps: 48, samples: 4 }
    const expected = await run(page, long)
    const id = await page.evaluate(async (changes) => {
      const { engine, events, until, defaultSettings, fetchManifest } = window.lab
      const from = events.length
      const started = engine.run({ ...defaultSettings(await fetchManifest('tiny')), ...changes }, { preview: false })
      await until((event): event is Extract<EngineEvent, { kind: 'step' }> => event.kind === 'step', from)
      return started
    }, long)
    // Its threads are workers too.
    const engine = page.workers().find((worker) => /\/worker-/.test(worker.url()))
    // It ends without a word, as where the browser takes its memory back: only the lock that it held tells.
    await engine!.evaluate(() => self.close())
    // Sooner than silence would tell.
    await page.waitForFunction(() => window.lab.events.some(({ kind }) => kind === 'recovering'), null, {
      timeout: 60_000,
    })
    const { digests, kinds } = await page.evaluate(async (awaited) => {
      const { events, until } = window.lab
      const end = await until(
        (event): event is Extract<EngineEvent, { kind: 'run-finished' }> =>
          event.kind === 'run-finished' && event.run === awaited,
      )
      const kinds = events.flatMap((event) =>
        event.kind === 'step' ? [] : 'run' in event ? [`${event.kind} ${event.run}`] : [event.kind],
      )
      return { digests: end.summary.digests, kinds: kinds.filter((kind) => kind !== 'phase') }
    }, id)
    expect(kinds.slice(-5)).toEqual([
      `run-started ${id}`,
      'recovering',
      'ready',
      `run-started ${id}`,
      `run-finished ${id}`,
    ])
    expect(digests).toEqual(expected.digests)
  })

  test('a worker script that cannot be loaded ends in a failure', async () => {
    const { page, allow } = await visit({
      intercept: (_, response, path) => {
        if (!/\/assets\/worker-/.test(path)) return false
        response.writeHead(404).end()
        return true
      },
    })
    allow(/404/)
    expect(await start(page)).toMatchObject({ kind: 'failed', failure: { code: 'worker-died' } })
    expect(await story(page)).toContain('backend-rejected')
  })

  test('a runtime that cannot be loaded ends in a failure', async () => {
    const { page, allow } = await visit({
      intercept: (_, response, path) => {
        if (!path.endsWith('.wasm')) return false
        response.writeHead(503).end()
        return true
      },
    })
    allow(/503|wasm/i)
    expect(await start(page, 'wasm')).toMatchObject({
      kind: 'failed',
      failure: { code: 'download-failed', retryable: true },
    })
  })
})
