/** Which trajectories are walked costs rows, and never changes a bit of those that are. */
import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import type { Denoiser, DenoiserRow } from '../../../src/model/types'
import { TrajectoryCache, trajectoryKey } from '../../../src/sampling/cache'
import type { FinalSample, StepRecord } from '../../../src/sampling/records'
import { sample, type SampleOptions } from '../../../src/sampling/sample'
import { solvers } from '../../../src/sampling/solver-registry'
import { defaultSettings, OWN, parsePreset, STACK, TERM } from '../../../src/settings'
import { toyAttention, toyDenoiser, toyModel as model } from '../../support/model'

function denoise({ x, sigma, ...asked }: DenoiserRow): Float32Array {
  const text = JSON.stringify(asked)
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return x.map((value, i) => (0.25 * value + sigma ** 2 * Math.sin(hash + i)) / (0.25 + sigma ** 2))
}

/** As on real devices, a layer that is read is computed in another form, which rounds otherwise. */
const rounding = (): Denoiser => ({
  ...toyDenoiser(denoise),
  readAttention: (rows, layer) =>
    Promise.resolve(
      rows.map((row) => {
        const { map, received } = toyAttention(layer)
        // Layer 1 looks at its last token most, the others at their first.
        const looked = layer === 1 ? received.slice().reverse() : received
        return { denoised: denoise(row).map((value) => value * (1 + 1e-6)), map, received: looked }
      }),
    ),
})

interface Walked {
  readonly steps: readonly StepRecord[]
  readonly final: readonly FinalSample[]
}

async function walk(
  preset: Readonly<Record<string, unknown>>,
  alone: SampleOptions['alone'],
  more: Partial<SampleOptions> = {},
): Promise<Walked> {
  const result = parsePreset(preset, model)
  if (!result.ok) throw new Error(result.problem)
  const steps: StepRecord[] = []
  let final: readonly FinalSample[] = []
  for await (const event of sample({ denoiser: rounding(), settings: result.settings, alone, ...more })) {
    if (event.kind === 'step') steps.push(event.record)
    else final = event.samples
  }
  return { steps, final }
}

const presets = methods.flatMap(({ id }) =>
  solvers.map((solver) => ({ method: id, solver: solver.id, steps: 6, samples: 2 })),
)
const able = presets.filter((preset) => parsePreset(preset, model).ok)

describe('the guided trajectory', () => {
  it.each(able.map((preset) => [preset.method, preset.solver, preset] as const))(
    'is the same, bit for bit, walked alone (%s, %s)',
    async (_, _solver, preset) => {
      for (const more of [{}, { window: [0.05, 3] }]) {
        const all = await walk({ ...preset, ...more }, ['positive', 'negative'])
        const alone = await walk({ ...preset, ...more }, [])
        expect(alone.final.map(({ guided }) => guided)).toEqual(all.final.map(({ guided }) => guided))
        expect(alone.final.every(({ positive, negative }) => positive === null && negative === null)).toBe(true)
        for (const [i, { samples, rows }] of alone.steps.entries()) {
          expect(samples.map(({ guided }) => guided)).toEqual(all.steps[i]!.samples.map(({ guided }) => guided))
          expect(samples.map(({ positive }) => positive)).toEqual([null, null])
          expect(rows).toBeLessThanOrEqual(all.steps[i]!.rows)
        }
      }
    },
  )

  it('costs two rows a step alone, three with the positive, four with both', async () => {
    const preset = { method: 'pag', scale: 1, steps: 5 }
    const rows = async (alone: SampleOptions['alone']) => (await walk(preset, alone)).steps.map((step) => step.rows)
    expect(await rows([])).toEqual([2, 2, 2, 2, 2])
    expect(await rows(['positive'])).toEqual([2, 3, 3, 3, 3])
    expect(await rows(['negative'])).toEqual([2, 3, 3, 3, 3])
    expect(await rows(['positive', 'negative'])).toEqual([2, 4, 4, 4, 4])
  })

  it.each([{ method: 'sims', form: 'neon' }, { method: 'nag' }, { method: 'pladis' }])(
    'a push inside the network costs one row a step, two with the positive, and has no negative: %j',
    async (own) => {
      const rows = async (alone: SampleOptions['alone']) =>
        (await walk({ steps: 5, ...own }, alone)).steps.map((step) => step.rows)
      expect(await rows([])).toEqual([1, 1, 1, 1, 1])
      expect(await rows(['positive', 'negative'])).toEqual([2, 2, 2, 2, 2])
    },
  )
})

describe('what is kept of a trajectory', () => {
  it.each([...Object.entries(OWN), ...Object.entries(TERM), ['stack', STACK] as const])(
    'is of another run where %s decides the trajectories, and only there',
    (key, { decidesTrajectories }) => {
      const settings = defaultSettings(model)
      const changed = trajectoryKey(Object.assign({ ...settings }, { [key]: 'another' }))
      expect(changed !== trajectoryKey(settings)).toBe(decidesTrajectories)
    },
  )

  it.each(['swg', 'sag'])('is all of it: a second run records the same masks (%s)', async (method) => {
    const preset = { method, steps: 4, scale: 1, ...(method === 'sag' && { startSigma: 'inf' }) }
    const cache = new TrajectoryCache()
    await walk({ ...preset, scale: 2 }, ['positive', 'negative'], { cache })
    const again = await walk(preset, ['positive', 'negative'], { cache })
    const fresh = await walk(preset, ['positive', 'negative'])
    const masks = ({ steps }: Walked) => steps.map(({ samples }) => samples[0]!.mask)
    expect(masks(fresh).every((mask) => mask !== null)).toBe(true)
    expect(masks(again)).toEqual(masks(fresh))
  })

  it('is that of equal settings, whatever the order of their keys', async () => {
    const rowsAfter = async (first: object, second: object) => {
      const cache = new TrajectoryCache()
      await walk({ method: 'seg', steps: 3, ...first }, ['positive'], { cache })
      return (await walk({ method: 'seg', steps: 3, ...second }, ['positive'], { cache })).steps[0]!.rows
    }
    expect(await rowsAfter({ sigma: 'inf', seed: 1 }, { seed: 1, sigma: 'inf' })).toBe(1)
    expect(await rowsAfter({ sigma: 'inf' }, { sigma: 8 })).toBe(2)
    expect(await rowsAfter({ solver: 'euler', churn: 1 }, { solver: 'euler', churn: 2 })).toBe(2)
  })
})

it('two SAG terms read the maps of their own layers', async () => {
  const own = { mapLayer: 0, startSigma: 'inf', threshold: 1 }
  const stacked = (mapLayer: number) => ({ ...own, method: 'sag', scale: 0.5, mapLayer })
  const firstOf = async (preset: object) => (await walk({ steps: 2, ...preset }, [])).steps[0]!.samples[0]!
  const alone = await firstOf({ method: 'sag', ...own })
  const both = await firstOf({ method: 'sag', ...own, stack: [stacked(1)] })
  const other = await firstOf({ method: 'sag', ...own, mapLayer: 1 })
  expect(both.mask).toEqual(alone.mask)
  expect(both.stacked[0]!.mask).toEqual(other.mask)
  expect(other.mask).not.toEqual(alone.mask)
})
