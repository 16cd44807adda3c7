/** Which trajectories are walked costs rows, and never changes a bit of those that are. */
import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import type { Denoiser, DenoiserRow } from '../../../src/model/types'
import { loneKey, TrajectoryCache } from '../../../src/sampling/cache'
import type { FinalSample, StepRecord } from '../../../src/sampling/records'
import { sample, type SampleOptions } from '../../../src/sampling/sample'
import { sideBySide } from '../../../src/sampling/side-by-side'
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

it('is asked of a network for as many rows as somebody looks at: eight images of the default', async () => {
  const rowsOf = async (alone: SampleOptions['alone']) => {
    const denoiser = toyDenoiser(denoise)
    const images = await sideBySide(
      denoiser,
      Array.from({ length: 8 }, (_, seed) => async (shared) => {
        const settings = { ...defaultSettings(model), seed }
        for await (const event of sample({ denoiser: shared, settings, alone }))
          if (event.kind === 'final') return event.samples[0]!.guided
        throw new Error('no image')
      }),
    )
    return { images, rows: denoiser.batches.flat().length }
  }
  const [guided, beside, all] = [await rowsOf([]), await rowsOf(['positive']), await rowsOf(['positive', 'negative'])]
  expect([guided.rows, beside.rows, all.rows]).toEqual([8 * 2 * 16, 8 * (2 + 3 * 15), 8 * (2 + 4 * 15)])
  expect(guided.images).toEqual(all.images)
  expect(beside.images).toEqual(all.images)
})

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
      const changed = loneKey('negative', Object.assign({ ...settings }, { [key]: 'another' }))
      expect(changed !== loneKey('negative', settings)).toBe(decidesTrajectories)
    },
  )

  it('is the positive’s for any method that has no say in it, and two rows a step are left', async () => {
    for (const [before, after] of [
      [{ method: 'pag' }, { method: 'seg' }],
      [
        { method: 'pag', layers: [0] },
        { method: 'pag', layers: [1, 2], scale: 2 },
      ],
      [{ method: 'pag' }, { method: 'autoguidance', rescale: 0.5 }],
    ]) {
      const cache = new TrajectoryCache()
      await walk({ ...before, steps: 5 }, ['positive'], { cache })
      const kept = await walk({ ...after, steps: 5 }, ['positive'], { cache })
      const fresh = await walk({ ...after, steps: 5 }, ['positive'])
      expect(kept.final).toEqual(fresh.final)
      expect(kept.steps.map(({ samples }) => samples)).toEqual(fresh.steps.map(({ samples }) => samples))
      expect(kept.steps.map(({ rows }) => rows)).toEqual([1, 2, 2, 2, 2])
    }
  })

  it('is another’s where the method changes what the positive is asked', async () => {
    const changing = methods.filter((method) => 'positive' in method && method.positive)
    expect(changing.length).toBeGreaterThan(0)
    for (const { id } of changing) {
      const own = defaultSettings(model, id)
      expect(loneKey('positive', own)).not.toBe(loneKey('positive', defaultSettings(model, 'pag')))
      expect(loneKey('positive', { ...own, scale: own.scale + 1 })).toBe(loneKey('positive', own))
    }
  })

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
      const both = ['positive', 'negative'] as const
      await walk({ method: 'seg', steps: 3, ...first }, both, { cache })
      return (await walk({ method: 'seg', steps: 3, ...second }, both, { cache })).steps[0]!.rows
    }
    expect(await rowsAfter({ sigma: 'inf', seed: 1 }, { seed: 1, sigma: 'inf' })).toBe(0)
    expect(await rowsAfter({ sigma: 'inf' }, { sigma: 8 })).toBe(1)
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
