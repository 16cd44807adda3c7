/** Every solver of the registry: against PyTorch, its order of convergence, and what it says of itself. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { methods } from '../../../src/guidance'
import { sample } from '../../../src/sampling/sample'
import { karrasSchedule } from '../../../src/sampling/schedule'
import type { Solver, StepContext } from '../../../src/sampling/solver'
import {
  DEFAULT_SOLVER,
  previewSolver,
  solverParameters,
  solvers,
  withSolver,
} from '../../../src/sampling/solver-registry'
import { defaultSettings, OWN, parsePreset, settingsRefusal, TERM } from '../../../src/settings'
import { gaussianDenoise, toyDenoiser, toyModel } from '../../support/model'

type Denoise = (x: Float32Array, sigma: number) => Float32Array

interface Golden {
  readonly mixture: { readonly means: readonly number[]; readonly variance: number }
  readonly sigmas: readonly number[]
  readonly start: readonly number[]
  readonly noise: readonly (readonly number[])[]
  readonly runs: readonly {
    readonly solver: string
    readonly parameters: Readonly<Record<string, number>>
    readonly x: readonly (readonly number[])[]
  }[]
}
const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../../golden/solvers.json'), 'utf8')) as Golden

/** x after each step of a solver by itself, and how many predictions each step took. */
function walk(
  solver: Solver,
  sigmas: readonly number[],
  start: Float32Array,
  denoise: Denoise,
  noise: (step: number) => Float32Array = () => new Float32Array(start.length),
  parameters: Readonly<Record<string, number>> = {},
) {
  const steps = sigmas.length - 1
  let x = start
  let previous: StepContext['previous'] = null
  return Array.from({ length: steps }, (_, step) => {
    const [sigma, sigmaNext] = [sigmas[step]!, sigmas[step + 1]!]
    const context = { sigma, sigmaNext, steps, previous, noise: () => noise(step) }
    const walking = solver.step(x, { ...context, parameters: solverParameters(solver, parameters) })
    let asked = walking.next()
    let evaluations = 0
    let first: StepContext['previous'] = null
    while (!asked.done) {
      const denoised = denoise(asked.value.x, asked.value.sigma)
      first ??= { sigma: asked.value.sigma, denoised }
      evaluations += 1
      asked = walking.next(denoised)
    }
    x = asked.value
    previous = first
    return { x, evaluations }
  })
}

const each = solvers.map((solver) => [solver.id, solver] as const)

describe('against PyTorch, written from the papers', () => {
  const { means, variance } = golden.mixture
  const mixture: Denoise = (x, sigma) =>
    x.map((value) => {
      const total = variance + sigma * sigma
      const logs = means.map((mean) => -((value - mean) ** 2) / (2 * total))
      const weights = logs.map((log) => Math.exp(log - Math.max(...logs)))
      const sum = weights.reduce((a, b) => a + b)
      return means.reduce(
        (all, mean, k) => all + ((weights[k]! / sum) * (variance * value + sigma ** 2 * mean)) / total,
        0,
      )
    })

  it.each(golden.runs.map((run) => [run.solver, run.parameters, run] as const))('%s %j', (id, parameters, run) => {
    const solver = solvers.find((one) => one.id === id)!
    const noise = (step: number) => Float32Array.from(golden.noise[step]!)
    const walked = walk(solver, golden.sigmas, Float32Array.from(golden.start), mixture, noise, parameters)
    for (const [step, { x }] of walked.entries()) {
      // The mixture's trajectories part where they are near its middle, which multiplies rounding.
      const size = Math.max(1, golden.sigmas[step + 1]!)
      x.forEach((value, i) => expect(Math.abs(value - run.x[step]![i]!) / size).toBeLessThan(2e-5))
    }
  })

  it.each(each)('there is such a run of %s', (id) => expect(golden.runs.map(({ solver }) => solver)).toContain(id))
})

describe('order of convergence where the solution is known', () => {
  const [MEAN, VARIANCE] = [0.3, 0.25]
  const gaussian: Denoise = (x, sigma) =>
    x.map((value) => (VARIANCE * value + sigma * sigma * MEAN) / (VARIANCE + sigma * sigma))
  const deviationAt = (sigma: number) => Math.sqrt(VARIANCE + sigma * sigma)
  // Down to σ_min: the last step, to 0, is the same for all of them.
  const scheduleOf = (steps: number) => karrasSchedule(steps, { min: 0.02, max: 20, rho: 7 }).slice(0, -1)
  const COUNTS = [32, 48, 64, 96]

  /** Slope of log error over log steps, by least squares. */
  function slope(errorOf: (sigmas: readonly number[]) => number): number {
    const points = COUNTS.map((steps) => [Math.log(steps), Math.log(errorOf(scheduleOf(steps)))] as const)
    const [meanX, meanY] = [0, 1].map((at) => points.reduce((sum, point) => sum + point[at]!, 0) / points.length)
    const products = points.map(([x, y]) => [(x - meanX!) * (y - meanY!), (x - meanX!) ** 2] as const)
    return -products.reduce((sum, [xy]) => sum + xy, 0) / products.reduce((sum, [, xx]) => sum + xx, 0)
  }

  // The error is c N^(−p) (1 + O(1/N)): with up to 96 steps the slope is within a few hundredths of p, and a bit above it.
  const BAND = { below: 0.15, above: 0.25 }

  /** A denoiser, and x along a trajectory of it. */
  interface Problem {
    readonly denoise: Denoise
    readonly at: (sigma: number) => number
  }
  const problems: readonly Problem[] = [
    // A Gaussian: x = m + 2 √(v + σ²).
    { denoise: gaussian, at: (sigma) => MEAN + 2 * deviationAt(sigma) },
    // D = 0.8 x, of nothing in particular: x ∝ σ^0.2. A solver may be better than its order on one problem, not on both.
    { denoise: (x) => x.map((value) => 0.8 * value), at: (sigma) => sigma ** 0.2 },
  ]

  /** Without fresh noise. */
  const quiet = (solver: Solver) => Object.fromEntries(solver.parameters.map(({ key, min }) => [key, min]))

  function pathError(solver: Solver, { denoise, at }: Problem, sigmas: readonly number[]): number {
    const walked = walk(solver, sigmas, Float32Array.of(at(sigmas[0]!)), denoise, undefined, quiet(solver))
    return Math.abs(walked.at(-1)!.x[0]! - at(sigmas.at(-1)!))
  }

  /** Distance of the standard deviation from √(v + σ²). A step is x' = a x + b + c n, so that its variance is a² V + c². */
  function spreadError(
    solver: Solver,
    sigmas: readonly number[],
    parameters: Readonly<Record<string, number>>,
  ): number {
    let variance = VARIANCE + sigmas[0]! ** 2
    for (const [step, sigma] of sigmas.slice(0, -1).entries()) {
      // Neighbours in the schedule stand for a run of all its steps.
      const context = { sigma, sigmaNext: sigmas[step + 1]!, steps: sigmas.length, previous: null, parameters }
      const from = (x: number, fresh: number) => {
        const walking = solver.step(Float32Array.of(x), { ...context, noise: () => Float32Array.of(fresh) })
        let asked = walking.next()
        while (!asked.done) asked = walking.next(gaussian(asked.value.x, asked.value.sigma))
        return asked.value[0]!
      }
      const [a, c] = [from(1, 0) - from(0, 0), from(0, 1) - from(0, 0)]
      variance = a * a * variance + c * c
    }
    return Math.abs(Math.sqrt(variance) - deviationAt(sigmas.at(-1)!))
  }

  it.each(each)('of %s is what it says', (_, solver) => {
    const slopes = problems.map((problem) => slope((sigmas) => pathError(solver, problem, sigmas)))
    expect(Math.min(...slopes)).toBeGreaterThan(solver.order - BAND.below)
    expect(Math.min(...slopes)).toBeLessThan(solver.order + BAND.above)
  })

  it.each([
    ['euler', { churn: 4 }],
    ['heun', { churn: 4 }],
    ['ddim', { ancestral: 1 }],
    ['ddim', { ancestral: 0.5 }],
  ])('of %s with fresh noise, %j, in the distribution', (id, parameters) => {
    const solver = solvers.find((one) => one.id === id)!
    const own = solverParameters(solver, parameters)
    const measured = slope((sigmas) => spreadError(solver, sigmas, own))
    expect(measured).toBeGreaterThan(solver.order - BAND.below)
    expect(measured).toBeLessThan(solver.order + BAND.above)
  })
})

describe('what a solver says of itself', () => {
  const nonlinear: Denoise = (x, sigma) => x.map((value) => Math.tanh(value / (1 + sigma)))
  const sigmas = [10, 4, 1.5, 0.4, 0]
  const noise = () => Float32Array.of(0.7, -1.2)
  const start = Float32Array.of(8, -3)

  it.each(each)('%s takes as many evaluations a step as it says, and never more', (_, solver) => {
    const counts = walk(solver, sigmas, start, nonlinear, noise).map(({ evaluations }) => evaluations)
    expect(counts.slice(0, -1)).toEqual(counts.slice(0, -1).map(() => solver.evaluations))
    expect(counts.at(-1)).toBeLessThanOrEqual(solver.evaluations)
  })

  it.each(each)('%s takes the linear step, or does not', (_, solver) => {
    const linear = (x: Float32Array, step: number) => {
      const denoised = nonlinear(x, sigmas[step]!)
      return x.map((value, i) => denoised[i]! + (sigmas[step + 1]! / sigmas[step]!) * (value - denoised[i]!))
    }
    const walked = walk(solver, sigmas, start, nonlinear, noise).map(({ x }) => x)
    const same = [start, ...walked]
      .slice(0, -1)
      .every((x, step) => linear(x, step).every((value, i) => Math.abs(value - walked[step]![i]!) < 1e-5))
    expect(same).toBe(solver.linearStep)
  })

  it.each(each)('%s gives and asks at sums: two sets of numbers added give what each gives, added', (_, solver) => {
    const numbers = (seed: number) => normals(seed, 0, 40)
    const taken = (given: Float32Array) => {
      const [x, fresh, before, ...denoised] = Array.from({ length: 5 }, (_, i) => given.slice(8 * i, 8 * i + 8))
      const previous = { sigma: 3.1, denoised: before! }
      const context = { sigma: 2.3, sigmaNext: 1.2, steps: 9, previous, noise: () => fresh! }
      const walking = solver.step(x!, { ...context, parameters: solverParameters(solver, { churn: 4 }) })
      const found: Float32Array[] = []
      let asked = walking.next()
      while (!asked.done) {
        found.push(asked.value.x)
        asked = walking.next(denoised.shift()!)
      }
      return [...found, asked.value].flatMap((values) => [...values])
    }
    const [a, b] = [numbers(1), numbers(2)]
    const [ofA, ofB] = [taken(a), taken(b)]
    const ofBoth = taken(a.map((value, i) => value + b[i]!))
    ofBoth.forEach((value, i) => expect(value).toBeCloseTo(ofA[i]! + ofB[i]!, 5))
  })

  it.each(each)('%s ends at D: at σ = 0 nothing of x is left', (_, solver) => {
    let last: Float32Array = new Float32Array(2)
    const walked = walk(solver, sigmas, start, (x, sigma) => (last = nonlinear(x, sigma)), noise)
    walked.at(-1)!.x.forEach((value, i) => expect(value).toBeCloseTo(last[i]!, 5))
  })

  it.each(each)('%s describes its parameters, with keys that mean nothing else', (_, solver) => {
    for (const text of [solver.name, solver.title, solver.help, solver.source.text, solver.source.url])
      expect(text).not.toBe('')
    const others = new Set([
      ...Object.keys(OWN),
      ...Object.keys(TERM),
      ...methods.flatMap(({ parameters }) => parameters.map(({ key }) => key)),
    ])
    for (const parameter of solver.parameters) {
      expect(others).not.toContain(parameter.key)
      expect(parameter.default).toBeGreaterThanOrEqual(parameter.min)
      expect(parameter.default).toBeLessThanOrEqual(parameter.max)
      if (parameter.with) expect(solver.parameters.map(({ key }) => key)).toContain(parameter.with)
      // A key that two solvers have is one parameter.
      for (const other of solvers)
        for (const same of other.parameters.filter(({ key }) => key === parameter.key)) expect(same).toBe(parameter)
    }
  })

  it('has an id and a place of its own, and Euler comes first', () => {
    expect(new Set(solvers.map(({ id }) => id)).size).toBe(solvers.length)
    expect(new Set(solvers.map(({ place }) => place)).size).toBe(solvers.length)
    expect(DEFAULT_SOLVER.id).toBe('euler')
  })
})

describe('in the sampler', () => {
  const finals = async (preset: Readonly<Record<string, unknown>>) => {
    const result = parsePreset({ method: 'pag', steps: 6, samples: 2, ...preset }, toyModel)
    if (!result.ok) throw new Error(result.problem)
    const { settings } = result
    for await (const event of sample({ denoiser: toyDenoiser(gaussianDenoise), settings, alone: ['positive'] }))
      if (event.kind === 'final') return event.samples
    throw new Error('no image')
  }

  it.each(each)('%s: at scale 0 the guided image is the positive, and a run repeats', async (solver) => {
    const [first] = await finals({ solver, scale: 0 })
    expect(first!.guided).toEqual(first!.positive)
    expect(await finals({ solver, scale: 0 })).toEqual(await finals({ solver, scale: 0 }))
  })

  it.each([
    ['euler', { churn: 20 }, { churn: 0 }],
    ['heun', { churn: 20 }, { churn: 0 }],
    ['ddim', { ancestral: 1 }, { ancestral: 0 }],
  ])('%s %j draws fresh noise, the same for each trajectory and another for each image', async (solver, own, off) => {
    const quiet = await finals({ solver, scale: 0, ...off })
    const drawn = await finals({ solver, scale: 0, ...own })
    const shifts = drawn.map(({ guided }, at) => guided.map((value, i) => value - quiet[at]!.guided[i]!))
    expect(shifts[0]!.some((value) => Math.abs(value) > 1e-3)).toBe(true)
    expect(shifts[0]).not.toEqual(shifts[1])
    for (const { guided, positive } of drawn) expect(guided).toEqual(positive)
  })

  it('a preview takes the solver itself where that costs one evaluation a step', () => {
    for (const { id, evaluations } of solvers) {
      expect(previewSolver(id)).toBe(evaluations === 1 ? id : DEFAULT_SOLVER.id)
    }
    const churned = withSolver(
      { ...defaultSettings(toyModel), solver: 'heun', solverParameters: { churn: 7 } },
      'euler',
    )
    expect(churned.solverParameters).toMatchObject({ churn: 7, churnNoise: 1 })
    expect(withSolver(churned, 'dpmpp-2m').solverParameters).toEqual({})
  })

  it('what is written for the linear step is refused by a solver that takes another', () => {
    for (const method of methods.filter((one) => one.kind === 'combiner' && one.linearStep))
      for (const solver of solvers) {
        const why = settingsRefusal(withSolver(defaultSettings(toyModel, method.id), solver.id), toyModel)
        if (solver.linearStep) expect(why).toBeNull()
        else expect(why).toContain(`which ${solver.name} does not take. Set solver to euler.`)
      }
  })
})
