/** A run whose steps a device takes ahead, here by arithmetic over onnxruntime-node, against the same run asked step by step. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as node from 'onnxruntime-node'
import { afterAll, describe, expect, it } from 'vitest'
import { loadNodeModel } from '../../../src/cli/node-model'
import { FamilyDenoiser } from '../../../src/engine/family'
import { relativeError } from '../../../src/engine/golden'
import type { Reading, StepNumbers, Walk, WalkingDevice } from '../../../src/engine/going-ahead'
import { OnnxDenoiser } from '../../../src/engine/onnx-denoiser'
import { floats } from '../../../src/engine/runtime'
import type { Denoiser } from '../../../src/model/types'
import type { SolverParameter } from '../../../src/sampling/solver'
import { solverById, solvers } from '../../../src/sampling/solver-registry'
import { courseOf } from '../../../src/sampling/course'
import { TrajectoryCache } from '../../../src/sampling/cache'
import type { FinalSample, StepRecord } from '../../../src/sampling/records'
import { sample } from '../../../src/sampling/sample'
import { noiseLevels } from '../../../src/sampling/schedule'
import { parsePreset } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { models } from './golden-files'

const tiny = await loadNodeModel(join(models, 'tiny'), { threads: 1 })
const { model } = tiny
const made: FamilyDenoiser[] = []
afterAll(async () => {
  await tiny.dispose()
  for (const denoiser of made) await denoiser.dispose()
})

const settingsOf = (changes: Readonly<Record<string, unknown>>): Settings => {
  const parsed = parsePreset({ model: 'tiny', method: 'pag', scale: 2, steps: 5, ...changes }, model)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.settings
}

interface Ahead {
  /** Milliseconds on its clock for each step that is read. */
  readonly stepMs?: number
  /** What it computes wrong: D of every row, or the points that follow. */
  readonly fault?: 'denoised' | 'points'
  readonly takes?: boolean
}

const sum = (shares: Float32Array, all: readonly Float32Array[]) =>
  all[0]!.map((_, i) => all.reduce((total, values, j) => total + shares[j]! * values[i]!, 0))

/** Takes steps as their numbers say. */
class Arithmetic implements Walk {
  #at = 0
  #group: { readonly points: readonly Float32Array[]; readonly denoised: Float32Array[][] } | null = null

  constructor(
    private readonly steps: readonly StepNumbers[],
    private points: readonly Float32Array[],
    private readonly rows: number,
    private readonly ahead: Ahead,
    private readonly log: string[],
  ) {}

  async queue(runs: Parameters<Walk['queue']>[0]): Promise<void> {
    const { runs: numbers, next } = this.steps[this.#at++]!
    this.log.push('step')
    this.#group ??= { points: this.points, denoised: [] }
    const denoised: Float32Array[] = []
    const wrong = this.ahead.fault === 'denoised' ? 1.01 : 1
    for (const [i, { session, feeds }] of runs.entries()) {
      const asked = numbers[i]!
      const { channels, height, width } = model.image
      const size = channels * height * width
      const x = new Float32Array(this.rows * size)
      for (let row = 0; row < this.rows; row++) {
        const own = asked[Math.min(row, asked.length - 1)]!
        x.set(
          this.points[own.point]!.map((value) => own.in * value + own.inOffset),
          row * size,
        )
      }
      const image = new node.Tensor('float32', x, [this.rows, channels, height, width])
      const output = floats((await session.run({ ...feeds, x: image })) as never, model.output.name)
      for (const [row, { point, place, skip, out, offset }] of asked.entries())
        denoised[place] = this.points[point]!.map(
          (value, j) => wrong * (skip * value + out * output[row * size + j]! + offset),
        )
    }
    this.#group.denoised.push(denoised)
    const reached = next.map((shares) => sum(shares, [...this.points, ...denoised]))
    this.points = this.ahead.fault === 'points' ? reached.map((one) => one.map((value) => 1.001 * value)) : reached
  }

  read(): Promise<Reading> {
    const group = this.#group!
    this.#group = null
    this.log.push(`read ${group.denoised.length}`)
    return Promise.resolve(group)
  }

  end(): void {
    this.log.push('end')
  }
}

/** A denoiser of four rows a run that goes ahead. */
function aheadOf(ahead: Ahead = {}) {
  const log: string[] = []
  let clock = 0
  const device: WalkingDevice = {
    begin: (steps, points, rows) => new Arithmetic(steps, points, rows, ahead, log),
    takes: () => ahead.takes ?? true,
    now: () => (clock += ahead.stepMs ?? 0),
  }
  const sessionOptions = { executionProviders: ['cpu'], intraOpNumThreads: 1 }
  const denoiser = new FamilyDenoiser({
    model,
    read: async ({ file }) => readFileSync(join(models, 'tiny', file)),
    create: (request) =>
      new OnnxDenoiser({
        ...request,
        model,
        runtime: node,
        sessionOptions,
        batch: { kind: 'static', sessions: 6 },
        maxRows: 4,
        lean: true,
        told: { runtime: node, sessionOptions },
        runSession: (session, feeds) => {
          log.push('plain')
          return session.run(feeds) as never
        },
      }),
    budget: Infinity,
    ahead: device,
  })
  made.push(denoiser)
  return { denoiser, log }
}

interface Ran {
  readonly steps: readonly StepRecord[]
  readonly final: readonly FinalSample[]
}

async function run(denoiser: Denoiser, settings: Settings, more: Partial<Parameters<typeof sample>[0]> = {}) {
  const steps: StepRecord[] = []
  for await (const event of sample({ denoiser, settings, alone: ['positive', 'negative'], ...more })) {
    if (event.kind === 'step') steps.push(event.record)
    else return { steps, final: event.samples }
  }
  throw new Error('the run ended without an image')
}

/** All tensors of a run by their names. */
function tensorsOf({ steps, final }: Ran): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>()
  const walk = (value: unknown, name: string) => {
    if (value instanceof Float32Array) found.set(name, value)
    else if (typeof value === 'object' && value !== null)
      for (const [key, held] of Object.entries(value)) walk(held, `${name} ${key}`)
  }
  walk({ steps, final }, '')
  return found
}

function worst(ran: Ran, wanted: Ran): number {
  const [own, others] = [tensorsOf(ran), tensorsOf(wanted)]
  expect([...own.keys()]).toEqual([...others.keys()])
  return Math.max(...[...own].map(([name, values]) => relativeError(values, others.get(name)!)))
}

const quiet = (parameters: readonly SolverParameter[]) =>
  Object.fromEntries(parameters.map(({ key, min }) => [key, min]))

const course = (changes: Readonly<Record<string, unknown>>, own = model) => {
  const settings = settingsOf(changes)
  const start = { x: new Float32Array(1), previous: null }
  const sigmas = noiseLevels(settings.steps, own)
  const walkers = [{ positive: start, negative: start, guided: start }]
  return courseOf({ model: own, settings, sigmas, first: 0, walkers })
}

describe('what a run will ask', () => {
  it('is known of Euler, however many negatives there are', async () => {
    const known = (await course({}))!
    // Trajectories share their rows until they part.
    expect(known.map(({ rows }) => rows.map(({ point }) => point))).toEqual([[0, 0], ...Array(4).fill([0, 1, 2, 2])])
    expect(known.map(({ next }) => next.length)).toEqual([3, 3, 3, 3, 3])
    const stacked = (await course({ stack: [{ method: 'seg', scale: 1 }] }))!
    expect(stacked[1]!.rows).toHaveLength(5)
  })

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['fresh noise', { solver: 'euler', churn: 40 }],
    ['fresh noise of the solver itself', { solver: 'ddim' }],
    ['a deviation', { rescale: 0.5 }],
    ['a combiner', { method: 'apg' }],
    ['a map that is read first', { method: 'sag' }],
    ['a history', { method: 'momentum' }],
    ['crops', { method: 'swg' }],
  ])('is not known where there is %s', async (_, changes) => {
    expect(await course(changes)).toBeNull()
  })

  it('is not known of a model that holds its D in a range', async () => {
    expect(await course({}, { ...model, clip: 1 })).toBeNull()
  })
})

describe('a run that goes ahead', () => {
  /** Sessions that are built take most of the time: this one is of all runs that nothing goes wrong with, and its steps take no time. */
  const fast = aheadOf()
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['three pictures', {}],
    ['two images, which take two runs a step', { samples: 2 }],
    ['a window that opens and closes', { window: [0.1, 20] }],
    ['two negatives', { stack: [{ method: 'seg', scale: 1 }], scale: 4 }],
    ['a class drawn at each step', { method: 'icg' }],
    ['a negative told another noise level', { method: 'tsg' }],
    ['another network of other shape', { method: 'autoguidance' }],
    ['three networks', { method: 'autoguidance', stack: [{ method: 'sims', scale: 0.5 }] }],
    ...solvers.map(({ id, parameters }): [string, Readonly<Record<string, unknown>>] => [
      `the solver ${id}, without fresh noise`,
      { solver: id, ...quiet(parameters) },
    ]),
    ['a step that remembers, of two images', { solver: 'dpmpp-2m', samples: 2, method: 'autoguidance' }],
    ['two evaluations a step, with two negatives', { solver: 'heun', stack: [{ method: 'seg', scale: 1 }] }],
  ])('gives what one that is asked step by step gives: %s', async (_, changes) => {
    const settings = settingsOf(changes)
    const { denoiser, log } = fast
    log.splice(0)
    const ran = await run(denoiser, settings)
    expect(worst(ran, await run(tiny.denoiser, settings))).toBeLessThan(1e-5)
    const { evaluations } = solverById(settings.solver)
    expect(log.filter((entry) => entry === 'step')).toHaveLength(evaluations * (settings.steps - 1) + 1)
    // Each session is proved once, and then gives the same bits in whatever state it is.
    const before = log.filter((entry) => entry === 'plain').length
    expect(tensorsOf(await run(denoiser, settings))).toEqual(tensorsOf(ran))
    expect(log.filter((entry) => entry === 'plain')).toHaveLength(before)
  })

  it('without a push is the positive, to the bit', async () => {
    const { final } = await run(fast.denoiser, settingsOf({ scale: 0 }))
    expect(final[0]!.guided).toEqual(final[0]!.positive)
  })

  it('refuses a beginning of another size', async () => {
    const initial = [new Float32Array(3)]
    await expect(run(fast.denoiser, settingsOf({}), { initial })).rejects.toThrow('x has 3 values')
  })

  it('is read once every few steps where they are fast, and while those after are computed', async () => {
    const { denoiser, log } = fast
    const settings = settingsOf({ steps: 12 })
    await run(denoiser, settings)
    log.splice(0)
    await run(denoiser, settings)
    const eight = Array<string>(8).fill('step')
    expect(log.slice(log.indexOf('step'))).toEqual([
      'step',
      'read 1',
      ...eight,
      'read 8',
      'step',
      'step',
      'step',
      'read 3',
      'end',
    ])
  })

  it('is read step by step where they are slow, and then is one step ahead of who is asked', async () => {
    const { denoiser, log } = aheadOf({ stepMs: 100 })
    const settings = settingsOf({})
    await run(denoiser, settings)
    log.splice(0)
    const abort = new AbortController()
    const cancelled = async () => {
      for await (const { kind } of sample({ denoiser, settings, alone: [], signal: abort.signal }))
        if (kind === 'step') abort.abort(new Error('cancelled'))
    }
    await expect(cancelled()).rejects.toThrow('cancelled')
    expect(log.filter((entry) => entry === 'step')).toHaveLength(2)
    // What was given up is not in the way of the next run.
    expect(worst(await run(denoiser, settings), await run(tiny.denoiser, settings))).toBeLessThan(1e-5)
  })

  it('neither reads nor keeps what was kept of other runs, whose bits differ', async () => {
    const open = () => {
      throw new Error('the kept trajectories were opened')
    }
    const cache: Pick<TrajectoryCache, 'open'> = { open }
    expect((await run(fast.denoiser, settingsOf({}), { cache })).final).toHaveLength(1)
  })

  it.each<Ahead>([{ fault: 'denoised' }, { fault: 'points' }, { takes: false }])(
    'is asked step by step where the device is wrong or refuses: %o',
    async (ahead) => {
      const settings = settingsOf({})
      const { denoiser, log } = aheadOf(ahead)
      const wanted = await run(tiny.denoiser, settings)
      expect(worst(await run(denoiser, settings), wanted)).toBeLessThan(1e-5)
      expect(log.filter((entry) => entry === 'plain').length).toBeGreaterThanOrEqual(settings.steps - 1)
    },
  )
})
