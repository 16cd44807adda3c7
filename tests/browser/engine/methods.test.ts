/**
 * Every guidance method, in whole runs of the production engine in Chromium on WASM, against PyTorch's tensors. Each run is
 * compared in the page, where its records are. Of the small network one run a method, since all of them run under Node
 * (tests/unit/engine/methods.test.ts); of the large one all, which run here only.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BackendId, EngineEvent } from '../../../src/worker/protocol'
import { goldenRuns } from '../../support/golden-run-files'
import { worst } from '../../support/golden-runs'
import { launch, type Session } from '../harness'
import { serveLab } from './lab'

const TOLERANCE = 1e-4

/** The first run of each method, and the stacks. */
function ofEachMethod() {
  const seen = new Set<unknown>()
  return goldenRuns('tiny').flatMap(({ name, file, preset: { method, stack } }) => {
    if (seen.has(method) && !stack) return []
    seen.add(method)
    return [[name, file] as const]
  })
}

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
  { model: 'tiny', backend: 'wasm', runs: ofEachMethod() },
  {
    model: 'avatars',
    backend: 'wasm-threads',
    runs: goldenRuns('avatars').map(({ name, file }) => [name, file] as const),
  },
])('$model on $backend', ({ model, backend, runs }) => {
  let session: Session
  let page: Page
  beforeAll(async () => {
    session = await launch({ webgpu: false })
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
  test('another mix is noticed', async () => {
    const differences = await compare(page, `methods-${model}`, noticed[model], { mix: 0.99 })
    expect(worst(differences).error).toBeGreaterThan(10 * TOLERANCE)
  })
})
