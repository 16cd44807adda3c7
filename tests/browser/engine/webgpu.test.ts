/** The engine on WebGPU, here Chromium's software adapter: slow, so the tiny model and smaller ones only, and one page for all tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadNodeModel } from '../../../src/cli/node-model'
import { sendFile } from '../../../src/cli/static-server.mjs'
import { normals } from '../../../src/core/random'
import { fileServedAs } from '../../../src/model/served'
import { FEATURES, type Feature } from '../../../src/network/controls/types'
import type { AttentionControl } from '../../../src/network/types'
import type { Lone } from '../../../src/sampling/records'
import type { BackendChoice, EngineEvent } from '../../../src/worker/protocol'
import { launch, type Session } from '../harness'
import { goldenRuns } from '../../support/golden-run-files'
import { worst } from '../../support/golden-runs'
import { writeSmallNetwork, type SmallNetwork } from '../../support/small-network'
import { relativeError } from './golden'
import { serveLab } from './lab'
import type { Question } from './page/lab'

/** What a step asks of a GPU, as measured (`npm run dispatches -- tiny` tells the kernels); a change that adds to it shall be noticed. */
const MOST = { dispatches: 151, passes: 12, submits: 1, uploads: 1 }
/** What a run asks beside its steps: numbers of all steps, and where they begin; the bindings of both kernels, at even and at odd steps. */
const ONCE = { dispatches: 0, passes: 0, submits: 0, uploads: 2 }
const BOUND = 4
const STEPS_AHEAD = 4

/** Runs in the worker first: counts what ORT asks of the device, keeps hold of it, and takes it away when asked to. */
const PRELUDE = `
globalThis.spied = { dispatches: 0, passes: 0, submits: 0, uploads: 0, bindGroups: 0, results: 0, devices: [], lostAt: null, still: false }
const now = performance.now.bind(performance)
performance.now = () => (spied.still ? 0 : now())
// Nor does the half second end after which the engine uses its rest: what it does then is no part of a run.
const timeout = setTimeout.bind(globalThis)
globalThis.setTimeout = (task, milliseconds = 0, ...more) =>
  spied.still && milliseconds >= 100 ? 0 : timeout(task, milliseconds, ...more)
const count = (prototype, method, counter) => {
  const original = prototype[method]
  prototype[method] = function (...args) {
    spied[counter] += 1
    if (counter === 'results' && spied.results === spied.lostAt) spied.devices.at(-1).destroy()
    return original.apply(this, args)
  }
}
count(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', 'dispatches')
count(GPUCommandEncoder.prototype, 'beginComputePass', 'passes')
count(GPUQueue.prototype, 'submit', 'submits')
count(GPUQueue.prototype, 'writeBuffer', 'uploads')
count(GPUDevice.prototype, 'createBindGroup', 'bindGroups')
count(GPUBuffer.prototype, 'mapAsync', 'results')
const requestDevice = GPUAdapter.prototype.requestDevice
GPUAdapter.prototype.requestDevice = async function (...args) {
  const device = await requestDevice.apply(this, args)
  spied.devices.push(device)
  return device
}
`

interface Spied {
  dispatches: number
  passes: number
  submits: number
  uploads: number
  bindGroups: number
  /** Read back. */
  results: number
  devices: { destroy(): void; features: { has(name: string): boolean } }[]
  /** The result with which the device goes. */
  lostAt: number | null
  /** Whether its clock stands still, as if steps took no time. */
  still: boolean
}
declare global {
  var spied: Spied
}

let session: Session
let site: Awaited<ReturnType<typeof serveLab>>
let page: Page
/** Of the small networks. */
const models = mkdtempSync(join(tmpdir(), 'small-networks-'))

beforeAll(async () => {
  const own = (['small', 'bare'] as const satisfies readonly SmallNetwork[]).map((id) => writeSmallNetwork(models, id))
  session = await launch({ webgpu: true, quick: true })
  site = await serveLab({
    prelude: PRELUDE,
    intercept: (request, response, path) => {
      const file = join(models, fileServedAs(path).replace(/^\/models\//, ''))
      return own.some((folder) => file.startsWith(join(folder, '/'))) && sendFile(request, response, file)
    },
  })
  page = (await session.open(site.url)).page
})
afterAll(async () => {
  await session.close()
  await site.close()
  rmSync(models, { recursive: true })
})

/**
 * Software WebGPU compiles a graph for many seconds. What each control computes is compared in one graph (the last test), so here
 * is one run of each way in which networks and evaluations are put together; all else (combiners, windows, scales, how weights
 * are combined) is arithmetic that does not know where a network runs.
 */
const RUNS = [
  // Queries blurred, beside an identity: two kinds of rows in one step.
  'stack of pag and seg, euler',
  // Other weights in the same graph; a reading of the map first, then the degraded input.
  'stack of cfg, sag and icg, euler',
  // Crops, temperature, another noise level.
  'pair of condition, perturbation, level and crops, euler',
  // Another graph.
  'autoguidance, smaller, euler',
]

/** Of each run: the first evaluation is captured, the others are replayed. */
const STEPS = 2

/** A control of every feature, spread over the layers: each row has all of them, each in another layer. */
const EACH: Record<Feature, AttentionControl> = {
  mask: { mask: { rate: 0.4, seed: 1, keepDiagonal: false }, temperature: 0.5 },
  drop: { drop: { rate: 0.3, seed: 2 }, mix: [0.3, 1] },
  noise: { noise: { deviation: 0.05, seed: 3 }, querySigma: 1 },
  // Queries averaged over all tokens, the end of the blur.
  smooth: { smooth: 'average', querySigma: Infinity },
  shuffle: { shuffle: { share: 0.5, seed: 4 } },
  skip: { skip: 'block' },
  entmax: { entmax: 1 },
  sparsemax: { sparsemax: 0.7 },
  extrapolate: { extrapolate: { scale: 0.5, limit: 2.5, blend: 0.5 } },
  dropout: { dropout: { rate: 0.2, seed: 5 } },
}

/** Controls of a row's layers with every feature but `without`. */
function spread(layers: number, shift: number, without: Feature | null = null): AttentionControl[] {
  const rest = FEATURES.filter((feature) => feature !== without)
  const each = { ...EACH, ...(shift > 0 && { skip: { skip: 'attention' as const } }) }
  return Array.from({ length: layers }, (_, layer) =>
    Object.assign(
      {},
      ...rest
        .filter((feature) => (FEATURES.indexOf(feature) + shift) % layers === layer)
        .map((feature) => each[feature]),
    ),
  )
}

const worker = () =>
  page
    .workers()
    .filter((candidate) => /\/worker-/.test(candidate.url()))
    .at(-1)!

const start = (choice: BackendChoice, model: 'tiny' | SmallNetwork = 'tiny') =>
  page.evaluate(
    async ([wanted, id]) => {
      const { engine, events, until } = window.lab
      const from = events.length
      engine.start(id, wanted)
      return until(
        (event): event is Extract<EngineEvent, { kind: 'ready' | 'failed' }> =>
          event.kind === 'ready' || event.kind === 'failed',
        from,
      )
    },
    [choice, model] as const,
  )

/** Runs to the end. */
const run = (steps: number, model: 'tiny' | SmallNetwork = 'tiny', alone?: readonly Lone[], changes: object = {}) =>
  page.evaluate(
    async ([preset, alone]) => {
      const { engine, events, until, settingsOf } = window.lab
      const settings = await settingsOf(preset)
      const from = events.length
      const id = engine.run(settings, { preview: false, ...alone })
      const end = await until(
        (event): event is Extract<EngineEvent, { kind: 'run-finished' | 'run-failed' | 'failed' }> =>
          event.kind === 'failed' ||
          ((event.kind === 'run-failed' || event.kind === 'run-finished') && event.run === id),
        from,
      )
      if (end.kind !== 'run-finished') throw new Error(end.failure.message)
      const kinds = events.slice(from).flatMap((event) => {
        if (event.kind === 'step' || event.kind === 'phase') return []
        if (event.kind === 'recovering') return [`recovering ${event.failure.code}`]
        return [event.kind === 'ready' ? `ready ${event.backend.id}` : event.kind]
      })
      return { kinds, digests: end.summary.digests, guided: [...end.samples[0]!.guided] }
    },
    [{ model, steps, ...changes }, alone && { alone }] as const,
  )

describe('WebGPU', () => {
  test('that is only software is not taken where the choice is automatic', async () => {
    expect(await start('auto')).toMatchObject({ kind: 'ready', backend: { id: 'runner' } })
    const rejected = await page.evaluate(() => window.lab.events.find((event) => event.kind === 'backend-rejected'))
    expect(rejected).toMatchObject({
      backend: 'webgpu',
      failure: { code: 'no-webgpu', message: expect.stringContaining('software') },
    })
  })

  test('reproduces PyTorch, and does without subgroups', async () => {
    const ready = await start('webgpu')
    expect(ready).toMatchObject({ kind: 'ready', backend: { id: 'webgpu', label: 'WebGPU · software' } })
    if (ready.kind === 'ready') expect(ready.backend.goldenError).toBeLessThan(1e-4)
    expect(await worker().evaluate(() => spied.devices.map(({ features }) => features.has('subgroups')))).toEqual([
      false,
    ])
    session.expectClean()
  })

  test('goes ahead on a captured graph: dispatches, one submit a step, and a readback every few steps', async () => {
    const counted = () => worker().evaluate(() => ({ ...spied, devices: spied.devices.length }))
    await worker().evaluate(() => void (spied.still = true))
    await run(2, 'tiny', [])
    const before = await counted()
    // The first step is read alone, and then all others.
    await run(STEPS_AHEAD, 'tiny', [])
    const after = await counted()
    await worker().evaluate(() => void (spied.still = false))
    for (const [what, most] of Object.entries(MOST)) {
      const key = what as keyof typeof MOST
      expect((after[key] - before[key] - ONCE[key]) / STEPS_AHEAD, what).toBeLessThanOrEqual(most)
    }
    expect(after.results - before.results).toBe(2)
    expect(after.bindGroups - before.bindGroups).toBe(BOUND)
    session.expectClean()
  })

  test('goes ahead on two networks by a solver that remembers, and gives what is asked step by step', async () => {
    const counted = () => worker().evaluate(() => ({ ...spied, devices: spied.devices.length }))
    const asked = { method: 'autoguidance', solver: 'dpmpp-2m' }
    await worker().evaluate(() => void (spied.still = true))
    await run(2, 'tiny', [], asked)
    const before = await counted()
    const ahead = await run(STEPS_AHEAD, 'tiny', [], asked)
    const after = await counted()
    // Of a rescaled difference nothing is foreseen; this one is by a millionth of a millionth.
    const plain = await run(STEPS_AHEAD, 'tiny', [], { ...asked, rescale: 1e-12 })
    await worker().evaluate(() => void (spied.still = false))
    expect(relativeError(ahead.guided, plain.guided)).toBeLessThan(1e-5)
    expect(ahead.guided).not.toEqual(plain.guided)
    expect(after.results - before.results).toBe(2)
    expect((after.submits - before.submits) / STEPS_AHEAD).toBe(1)
    // A replay of each network.
    expect((after.dispatches - before.dispatches) / STEPS_AHEAD).toBeLessThanOrEqual(2 * MOST.dispatches)
    session.expectClean()
  })

  test.each(RUNS)('%s agrees with PyTorch', async (name) => {
    const { file } = goldenRuns('tiny').find((golden) => golden.name === name)!
    const differences = await page.evaluate(
      ([path, golden, steps]) => window.lab.compareWithPyTorch(path, golden, { steps }),
      [file, name, STEPS] as const,
    )
    expect(differences.length).toBeGreaterThan(5)
    const { what, error } = worst(differences)
    expect(error, what).toBeLessThan(1e-4)
    session.expectClean()
  })

  test('a device lost mid-run is replaced, and the run finishes with the same digest', async () => {
    expect(await start('webgpu', 'bare')).toMatchObject({ kind: 'ready', backend: { id: 'webgpu' } })
    const undisturbed = await run(6, 'bare', undefined, { method: 'none' })
    await worker().evaluate(() => void (spied.lostAt = spied.results + 2))
    const { kinds, digests } = await run(6, 'bare', undefined, { method: 'none' })
    expect(kinds).toEqual(['run-started', 'recovering device-lost', 'ready webgpu', 'run-started', 'run-finished'])
    expect(digests).toEqual(undisturbed.digests)
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/)
    session.expectClean()
  })

  test('its denoiser agrees with that of Node where every control acts, which agrees with exact arithmetic control by control', async () => {
    const node = await loadNodeModel(join(models, 'small'), { threads: 1 })
    const { layers, image, conditioning } = node.model
    const [sigma, label] = [0.6, 1]
    const x = normals(1, 0, image.channels * image.height * image.width)
    // One batch: each row has each control in another layer.
    const questions = (without: Feature | null): Question[] =>
      [0, 3].map((shift) => ({ sigma, class: label, x: [...x], attention: spread(layers.length, shift, without) }))
    const evaluated = (without: Feature | null) =>
      node.denoiser.evaluate(
        questions(without).map(({ attention }) => ({
          x,
          sigma,
          attention,
          classWeights: Float32Array.from(conditioning.classes, (_, index) => (index === label ? 1 : 0)),
        })),
      )
    const expected = await evaluated(null)
    for (const feature of FEATURES)
      for (const [row, denoised] of (await evaluated(feature)).entries())
        expect(relativeError([...denoised], [...expected[row]!]), `row ${row} feels ${feature}`).toBeGreaterThan(1e-2)
    await node.dispose()

    const { denoised } = await page.evaluate(
      (asked) => window.lab.ask('small', 'webgpu', 1, asked, { invariance: false }),
      questions(null),
    )
    for (const [row, tensor] of expected.entries())
      expect(relativeError(denoised[row]!, [...tensor]), `row ${row}`).toBeLessThan(1e-4)
  })
})
