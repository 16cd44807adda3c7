/** Every guidance method, in whole runs of the real engine, against PyTorch's tensors, which were computed from the papers. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { norm } from '../../../src/core/vector'
import { loadNodeModel } from '../../../src/cli/node-model'
import { methods } from '../../../src/guidance'
import type { Settings } from '../../../src/settings/types'
import { goldenRuns } from '../../support/golden-run-files'
import { compareRun, relativeError, worst, type GoldenRun } from '../../support/golden-runs'
import { runPreset as run } from '../../support/run-preset'
import { models } from './golden-files'

const TOLERANCE = 1e-4

const tiny = await loadNodeModel(join(models, 'tiny'), { threads: 1 })
const avatars = await loadNodeModel(join(models, 'avatars'), { threads: 1 })
afterAll(async () => {
  await tiny.dispose()
  await avatars.dispose()
})

const ran = new Map<string, ReturnType<typeof run>>()

/** A golden run on the small network, sampled once. */
function sampled(golden: GoldenRun): ReturnType<typeof run> {
  const known = ran.get(golden.name) ?? run(tiny, golden.preset)
  ran.set(golden.name, known)
  return known
}

// Those of the large network run in Chromium (tests/browser/engine/methods.test.ts).
describe('tiny', () => {
  it.each(goldenRuns('tiny').map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const { records, final } = await sampled(golden)
    const differences = compareRun(golden, records, final)
    expect(differences.length).toBeGreaterThan(golden.steps.length)
    const { what, error } = worst(differences)
    expect(error, what).toBeLessThan(TOLERANCE)
  })
})

it('every method has such a run, or a test of its behaviour that bears its name', () => {
  const covered = new Set(goldenRuns('tiny').map(({ preset }) => preset.method))
  const behaves = (id: string) => existsSync(join(import.meta.dirname, '..', 'guidance', 'methods', `${id}.test.ts`))
  const bare = methods.map(({ id }) => id).filter((id) => !covered.has(id) && !behaves(id))
  expect(bare, 'tests/golden/methods/ID.json or tests/unit/guidance/methods/ID.test.ts').toEqual([])
})

it('no stored byte belongs to no run', () => {
  const read = new Map<ArrayBufferLike, Map<number, number>>()
  for (const model of ['tiny', 'avatars'])
    for (const { steps, final } of goldenRuns(model))
      for (const value of [final, ...steps.flatMap((step) => Object.values(step).flat())])
        if (value instanceof Float32Array) {
          const lengths = read.get(value.buffer) ?? new Map<number, number>()
          read.set(value.buffer, lengths.set(value.byteOffset, value.byteLength))
        }
  expect(read.size).toBeGreaterThan(2)
  for (const [{ byteLength }, lengths] of read)
    expect([...lengths.values()].reduce((sum, length) => sum + length, 0)).toBe(byteLength)
})

describe('a name alone gives an image, and one of its own', () => {
  // Few steps on the large network, for the time; all else is the method's default.
  const shipped = [
    ['tiny', tiny, {}],
    ['avatars', avatars, { steps: 3 }],
  ] as const
  describe.each(shipped)('%s', (model, loaded, fewer) => {
    // Without guidance, which is each method's positive.
    const unguided = new Map<string, Promise<Float32Array>>()
    /** A method's positive, which is the image without guidance; CFG has a network of its own by default. */
    const positiveOf = ({ network }: Settings) => {
      const drawn =
        unguided.get(network) ??
        run(loaded, { model, method: 'none', network, ...fewer }, []).then(({ final }) => final[0]!.guided)
      unguided.set(network, drawn)
      return drawn
    }
    it.each(methods.map(({ id }) => id))('%s', async (method) => {
      const { settings, records, final } = await run(loaded, { model, method, ...fewer }, [])
      const { guided } = final[0]!
      expect(guided.every((value) => Number.isFinite(value))).toBe(true)
      // Pure black and white has a root mean square of 1; a sampler that runs away leaves that far behind.
      expect(norm(guided) / Math.sqrt(guided.length)).toBeLessThan(1.25)
      expect(relativeError(guided, await positiveOf(settings)) > 0.01).toBe(method !== 'none')
      expect(records.some(({ inWindow }) => inWindow)).toBe(true)
    })
  })
})

describe('D⁻ + w (D⁺ − D⁻) with w = s + 1 is the guided prediction', () => {
  const pushing = methods.filter(({ kind }) => kind === 'negative')
  const runs = pushing.flatMap(
    ({ id }) =>
      // A push inside the network (Neon, NAG) has no negative.
      goldenRuns('tiny').find(
        ({ preset: { method, rescale, stack }, steps }) =>
          method === id && rescale === 0 && !stack && steps.some(({ negative }) => negative),
      ) ?? [],
  )

  it.each(runs.map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const w = Number(golden.preset.scale) + 1
    const { records } = await sampled(golden)
    let compared = 0
    for (const [
      i,
      {
        samples: [own],
      },
    ] of records.entries()) {
      const {
        predictionPositive: positive,
        predictionNegative: negative,
        guided: { denoised },
      } = own!
      if (!negative) continue
      // The engine rounds once, to single precision; the rest is in double precision on both sides.
      const apart = denoised.findIndex((value, j) => {
        const wanted = negative[j]! + w * (positive[j]! - negative[j]!)
        return (
          Math.abs(value - wanted) >
          2 ** -24 * Math.abs(wanted) + 2 ** -50 * w * (Math.abs(positive[j]!) + Math.abs(negative[j]!))
        )
      })
      expect(apart, `step ${i}: ${denoised[apart]}`).toBe(-1)
      // The same from PyTorch's own two predictions.
      const { positive: torchPositive, negative: torchNegative } = golden.steps[i]!
      if (!torchPositive || !torchNegative) continue
      compared += 1
      const wanted = torchPositive.map((value, j) => torchNegative[j]! + w * (value - torchNegative[j]!))
      expect(relativeError(denoised, wanted), `step ${i}`).toBeLessThan(TOLERANCE)
    }
    expect(compared).toBeGreaterThan(1)
  })
})

it('notices a negative that is another one', async () => {
  const golden = goldenRuns('tiny').find(({ name }) => name === 'pag, euler')!
  const { records, final } = await run(tiny, { ...golden.preset, mix: 0.99 })
  expect(worst(compareRun(golden, records, final)).error).toBeGreaterThan(10 * TOLERANCE)
})

describe('what changes nothing costs nothing: equal to the unguided run to the bit, and no row for a negative', () => {
  const one = new Map(goldenRuns('tiny').map(({ preset }) => [preset.method, preset]))
  const base = { model: 'tiny', class: 4, seed: 3, steps: 4 }
  // CFG-Zero* stands still in its first steps whatever else there is.
  const moving = (preset: GoldenRun['preset']) => ('zeroSteps' in preset ? { ...preset, zeroSteps: 0 } : preset)

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ...[...one].map(([method, preset]) => [`${method}, scale 0`, { ...moving(preset), scale: 0, stack: [] }] as const),
    ...[...one].map(
      ([method, preset]) =>
        [`${method}, outside its window`, { ...moving(preset), window: [100, 'inf'], stack: [] }] as const,
    ),
    ['no mix with the identity', { ...base, method: 'pag', perturbation: 'identity', mix: 0 }],
    ['nothing masked', { ...base, method: 'pag', perturbation: 'mask', rate: 0 }],
    ['nothing dropped', { ...base, method: 'pag', perturbation: 'drop', rate: 0 }],
    ['no noise on the map', { ...base, method: 'pag', perturbation: 'noise', deviation: 0 }],
    ['temperature 1', { ...base, method: 'pag', perturbation: 'temperature', temperature: 1 }],
    ['no layer', { ...base, method: 'pag', layers: [] }],
    ['blur of the queries off', { ...base, method: 'seg', sigma: 0 }],
    ['no token shuffled', { ...base, method: 'tpg', share: 0 }],
    ['no block left out', { ...base, method: 's2', blockShare: 0 }],
    ['no dropout', { ...base, method: 'in-situ', dropout: 0 }],
    ['nothing blended in', { ...base, method: 'nag', featureBlend: 0 }],
    ['no layer with sparse maps', { ...base, method: 'pladis', layers: [] }],
    ['temperature of ERG 1', { ...base, method: 'erg', tau: 1 }],
    ['no noise on the embedding', { ...base, method: 'tsg', noiseScale: 0 }],
    ['told the true noise level', { ...base, method: 'self-guidance', from: 'level', delta: 0 }],
    ['SAG that starts below all levels', { ...base, method: 'sag', startSigma: 0 }],
    [
      'a stack of neutral terms',
      {
        ...base,
        method: 'pag',
        mix: 0,
        stack: [
          { method: 'seg', sigma: 0 },
          { method: 'icg', scale: 0 },
        ],
      },
    ],
  ])('%s', async (_, preset) => {
    const shared = Object.fromEntries(
      ['model', 'network', 'ema', 'class', 'seed', 'samples', 'steps', 'solver'].flatMap((key) =>
        key in preset ? [[key, preset[key]]] : [],
      ),
    )
    const plain = await run(tiny, { ...shared, method: 'none' })
    const neutral = await run(tiny, preset)
    expect(neutral.final[0]!.guided).toEqual(plain.final[0]!.guided)
    expect(neutral.rows).toBe(plain.rows)
    const answers = neutral.records.flatMap(({ samples: [own] }) =>
      [own!, ...own!.stacked].map(({ predictionNegative }) => predictionNegative),
    )
    expect(answers.every((answer) => answer === null)).toBe(true)
  })
})

it.each(['apg, euler', 'apg-mix, euler', 'momentum, heun', 'self-guidance, previous, euler'])(
  '%s begins anew in each run',
  async (name) => {
    const { preset } = goldenRuns('tiny').find((golden) => golden.name === name)!
    expect((await run(tiny, preset)).final[0]!.guided).toEqual((await run(tiny, preset)).final[0]!.guided)
  },
)
