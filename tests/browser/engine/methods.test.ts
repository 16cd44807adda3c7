/**
 * Every guidance method, in whole runs of the production engine in Chromium, against PyTorch's tensors: on WASM all of them,
 * as under Node (tests/unit/engine/methods.test.ts). Each run is compared in the page, where its records are.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BackendId, EngineEvent } from '../../../src/worker/protocol'
import { goldenRuns } from '../../support/golden-run-files'
import { worst } from '../../support/golden-runs'
import { launch, type Session } from '../harness'
import { serveLab } from './lab'

const TOLERANCE = 1e-4

/**
 * Software WebGPU compiles a graph for many seconds. What each control computes is compared in one graph (`webgpu.test.ts`), so
 * here is one run of each way in which networks and evaluations are put together; all else (combiners, windows, scales, how
 * weights are combined) is arithmetic that does not know where a network runs.
 */
const ON_WEBGPU = [
  // Queries blurred, beside an identity: two kinds of rows in one step.
  'stack of pag and seg, euler',
  // A reading of the map first, then attention skipped on the degraded input.
  'pair of sag and slg, euler',
  // Crops, temperature, another noise level.
  'pair of condition, perturbation, level and crops, euler',
  // Other weights in the same graph, and another graph.
  'cfg, euler',
  'autoguidance, smaller, euler',
]

const runsOf = (model: string) => goldenRuns(model).map(({ name, file }) => [name, file] as const)

let site: Awaited<ReturnType<typeof serveLab>>
beforeAll(async () => {
  site = await serveLab()
})
afterAll(() => site.close())

/** The engine, ready with a model on a backend. */
async function started(session: Session, model: string, backend: BackendId): Promise<Page> {
  const { page } = await session.open(site.url)
  const ready = await page.evaluate(
    async ([id, choice]) => {
      const { engine, until } = window.lab
      engine.start(id, choice)
      return until(
        (event): event is Extract<EngineEvent, { kind: 'ready' | 'failed' }> =>
          event.kind === 'ready' || event.kind === 'failed',
      )
    },
    [model, backend] as const,
  )
  if (ready.kind === 'failed') throw new Error(ready.failure.message)
  return page
}

const compare = (page: Page, file: string, name: string, changes: Readonly<Record<string, unknown>> = {}) =>
  page.evaluate(([id, run, others]) => window.lab.compareWithPyTorch(id, run, others), [file, name, changes] as const)

describe.each<{
  model: 'tiny' | 'avatars'
  backend: BackendId
  runs: readonly (readonly [name: string, file: string])[]
}>([
  { model: 'tiny', backend: 'wasm', runs: runsOf('tiny') },
  { model: 'avatars', backend: 'wasm-threads', runs: runsOf('avatars') },
  {
    model: 'tiny',
    backend: 'webgpu',
    runs: ON_WEBGPU.map((name) => runsOf('tiny').find(([other]) => other === name)!),
  },
])('$model on $backend', ({ model, backend, runs }) => {
  let session: Session
  let page: Page
  beforeAll(async () => {
    session = await launch({ webgpu: backend === 'webgpu' })
    page = await started(session, model, backend)
  })
  afterAll(() => session.close())

  test.each(runs)('%s', async (name, file) => {
    const differences = await compare(page, file, name)
    expect(differences.length).toBeGreaterThan(5)
    const { what, error } = worst(differences)
    expect(error, what).toBeLessThan(TOLERANCE)
    session.expectClean()
  })

  // Of the comparison itself, which does not know where a run was made.
  const noticed = { tiny: 'pag, one head, euler', avatars: 'pag' }
  test.each(backend === 'webgpu' ? [] : [noticed[model]])('%s with another mix is noticed', async (name) => {
    expect(worst(await compare(page, `methods-${model}`, name, { mix: 0.99 })).error).toBeGreaterThan(10 * TOLERANCE)
  })
})
