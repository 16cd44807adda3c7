/** Curves of the plane: their numbers against plain formulas written here, their intervals against textbook ones, and how points come. */
import { describe, expect, it } from 'vitest'
import { BLOCKS, estimateFrom, STUDENT } from '../../../src/evaluation/metrics'
import { runCloud } from '../../../src/plane/cloud'
import { measure, measuredOf, seenOf } from '../../../src/plane/measures'
import { openPlane } from '../../../src/plane/plane'
import { parsePreset } from '../../../src/settings'
import type { SeenPoints } from '../../../src/ui/rooms/plane/messages'
import type { Point } from '../../../src/ui/rooms/lab/judged/point'
import { createCloudWork } from '../../../src/ui/rooms/lab/tabs/plane/cloud-work'
import { estimateOf } from '../../../src/ui/rooms/lab/tabs/plane/looks'
import { COUNTS, MODEL, saidOf, wishOf } from '../../../src/ui/rooms/lab/tabs/plane/wish'
import mixtureFile from '../../../models/plane/mixture.json'
import networksFile from '../../../models/plane/networks.json'
import weightsFile from '../../../models/plane/weights.json'

const { mixture, truth, model, denoiser } = openPlane(mixtureFile, networksFile, weightsFile)

function settingsOf(preset: Readonly<Record<string, unknown>>) {
  const read = parsePreset({ steps: 16, ...preset }, model)
  if (!read.ok) throw new Error(read.problem)
  return read.settings
}

async function ends(preset: Readonly<Record<string, unknown>>, points: number, first = 0): Promise<Float32Array> {
  const settings = settingsOf(preset)
  const cloud = await runCloud({ denoiser, settings: { ...settings, image: first }, alone: [], points })
  return cloud.paths.guided!.at(-1)!
}

/** p as the file says it, a Gaussian after the other, without logarithms. */
function density(x: number, y: number, label: number): number {
  const rows = mixtureFile.components.filter(([own]) => own === label)
  const all = rows.reduce((sum, row) => sum + row[2]!, 0)
  return rows.reduce((sum, [, , weight, mx, my, xx, xy, yy]) => {
    const determinant = xx! * yy! - xy! * xy!
    const [dx, dy] = [x - mx!, y - my!]
    const far = (yy! * dx * dx - 2 * xy! * dx * dy + xx! * dy * dy) / determinant
    return sum + ((weight! / all) * Math.exp(-far / 2)) / (2 * Math.PI * Math.sqrt(determinant))
  }, 0)
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('the density', () => {
  it('sums to 1 over the plane', () => {
    const [step, half] = [0.01, 2.5]
    const side = Math.round((2 * half) / step)
    const points = new Float32Array(2 * side * side)
    for (let i = 0; i < side * side; i++) {
      points[2 * i] = -half + (i % side) * step
      points[2 * i + 1] = -half + Math.floor(i / side) * step
    }
    const sum = mixture.logDensity(points, 0, 0).reduce((total, log) => total + Math.exp(log), 0)
    expect(Math.abs(sum * step * step - 1)).toBeLessThan(0.002)
  })
})

describe('the numbers of a point', () => {
  it('are those of the plain formulas, with the interval of ten means', async () => {
    const points = await ends({ method: 'autoguidance', weak: 'small', scale: 1, class: 1 }, 1000)
    const logs = Array.from({ length: 1000 }, (_, p) => Math.log(density(points[2 * p]!, points[2 * p + 1]!, 1)))
    const measured = measuredOf(seenOf(points, 1, mixture), 1, mixture, truth, BLOCKS)
    const { value, margin } = estimateFrom(measured.logLikelihood)
    expect(Math.abs(value - mean(logs))).toBeLessThan(1e-9)
    const means = Array.from({ length: 10 }, (_, block) => mean(logs.slice(100 * block, 100 * block + 100)))
    const middle = mean(means)
    const error = Math.sqrt(means.reduce((sum, own) => sum + (own - middle) ** 2, 0) / 9 / 10)
    expect(Math.abs(margin! - STUDENT * error)).toBeLessThan(1e-9)
    const outside = logs.filter((log) => log < truth.edge[1]!).length / 1000
    expect(estimateFrom(measured.outside).value).toBeCloseTo(outside, 12)
    const whole = measure(points, 1, mixture, truth)
    expect(measured.reached).toBe(whole.covered / whole.twigs)
    expect(whole.covered).toBeLessThan(whole.twigs)
    expect(measured.points).toBe(1000)
  })

  it('lie within their intervals as often as they say', async () => {
    const [sets, size] = [40, 1000]
    const all = await ends({ method: 'none', class: 0, steps: 6 }, sets * size, 7)
    const sum = mean([...mixture.logDensity(all, 0, 0)])
    const measured = Array.from({ length: sets }, (_, i) =>
      measuredOf(seenOf(all.slice(2 * size * i, 2 * size * (i + 1)), 0, mixture), 0, mixture, truth, BLOCKS),
    )
    const within = measured.filter(({ logLikelihood }) => {
      const { value, margin } = estimateFrom(logLikelihood)
      return Math.abs(value - sum) <= margin!
    }).length
    // Of 40, 38 are due; 33 or fewer would come once in a hundred times.
    expect(within).toBeGreaterThanOrEqual(34)
    expect(within).toBeLessThan(sets)
    // A count of twigs jumps: its intervals are as wide as it spreads from set to set, within what 40 sets tell.
    const reached = measured.map((own) => estimateOf(own, 'reached')!)
    const middle = mean(reached.map(({ value }) => value))
    const spread = Math.sqrt(mean(reached.map(({ value }) => (value - middle) ** 2)))
    const told = mean(reached.map(({ margin }) => margin! / STUDENT))
    expect(spread).toBeGreaterThan(0)
    expect(told / spread).toBeGreaterThan(0.7)
    expect(told / spread).toBeLessThan(1.6)
  })

  it('are none where points left all bounds', () => {
    const points = Float32Array.from({ length: 40 }, (_, i) => (i < 38 ? 0.1 : NaN))
    const measured = measuredOf(seenOf(points, 0, mixture), 0, mixture, truth, BLOCKS)
    expect(estimateOf(measured, 'logLikelihood')).toBeNull()
    expect(measured.outside.whole).toBeGreaterThan(0)
  })
})

describe('points as they come', () => {
  const point = (key: string): Point => {
    const settings = settingsOf({ class: 0 })
    return { key, settings, drawn: settings, model: MODEL }
  }
  const made = (rows: number): SeenPoints => {
    const points = mixture.draw(100 * rows, 0, 0, 1)
    return { ends: points, ...seenOf(points, 0, mixture) }
  }

  function working(fails: (call: number) => boolean = () => false) {
    const calls: (readonly [first: number, rows: number])[] = []
    const see = async (_: unknown, first: number, rows: number) => {
      calls.push([first, rows])
      if (fails(calls.length)) throw new Error('The worker stopped.')
      return made(rows)
    }
    return { calls, work: createCloudWork({ workers: { see, dispose: () => undefined }, mixture, truth }) }
  }

  it('grow together, by two thousand in turn, and none is walked twice', async () => {
    const { calls, work } = working()
    await work.draw([point('a'), point('b')], 4000)
    expect(calls).toEqual([
      [0, 20],
      [0, 20],
      [20, 20],
      [20, 20],
    ])
    const { clouds, busy } = work.store.getState()
    expect([busy, clouds.a!.have, clouds.b!.measured!.points]).toEqual([false, 4000, 4000])
    expect(clouds.a!.ends).toHaveLength(4000)
    await work.draw([point('b'), point('c')], 2000)
    expect(calls).toHaveLength(5)
  })

  it('stop where another wish comes, and say why one has none', async () => {
    const { calls, work } = working((call) => call === 2)
    const first = work.draw([point('a'), point('b')], 8000)
    const second = work.draw([point('c'), point('d')], 2000)
    await Promise.all([first, second])
    // The one under way is kept, and nothing more of the first wish is walked.
    expect(calls).toHaveLength(3)
    const { clouds, busy } = work.store.getState()
    expect([busy, clouds.a!.have, clouds.b!.have, clouds.c!.failure, clouds.d!.have]).toEqual([
      false,
      2000,
      0,
      'The worker stopped.',
      2000,
    ])
  })
})

it('the address says the settings of the plane, what is varied, and how many points', () => {
  const settings = settingsOf({ method: 'cfg', scale: 1, steps: 24 })
  const wish = {
    settings,
    along: { key: 'scale', text: '0..4 by 1' },
    lines: { key: 'steps', text: '8, 16' },
    points: COUNTS[1],
  }
  expect(wishOf(saidOf(wish))).toEqual(wish)
  expect(wishOf({}).along.key).toBe('scale')
  expect(wishOf({ points: '7' }).points).toBe(COUNTS[0])
})
