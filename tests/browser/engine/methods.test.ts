/**
 * Every guidance method, in whole runs of the production engine in Chromium on WASM, against PyTorch's tensors. Each run is
 * compared in the page, where its records are. Of the small network the first run of each method, and of whatever else the
 * engine is asked for by few of them (a feature of the rewritten graph, pushed weights, another input), since all of them run
 * under Node (tests/unit/engine/methods.test.ts); of the large one all, which run here only.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../../src/cli/site.mjs'
import { predictionsOf } from '../../../src/guidance/pair'
import type { Prediction } from '../../../src/guidance/prediction'
import { parseManifest } from '../../../src/model/manifest'
import { featuresOf } from '../../../src/network/controls/complete'
import { FEATURES } from '../../../src/network/controls/types'
import type { AttentionControl } from '../../../src/network/types'
import { parsePreset } from '../../../src/settings'
import type { BackendId, EngineEvent } from '../../../src/worker/protocol'
import { goldenRuns } from '../../support/golden-run-files'
import { worst } from '../../support/golden-runs'
import { launch, type Session } from '../harness'
import { serveLab } from './lab'
import type { RunOptions } from './page/lab'

const TOLERANCE = 1e-4

const tiny = parseManifest(JSON.parse(readFileSync(join(ROOT, 'models/tiny/manifest.json'), 'utf8')))

/** A feature of the graph, told apart by the kinds that it comes in (how a map is smoothed, what is skipped). */
function featureKinds(control: AttentionControl | null): readonly string[] {
  return featuresOf([control]).map((feature) => {
    const value = control?.[feature]
    return typeof value === 'string' ? `${feature} ${value}` : feature
  })
}

/** What a prediction asks of the engine that others don't. */
const asks = ({ network, attention, input }: Prediction): readonly string[] => [
  ...(attention ?? []).flatMap(featureKinds),
  ...(network.neon ? ['neon'] : []),
  input.kind,
]

/** The first run of each method and of all that its predictions ask for, and the stacks. */
function ofEachMethod() {
  const seen = new Set<string>()
  const kept = goldenRuns('tiny').flatMap(({ name, file, preset }) => {
    const read = parsePreset(preset, tiny)
    if (!read.ok) throw new Error(`${name}: ${read.problem}`)
    const uses = [`method ${read.settings.method}`, ...predictionsOf(read.settings, tiny).flatMap(asks)]
    const fresh = uses.filter((use) => !seen.has(use))
    for (const use of fresh) seen.add(use)
    return fresh.length > 0 || preset.stack ? [[name, file] as const] : []
  })
  return { kept, seen }
}
const { kept, seen } = ofEachMethod()

test('the runs of the small network use all that the engine can be asked for', () => {
  const kinds = ['smooth gaussian', 'smooth average', 'skip attention', 'skip block']
  const named = FEATURES.filter((feature) => !kinds.some((kind) => kind.startsWith(`${feature} `)))
  expect([...seen]).toEqual(expect.arrayContaining([...named, ...kinds, 'neon', 'degraded', 'windows', 'history']))
  expect(kept.map(([name]) => name)).toEqual(expect.arrayContaining(['neon, euler', 'pladis, sparsemax, euler', WHOLE]))
})

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

/** Compared to its end: all else ends as it does. */
const WHOLE = 'stack of pag and seg, euler'

const compare = (page: Page, file: string, name: string, options: RunOptions) =>
  page.evaluate(([id, run, asked]) => window.lab.compareWithPyTorch(id, run, asked), [file, name, options] as const)

describe.each<{
  model: 'tiny' | 'avatars'
  backend: BackendId
  runs: readonly (readonly [name: string, file: string])[]
  /** For the time: later steps are evaluations like the first, of another input. */
  options: RunOptions
}>([
  { model: 'tiny', backend: 'runner', runs: kept, options: { steps: 3 } },
  {
    model: 'avatars',
    backend: 'runner',
    runs: goldenRuns('avatars').map(({ name, file }) => [name, file] as const),
    options: { steps: 2 },
  },
])('$model on $backend', ({ model, backend, runs, options }) => {
  let session: Session
  let page: Page
  beforeAll(async () => {
    session = await launch({ webgpu: false, shell: true })
    page = await started(session, model, backend)
  })
  afterAll(() => session.close())

  test.each(runs)('%s', async (name, file) => {
    const differences = await compare(page, file, name, name === WHOLE ? {} : options)
    expect(differences.length).toBeGreaterThan(5)
    expect(differences.some(({ what }) => what === 'final image')).toBe(name === WHOLE)
    const { what, error } = worst(differences)
    expect(error, what).toBeLessThan(TOLERANCE)
    session.expectClean()
  })

  // Of the comparison itself, which does not know where a run was made.
  const noticed = { tiny: 'pag, one head, euler', avatars: 'pag' }
  test('another mix is noticed', async () => {
    const differences = await compare(page, `methods-${model}`, noticed[model], { ...options, changes: { mix: 0.99 } })
    expect(worst(differences).error).toBeGreaterThan(10 * TOLERANCE)
  })
})
