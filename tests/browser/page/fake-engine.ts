/**
 * An engine for looking at and testing the page without a model: a closed-form denoiser whose negative blurs and shifts, so
 * that every quantity on the page moves as it would. `vite --mode fake` puts it behind the page; it is never shipped.
 * `#…` settings behave as usual; `?fail=<code>` in the address makes the engine fail in that way, `?slow` slows it down,
 * `?unreadable=<method>` has steps of that method that nothing can be drawn of, `?holds=all` never draws more than the first
 * run, `?holds=full` no more than previews of others, and `?holds=last` all but their last steps; `?draws=slow` takes its time with
 * what is drawn in the background. It tells what it drew ahead by `foreseen`. The window's events `engine-lost` and `engine-failed` make the worker
 * end, so that the run goes on in another, or so that none comes until the person asks.
 */
import { normals } from '../../../src/core/random'
import type { FinalSample, SampleRecord, StepRecord, TermRecord } from '../../../src/sampling/records'
import { ownDescription } from '../../../src/model/own'
import { noiseLevels } from '../../../src/sampling/schedule'
import type { ModelFile, ModelInfo, NetworkInfo } from '../../../src/model/types'
import { negativeMethodOf } from '../../../src/guidance'
import type { AttentionLayer } from '../../../src/network/types'
import type { Settings, Term } from '../../../src/settings/types'
import type { Renders } from '../../../src/storage/renders'
import { termOf } from '../../../src/ui/equation/terms'
import { needsOf } from '../../../src/engine/needs'
import type { Engine, EngineListener, MapRequest, MapResult, RunPass } from '../../../src/worker/protocol'
import type { EngineErrorCode, EngineFailure } from '../../../src/core/failure'

const SIZE = 64
const AREA = SIZE * SIZE

const layer = (
  index: number,
  stage: AttentionLayer['stage'],
  side: number,
  heads: number,
  number: number,
): AttentionLayer => ({
  index,
  name: `${stage} ${side}×${side} · ${number}`,
  stage,
  height: side,
  width: side,
  heads,
})

const noFile = { file: 'none', bytes: 0, sha256: '' }
const graph: ModelFile = { file: 'graph.onnx', bytes: 61_000, sha256: 'graph' }
const smallGraph: ModelFile = { file: 'small.onnx', bytes: 52_000, sha256: 'small graph' }

function network(
  id: string,
  name: string,
  role: NetworkInfo['role'],
  millions: number,
  more: Partial<NetworkInfo> = {},
): NetworkInfo {
  const small = role === 'small'
  const bytes = small ? 4_300_000 : 12_460_000
  return {
    id,
    name,
    role,
    graph: small ? smallGraph : graph,
    weights: { file: `${id}.bin`, bytes, sha256: `${id} weights` },
    parameters: small ? 2_150_000 : 6_230_000,
    flops: small ? 0.3e9 : 0.9e9,
    heads: small ? [2, 2, 3, 3, 3, 2, 2] : [3, 3, 6, 6, 6, 3, 3],
    labelDropout: role === 'dropout',
    samples: millions * 1e6,
    sigmaRel: 0.05,
    averages: [],
    ...more,
  }
}

/** Averages of two lengths at the last two snapshots. */
const averages = (id: string, millions: number, bytes: number): NetworkInfo['averages'] =>
  [millions / 2, millions].flatMap((at) =>
    [0.05, 0.1].map((sigmaRel) => ({
      sigmaRel,
      samples: at * 1e6,
      weights: { file: `${id}-${at}-${sigmaRel}.bin`, bytes, sha256: `${id} ${at} ${sigmaRel}` },
    })),
  )

export const fakeNetworks: readonly NetworkInfo[] = [
  network('main', 'Main', 'main', 4, { averages: averages('main', 4, 12_460_000) }),
  network('main-1-2', 'Main at 1/2', 'snapshot', 2),
  network('main-1-4', 'Main at 1/4', 'snapshot', 1),
  network('main-1-8', 'Main at 1/8', 'snapshot', 0.5),
  network('main-1-16', 'Main at 1/16', 'snapshot', 0.25),
  network('small', 'Small', 'small', 4, { averages: averages('small', 4, 4_300_000) }),
  network('small-1-16', 'Small at 1/16', 'small', 0.25),
  network('dropout', 'With label dropout', 'dropout', 4),
  network('dropout-early', 'With label dropout, early', 'dropout', 0.25),
  network('sims-1', 'Tuned on its samples, short', 'sims', 0.1),
  network('sims-2', 'Tuned on its samples', 'sims', 0.3),
  network('sims-3', 'Tuned on its samples, long', 'sims', 1),
]

export const fakeModel: ModelInfo = {
  id: 'avatars',
  name: 'Avatars (imitation)',
  licence: 'MIT',
  family: { sentence: 'For tests.', order: 1, hidden: false, thumbnail: null, unnamedInLinks: true },
  first: {},
  // The first class's is the seed that the page opens with, so that tests begin there.
  chosen: {
    preset: { method: 'pag', scale: 1, layers: 'all' },
    criterion: 'what an imitation finds better',
    tried: 100,
    helps: 0.4,
    harms: 0.2,
    classes: Array.from({ length: 10 }, (_, label) => ({ seed: 1 + 10 * label, helps: 0.5, harms: label / 100 })),
  },
  judge: { family: 'avatars', file: 'judge.json', bytes: 3_879_545, metric: 'FD-avatars' },
  evaluation: null,
  graph: fakeNetworks[0]!.graph,
  weights: fakeNetworks[0]!.weights,
  golden: noFile,
  image: { channels: 3, height: SIZE, width: SIZE },
  ...ownDescription({ channels: 3, height: SIZE, width: SIZE }, 10, 0.5),
  sigma: { min: 0.02, max: 40, rho: 7 },
  conditioning: {
    kind: 'class',
    labelDropout: false,
    classes: [
      'adventurer',
      'avataaars',
      'big ears',
      'bottts',
      'fun emoji',
      'lorelei',
      'micah',
      'open peeps',
      'personas',
      'pixel art',
    ].map((name) => ({ name, artist: `The artist of ${name}`, licence: 'CC BY 4.0', url: 'https://www.dicebear.com' })),
  },
  starts: { class: {}, none: {} },
  embedding: { width: 16, noiseDeviation: 0.3, classDeviation: 0.5 },
  networks: fakeNetworks,
  crops: [
    { height: 48, width: 48, graph: { file: 'crop-48.onnx', bytes: 61_000, sha256: 'crop 48' } },
    { height: 40, width: 40, graph: { file: 'crop-40.onnx', bytes: 61_000, sha256: 'crop 40' } },
  ],
  vision: null,
  brought: null,
  renders: { sheet: { file: 'renders.png', bytes: 200_000, sha256: 'renders' }, rows: 4, look: 'Eyes of one size.' },
  layers: [
    layer(0, 'encoder', 16, 3, 1),
    layer(1, 'encoder', 16, 3, 2),
    layer(2, 'encoder', 8, 6, 1),
    layer(3, 'middle', 8, 6, 1),
    layer(4, 'decoder', 8, 6, 1),
    layer(5, 'decoder', 16, 3, 1),
    layer(6, 'decoder', 16, 3, 2),
  ],
  parameters: 6_230_000,
  flops: 0.9e9,
}

const faces = new Map<string, Float32Array>()

function face(label: number, seed: number, sample: number): Float32Array {
  const key = `${label} ${seed} ${sample}`
  const made = faces.get(key) ?? drawFace(label, seed, sample)
  faces.set(key, made)
  return made
}

/** What stands for pictures that no network made: faces of other seeds. */
export const fakeRenders = (model: ModelInfo): Renders =>
  model.conditioning.classes.map((_, label) =>
    Array.from({ length: model.renders?.rows ?? 0 }, (_, row) => face(label, 1e6 + row, 0)),
  )

/** A face of flat shapes, data units. */
function drawFace(label: number, seed: number, sample: number): Float32Array {
  const draws = normals(seed, sample, 16)
  const hue = (offset: number) => 0.5 + 0.45 * Math.sin(label * 1.7 + draws[offset]! * 1.3 + offset)
  const image = new Float32Array(3 * AREA)
  const disc = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      let colour = [0.7 + 0.3 * hue(1), 0.75 + 0.25 * hue(2), 0.8 + 0.2 * hue(3)]
      if (disc(x, y, 32, 66, 24, 18)) colour = [hue(4), hue(5), hue(6)]
      if (disc(x, y, 32, 28, 21, 22)) colour = [0.3 * hue(7), 0.25 * hue(8), 0.3 * hue(9)]
      if (disc(x, y, 32, 34, 16, 18)) colour = [0.95, 0.62 + 0.25 * hue(10), 0.5 + 0.25 * hue(10)]
      if (disc(x, y, 25, 32, 2.6, 3) || disc(x, y, 39, 32, 2.6, 3)) colour = [0.08, 0.08, 0.1]
      if (disc(x, y, 32, 43, 6 + 2 * hue(11), 2)) colour = [0.75, 0.2, 0.25]
      colour.forEach((value, c) => (image[c * AREA + y * SIZE + x] = 2 * value - 1))
    }
  }
  return image
}

/** Average of the 2r + 1 neighbours along one axis, by a running sum; the edges repeat. */
function averaged(image: Float32Array, r: number, along: number, across: number): Float32Array {
  const out = new Float32Array(image.length)
  for (let line = 0; line < 3 * SIZE; line++) {
    const start = Math.floor(line / SIZE) * AREA + (line % SIZE) * across
    const at = (k: number) => image[start + Math.min(SIZE - 1, Math.max(0, k)) * along]!
    let sum = 0
    for (let k = -r; k <= r; k++) sum += at(k)
    for (let k = 0; k < SIZE; k++) {
      out[start + k * along] = sum / (2 * r + 1)
      sum += at(k + r + 1) - at(k - r)
    }
  }
  return out
}

// A face is asked for again at every step, and there are few radii.
const blurred = new WeakMap<Float32Array, Map<number, Float32Array>>()

function blur(image: Float32Array, radius: number): Float32Array {
  const r = Math.round(radius)
  if (r < 1) return image
  const known = blurred.get(image) ?? new Map<number, Float32Array>()
  blurred.set(image, known)
  const result = known.get(r) ?? averaged(averaged(image, r, 1, SIZE), r, SIZE, 1)
  known.set(r, result)
  return result
}

const mix = (a: Float32Array, b: Float32Array, share: number) => a.map((value, i) => value + share * (b[i]! - value))

/** Blends the face with the noise the less the lower σ is, blurred as a real estimate is. */
function denoise(x: Float32Array, sigma: number, clean: Float32Array, harm: number): Float32Array {
  const estimate = blur(clean, Math.min(12, 1.2 + 5 * Math.log1p(sigma)) * 0.6 + 3 * harm)
  return mix(estimate, x, Math.min(0.35, 0.02 / (sigma + 0.02)))
}

function harmOf(term: Term): number {
  const method = negativeMethodOf(term)
  if (!method) return 0
  const count = term.layers === 'all' ? fakeModel.layers.length : term.layers.length
  return method.layers ? 0.2 + count / fakeModel.layers.length : 0.6
}

/** Where SAG would blur: the middle, as attention likes it. */
function maskOf(term: Term): Float32Array | null {
  if (term.parameters.mask === undefined) return null
  return Float32Array.from({ length: AREA }, (_, i) => {
    const [x, y] = [Math.floor((i % SIZE) / 8), Math.floor(i / SIZE / 8)]
    return Math.hypot(x - 3.5, y - 3.2) < 2.6 ? 1 : 0
  })
}

interface Way {
  readonly clean: Float32Array
  positive: Float32Array
  negative: Float32Array
  guided: Float32Array
}

function startOf(settings: Settings, sample: number): Way {
  const noise = normals(settings.seed, sample, 3 * AREA).map((value) => value * fakeModel.sigma.max)
  return { clean: face(settings.class ?? 3, settings.seed, sample), positive: noise, negative: noise, guided: noise }
}

function stepOf(ways: Way[], settings: Settings, index: number, sigmas: readonly number[]): StepRecord {
  const sigma = sigmas[index]!
  const sigmaNext = sigmas[index + 1]!
  const guides = ({ window: [low, high] }: Term) => sigma > low && sigma <= high
  const harm = harmOf(settings)
  const euler = (x: Float32Array, d: Float32Array) =>
    x.map((value, i) => value + ((sigmaNext - sigma) / sigma) * (value - d[i]!))
  const samples = ways.map((way): SampleRecord => {
    const own = denoise(way.positive, sigma, way.clean, 0.35)
    const worse = denoise(way.negative, sigma, way.clean, 0.35 + harm)
    const plus = denoise(way.guided, sigma, way.clean, 0.35)
    const measure = (term: Term, strength: number): TermRecord => {
      const minus =
        guides(term) && strength > 0 && term.scale !== 0 ? denoise(way.guided, sigma, way.clean, 0.35 + strength) : null
      return { predictionNegative: minus, mask: minus && maskOf(term) }
    }
    const first = measure(settings, harm)
    const stacked = settings.stack.map((term, at) => measure(term, harmOf(term) * (1.2 + 0.3 * at)))
    const guided = plus.slice()
    for (const [at, term] of [settings, ...settings.stack].entries()) {
      const minus = (at === 0 ? first : stacked[at - 1])?.predictionNegative
      if (minus) for (let i = 0; i < guided.length; i++) guided[i]! += term.scale * (plus[i]! - minus[i]!)
    }
    const record: SampleRecord = {
      ...first,
      positive: { x: way.positive, denoised: own },
      negative: harm > 0 ? { x: way.negative, denoised: worse } : null,
      guided: { x: way.guided, denoised: guided },
      predictionPositive: plus,
      stacked,
    }
    way.positive = euler(way.positive, own)
    way.negative = euler(way.negative, worse)
    way.guided = euler(way.guided, guided)
    return record
  })
  return {
    index,
    steps: sigmas.length - 1,
    sigma,
    sigmaNext,
    sigmaHat: sigma,
    inWindow: guides(settings),
    samples,
    rows: ways.length * 4,
  }
}

const failures: Record<string, EngineFailure> = {
  'download-failed': {
    code: 'download-failed',
    message: 'The model could not be downloaded: the connection was cut after 3.1 of 12.5 MB.',
    remedy: 'Check the connection and try again; what has arrived is kept.',
    retryable: true,
  },
  integrity: {
    code: 'integrity',
    message: 'The downloaded model file is damaged.',
    remedy: 'Download it again.',
    retryable: true,
  },
  'storage-full': {
    code: 'storage-full',
    message: 'The browser has no room to keep the model.',
    remedy: 'The page works, but will download the model again next time. Free some space to avoid that.',
    retryable: false,
  },
  'no-webgpu': {
    code: 'no-webgpu',
    message: 'This browser offers no WebGPU.',
    remedy: 'The page runs on WebAssembly, which is slower.',
    retryable: false,
  },
  'device-lost': {
    code: 'device-lost',
    message: 'The graphics device was lost.',
    remedy: 'The run goes on with a new device.',
    retryable: true,
  },
  'worker-died': {
    code: 'worker-died',
    message: 'The engine stopped unexpectedly.',
    remedy: 'Start it again; the settings are kept.',
    retryable: true,
  },
  'not-finite': {
    code: 'not-finite',
    message: 'The result contains values that are not numbers (first in decoder 16×16 · 2).',
    remedy: 'Reset the attention layers or lower the scale.',
    retryable: false,
  },
}

/** A record that throws wherever its samples are looked at. */
function unread(record: StepRecord): StepRecord {
  return {
    ...record,
    get samples(): never {
      throw new Error('these samples can’t be read.')
    },
  }
}

const waysOf = (settings: Settings): Way[] =>
  Array.from({ length: settings.samples }, (_, index) => startOf(settings, settings.image + index))

const finalsOf = (ways: readonly Way[], settings: Settings) =>
  ways.map((way): FinalSample => ({
    positive: way.positive,
    negative: harmOf(settings) > 0 ? way.negative : null,
    guided: way.guided,
  }))

async function digestsOf(samples: readonly FinalSample[]): Promise<string[]> {
  const bytes = await Promise.all(samples.map(({ guided }) => crypto.subtle.digest('SHA-256', guided.slice())))
  return bytes.map((buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
}

/** Of what the engine draws of these settings. */
export function fakeDigests(settings: Settings): Promise<string[]> {
  const ways = waysOf(settings)
  const sigmas = noiseLevels(settings.steps, fakeModel)
  for (let index = 0; index < settings.steps; index++) stepOf(ways, settings, index, sigmas)
  return digestsOf(finalsOf(ways, settings))
}

export function createFakeEngine(listener: EngineListener): Engine {
  const query = new URLSearchParams(location.search)
  const fail = query.get('fail') as EngineErrorCode | null
  const unreadable = query.get('unreadable')
  const pause = query.has('slow') ? 300 : 12
  const holds = query.get('holds')
  let drawn = false
  let run = 0
  let token = 0
  let disposed = false
  /** How often the worker ended, and what it was at work on. */
  let deaths = 0
  let work: { readonly run: number; readonly settings: Settings; readonly preview: boolean } | null = null
  const failure = fail ? failures[fail] : undefined
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

  const running = { id: 'wasm-threads', label: 'WASM · 2 threads', threads: 2, goldenError: 3.2e-6 } as const

  async function load(mine: number) {
    const backend = 'wasm-threads' as const
    listener({ kind: 'backend-rejected', backend: 'webgpu', failure: failures['no-webgpu']! })
    for (let part = 0; part <= 10; part++) {
      listener({ kind: 'phase', backend, phase: { kind: 'download', loaded: part * 1_246_000, total: 12_460_000 } })
      await wait(pause * 2)
      if (mine !== token) return
      if (part === 3 && failure && (fail === 'download-failed' || fail === 'integrity')) {
        return listener({ kind: 'failed', failure })
      }
    }
    if (failure && fail === 'storage-full') listener({ kind: 'recovering', failure })
    listener({ kind: 'phase', backend, phase: { kind: 'compile' } })
    await wait(pause * 4)
    if (mine !== token) return
    listener({ kind: 'phase', backend, phase: { kind: 'verify' } })
    await wait(pause * 2)
    if (mine !== token) return
    if (failure && fail === 'worker-died') return listener({ kind: 'failed', failure })
    listener({ kind: 'ready', backend: running, model: fakeModel })
  }

  /** Whether a run is given up since now. */
  const overFrom = (mine: number) => {
    const before = deaths
    return () => mine !== run || disposed || deaths !== before
  }

  const present = new Set([fakeModel.graph.sha256, fakeModel.weights.sha256])
  let broken = query.has('cut')

  /** Fetches what the settings need, and fails once where the address says `?cut`. */
  async function fetchNetworks(mine: number, settings: Settings): Promise<boolean> {
    const over = overFrom(mine)
    for (const { network, files } of needsOf(settings, fakeModel, true)) {
      const missing = files.filter(({ sha256 }) => !present.has(sha256))
      const total = missing.reduce((sum, { bytes }) => sum + bytes, 0)
      if (total === 0) continue
      for (let part = 0; part <= 8; part++) {
        listener({ kind: 'fetching', network, loaded: Math.round((part / 8) * total), total })
        await wait(pause * 3)
        if (over()) return false
        if (broken && part === 4) {
          broken = false
          listener({ kind: 'fetched', network, came: [] })
          listener({ kind: 'run-started', run: mine, pass: 'full', settings })
          listener({
            kind: 'run-failed',
            run: mine,
            failure: {
              ...failures['download-failed']!,
              message: 'A network could not be downloaded: the connection was cut.',
            },
          })
          return false
        }
      }
      listener({ kind: 'fetched', network, came: missing.map(({ sha256 }) => sha256) })
      for (const { sha256 } of missing) present.add(sha256)
    }
    return true
  }

  async function sample(mine: number, settings: Settings, pass: RunPass): Promise<boolean> {
    const over = overFrom(mine)
    const began = performance.now()
    const steps = pass === 'preview' ? 5 : settings.steps
    const sigmas = noiseLevels(steps, fakeModel)
    const ways = waysOf(settings)
    listener({ kind: 'run-started', run: mine, pass, settings })
    if (drawn && (holds === 'all' || holds === pass)) return new Promise(() => undefined)
    for (let index = 0; index < steps; index++) {
      await wait(pause)
      if (over()) return false
      if (drawn && holds === 'last' && index === steps - 1) return new Promise(() => undefined)
      if (failure && fail === 'not-finite' && index === 3) {
        listener({ kind: 'run-failed', run: mine, failure })
        return false
      }
      if (failure && fail === 'device-lost' && index === 4 && pass === 'full') {
        listener({ kind: 'recovering', failure })
        // Long enough to be read, and to be seen by a test that looks every second.
        await wait(3000)
        listener({ kind: 'ready', backend: running, model: fakeModel })
      }
      const record = stepOf(ways, settings, index, sigmas)
      listener({ kind: 'step', run: mine, pass, record: settings.method === unreadable ? unread(record) : record })
    }
    const samples = finalsOf(ways, settings)
    const digests = await digestsOf(samples)
    if (over()) return false
    listener({
      kind: 'run-finished',
      run: mine,
      pass,
      samples,
      summary: { digests, evaluatedRows: steps * 4 * settings.samples, milliseconds: performance.now() - began },
    })
    drawn = true
    return true
  }

  async function go(job: NonNullable<typeof work>) {
    const { run: mine, settings, preview } = (work = job)
    if (!(await fetchNetworks(mine, settings))) return
    if (preview && !(await sample(mine, settings, 'preview'))) return
    if ((await sample(mine, settings, 'full')) && work === job) work = null
  }

  globalThis.addEventListener('engine-lost', () => {
    if (disposed) return
    const death = ++deaths
    listener({ kind: 'recovering', failure: failures['device-lost']! })
    void wait(pause).then(() => {
      if (deaths !== death) return
      listener({ kind: 'ready', backend: running, model: fakeModel })
      if (work?.run === run) void go(work)
    })
  })
  globalThis.addEventListener('engine-failed', () => {
    if (disposed) return
    deaths++
    // It may have been about to start.
    token++
    listener({ kind: 'failed', failure: failures['worker-died']! })
  })

  return {
    start: () => void load(++token),
    run: (settings, { preview }) => {
      void go({ run: ++run, settings, preview })
      return run
    },
    cancel: () => void run++,
    attentionMap: async (request: MapRequest): Promise<MapResult> => {
      await wait(pause)
      const { height, width } = fakeModel.layers[request.layer]!
      const tokens = height * width
      const positive = new Float32Array(tokens * tokens)
      const negative = new Float32Array(tokens * tokens)
      for (let q = 0; q < tokens; q++) {
        let sum = 0
        for (let k = 0; k < tokens; k++) {
          const distance = Math.hypot((q % width) - (k % width), Math.floor(q / width) - Math.floor(k / width))
          sum += positive[q * tokens + k] =
            Math.exp(-distance / 2) + 0.3 * Math.exp(-Math.abs(width - 1 - (q % width) - (k % width)))
        }
        for (let k = 0; k < tokens; k++) positive[q * tokens + k]! /= sum
        negative[q * tokens + q] = 1
      }
      const { layers } = termOf(request.settings, request.term ?? 0)
      const chosen = layers === 'all' || layers.includes(request.layer)
      return { positive, negative: chosen ? negative : null, height, width }
    },
    // No family that is imitated is of latents.
    decode: async () => {
      throw new Error('there is no decoder')
    },
    useVision: async (bytes) => {
      if (bytes && bytes.length < 16) throw new Error('This vision transformer can’t be used: it is no ONNX file.')
    },
    // What it draws is a face, and what it sees is what was asked: features are noise.
    draw: async (all, alone, signal, told) => {
      await wait({ slow: 400, fast: 0 }[query.get('draws') ?? ''] ?? pause)
      signal.throwIfAborted()
      // As if they shared the first of four rows each.
      told?.({ asked: 4 * all.length, evaluated: 3 * all.length + 1 })
      return all.map((own): FinalSample => {
        const clean = face(own.class ?? 3, own.seed, 0)
        return { positive: clean, negative: alone.includes('negative') ? clean : null, guided: clean }
      })
    },
    foresee: async (settings, _, signal) => {
      const ways = waysOf(settings)
      const sigmas = noiseLevels(settings.steps, fakeModel)
      const records = Array.from({ length: settings.steps }, (_step, index) => stepOf(ways, settings, index, sigmas))
      const samples = finalsOf(ways, settings)
      await wait(pause)
      signal.throwIfAborted()
      globalThis.dispatchEvent(new CustomEvent('foreseen', { detail: settings.scale }))
      return { records, samples, summary: { digests: await digestsOf(samples), evaluatedRows: 1, milliseconds: 1 } }
    },
    judge: async ({ info }, images) => {
      await wait(query.get('draws') === 'fast' ? 0 : pause)
      return images.map((image, index) => ({
        features: normals(Math.round(1e4 * Math.abs(image[0] ?? 0)), index, info.width),
        seen: index % 3,
      }))
    },
    dispose: () => {
      disposed = true
    },
  }
}
