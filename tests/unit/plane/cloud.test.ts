/** Clouds of points: the sampler brings them to the truth, guidance repairs and overshoots, and parts are the whole. */
import { describe, expect, it } from 'vitest'
import { concatenate } from '../../../src/core/vector'
import { methods } from '../../../src/guidance'
import { POINTS_PER_ROW, runCloud } from '../../../src/plane/cloud'
import { agreement, errorMaps, errorsOf } from '../../../src/plane/errors'
import { differenceAt } from '../../../src/plane/field'
import { measure } from '../../../src/plane/measures'
import { openPlane } from '../../../src/plane/plane'
import { defaultSettings, decodeLink, encodeLink, parsePreset, settingsRefusal } from '../../../src/settings'
import mixtureFile from '../../../models/plane/mixture.json'
import networksFile from '../../../models/plane/networks.json'
import weightsFile from '../../../models/plane/weights.json'

const { mixture, truth, model, denoiser } = openPlane(mixtureFile, networksFile, weightsFile)

function settingsOf(preset: Readonly<Record<string, unknown>>) {
  const read = parsePreset({ steps: 24, ...preset }, model)
  if (!read.ok) throw new Error(read.problem)
  return read.settings
}

async function walked(preset: Readonly<Record<string, unknown>>, points = 600) {
  const settings = settingsOf(preset)
  const cloud = await runCloud({ denoiser, settings, alone: ['positive'], points })
  const of = (path: (typeof cloud.paths)['guided']) => measure(path!.at(-1)!, settings.class, mixture, truth)
  return { cloud, settings, guided: of(cloud.paths.guided), positive: of(cloud.paths.positive) }
}

describe('a cloud', () => {
  it('by the exact answer is as likely as true points, strays as rarely, and leaves no twig out', async () => {
    const { guided } = await walked({ method: 'none', network: 'exact', class: 1, solver: 'heun' }, 800)
    expect(Math.abs(guided.logLikelihood - truth.logLikelihood[1]!)).toBeLessThan(0.15)
    expect(guided.outside).toBeLessThan(0.025)
    expect([guided.covered, guided.twigs]).toEqual([16, 16])
  })

  it('is the same in parts', async () => {
    const preset = { method: 'icg', redraw: 'step', steps: 4 }
    const { cloud, settings } = await walked(preset, 3 * POINTS_PER_ROW)
    const part = async (image: number, points: number) =>
      (await runCloud({ denoiser, settings: { ...settings, image }, alone: [], points })).paths.guided!.at(-1)!
    const parts = [await part(0, POINTS_PER_ROW), await part(1, 2 * POINTS_PER_ROW)]
    expect(concatenate(parts, Float32Array)).toEqual(cloud.paths.guided!.at(-1))
  })
})

it('every method runs, or says that points lack what it is made of', async () => {
  const refused: string[] = []
  for (const { id } of methods) {
    const settings = { ...defaultSettings(model, id), steps: 2 }
    const why = settingsRefusal(settings, model)
    if (why === null) {
      const { paths } = await runCloud({ denoiser, settings, alone: [], points: POINTS_PER_ROW })
      expect(
        paths.guided!.at(-1)!.every((value) => Number.isFinite(value)),
        id,
      ).toBe(true)
    } else refused.push(id)
  }
  // They act on attention, read it, or cut pictures up; the last needs fine and coarse parts.
  const made = ['sag', 'pag', 'seg', 'slg', 's2', 'in-situ', 'tpg', 'erg', 'swg', 'nag', 'pladis', 'fdg']
  expect(refused.sort()).toEqual([...made, 'pair'].sort())
})

it('a combiner takes a negative that points can have, in a link, too, and keeps one that is named', () => {
  const { settings, problems } = decodeLink('#v=3&model=plane&method=apg&scale=2', model)
  expect([settings.method, settings.parameters.negative, settings.scale, problems]).toEqual(['apg', 'cfg', 2, []])
  expect(decodeLink(`#${encodeLink(settings, model)}`, model).settings).toEqual(settings)
  expect(settingsOf({ method: 'apg', negative: 'autoguidance' }).parameters.negative).toBe('autoguidance')
})

it('links hold all of it', () => {
  const settings = settingsOf({
    method: 'autoguidance',
    weak: 'main-1-16',
    scale: 1.5,
    class: 'willow',
    solver: 'heun',
  })
  const { settings: read, problems, notes } = decodeLink(`#${encodeLink(settings, model)}`, model)
  expect([read, problems, notes]).toEqual([settings, [], []])
  // Without a method it is the plane's own, since the usual one needs attention.
  expect(decodeLink('#v=3&model=plane&class=1', model)).toMatchObject({
    problems: [],
    settings: { method: 'autoguidance' },
  })
})

describe('errors', () => {
  it('of a worse version are larger, and point where the main network’s do', () => {
    const { maps } = errorMaps(0.03, 0, 8, denoiser, mixture)
    const of = (id: string) => maps.find(({ network }) => network === id)!
    expect(maps.map(({ network }) => network)).not.toContain('unconditional')
    expect(of('main').along).toBeCloseTo(1, 10)
    for (const id of ['main-1-8', 'main-1-16', 'small', 'small-1-16']) {
      expect(of(id).size).toBeGreaterThan(1.2 * of('main').size)
      expect(of(id).along).toBeGreaterThan(0.5)
    }
  })

  it('of the exact answer are none', () => {
    const asked = { x: mixture.draw(20, null, 0.2, 1), sigma: 0.2, label: null }
    const exact = errorsOf({ id: 'exact' }, asked, denoiser, mixture)
    expect(exact.size).toBeLessThan(1e-7)
    expect(agreement({ of: new Float32Array(4), size: 0 }, { of: new Float32Array(4).fill(1), size: 1 })).toBe(0)
  })
})

it('the field is D⁺ − D⁻ at each place; none where the negative is made of the way itself', () => {
  const settings = settingsOf({ method: 'cfg', scale: 1 })
  const x = mixture.draw(3, 0, 0.5, 2)
  const field = differenceAt(x, 10, settings, denoiser)!
  const ask = (classWeights: readonly number[], sigma: number) =>
    denoiser.predict({
      x,
      sigma,
      classWeights: Float32Array.from(classWeights),
      attention: null,
      network: { id: 'dropout' },
    })
  const sigma = 5 ** (1 / 7) + (10 / 23) * (0.002 ** (1 / 7) - 5 ** (1 / 7))
  const [positive, negative] = [ask([1, 0], Math.fround(sigma ** 7)), ask([0, 0], Math.fround(sigma ** 7))]
  for (const [i, value] of field.entries()) expect(value).toBeCloseTo(positive[i]! - negative[i]!, 5)
  expect(differenceAt(x, 10, settingsOf({ method: 'momentum' }), denoiser)).toBeNull()
})
