/** Whole trajectories by our sampler, through the adapter of each prediction and schedule, against those of diffusers' schedulers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { relativeError } from '../../../src/engine/golden'
import { adapterOf } from '../../../src/model/adapter'
import type { Chosen, SigmaRange } from '../../../src/model/description'
import { kindById, complete } from '../../../src/model/kinds'
import { predictions } from '../../../src/model/predictions/index.generated'
import { schedules } from '../../../src/model/schedules/index.generated'
import type { Denoiser, ModelInfo } from '../../../src/model/types'
import { sample } from '../../../src/sampling/sample'
import { defaultSettings } from '../../../src/settings'
import { toyModel } from '../../support/model'

interface Run {
  readonly name: string
  readonly prediction: Chosen
  readonly schedule: Chosen
  readonly sigma: SigmaRange
  /** What the samples are: x itself, or x as the network gets it. */
  readonly units: 'x' | 'scaled'
  readonly rate: number
  readonly told: readonly number[]
  readonly samples: readonly (readonly number[])[]
}
const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../../golden/schedulers.json'), 'utf8')) as {
  readonly steps: number
  readonly runs: readonly Run[]
}

const modelOf = ({ prediction, schedule, sigma }: Pick<Run, 'prediction' | 'schedule' | 'sigma'>): ModelInfo => ({
  ...toyModel,
  image: { channels: 1, height: 2, width: 3 },
  prediction: complete(kindById(predictions, prediction.kind), prediction.parameters),
  schedule: complete(kindById(schedules, schedule.kind), schedule.parameters),
  sigma,
})

/** The same function as in tests/golden/schedulers.py. */
const network = (x: number, angle: number) => 0.5 * Math.sin(1.3 * x + 0.7 + angle) + 0.2 * x * Math.cos(2 * angle)

/** The samples of a run, in the scheduler's units, and what the network was told. */
async function walk(model: ModelInfo, { units, rate, samples }: Run) {
  const adapter = adapterOf(model)
  const told: number[] = []
  const denoiser: Denoiser = {
    model,
    async evaluate(rows) {
      return rows.map(({ x, sigma }) => {
        const level = adapter.level(sigma)
        told.push(level.noise)
        return x.map((value) => {
          const output = network(value * level.in + level.inOffset, rate * level.noise)
          return level.skip * value + level.out * output + level.offset
        })
      })
    },
    readAttention: () => Promise.reject(new Error('there is no attention')),
  }
  const scaleOf = (sigma: number) => (units === 'x' || sigma === 0 ? 1 : adapter.level(sigma).in)
  const first = Float32Array.from(samples[0]!, (value) => value / scaleOf(model.sigma.max))
  const settings = { ...defaultSettings(toyModel, 'none'), steps: golden.steps, solver: 'euler', samples: 1 }
  const found: Float32Array[] = []
  for await (const event of sample({ denoiser, settings, alone: [], initial: [first] })) {
    if (event.kind === 'final') found.push(event.samples[0]!.guided)
    else found.push(event.record.samples[0]!.guided.x.map((value) => value * scaleOf(event.record.sigma)))
  }
  return { found, told }
}

describe('a trajectory of diffusers', () => {
  it.each(golden.runs)('$name', async (run) => {
    const { found, told } = await walk(modelOf(run), run)
    expect(found).toHaveLength(run.samples.length)
    for (const [i, x] of found.entries())
      expect(relativeError(x, Float32Array.from(run.samples[i]!)), `step ${i}`).toBeLessThan(1e-5)
    for (const [i, t] of told.entries()) expect(t).toBeCloseTo(run.told[i]!, 2)
  })

  it('is there for every prediction but the score, and every schedule with times of its own', () => {
    const kinds = (key: 'prediction' | 'schedule') => new Set(golden.runs.map((run) => run[key].kind))
    expect([...kinds('prediction')].sort()).toEqual(
      predictions
        .map(({ id }) => id)
        .filter((id) => id !== 'score')
        .sort(),
    )
    expect([...kinds('schedule')].sort()).toEqual(
      schedules
        .map(({ id }) => id)
        .filter((id) => !['sigma', 'log-sigma'].includes(id))
        .sort(),
    )
  })
})
