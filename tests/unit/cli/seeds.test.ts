import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { judgeOf, loadJudge, realStatistics } from '../../../src/cli/evaluate/judge'
import { families, modelFolder, readModel } from '../../../src/cli/models'
import { loadNodeModel, type NodeModel } from '../../../src/cli/node-model'
import { chosenOf, repairsOf, seeds } from '../../../src/cli/seeds'
import { drawPairs, pairsFile, pairsOf } from '../../../src/cli/seeds/draw'
import { sample } from '../../../src/sampling/sample'
import { defaultSettings, firstSettings, parsePreset } from '../../../src/settings'
import type { Repair } from '../../../src/evaluation/repair'
import { toByte } from '../../../src/core/image'
import { toyModel } from '../../support/model'

const searched = families().flatMap(({ id }) => {
  const model = readModel(id)
  return model.chosen ? [{ id, model, chosen: model.chosen }] : []
})

const repair = (nearer: number): Repair => ({
  unguided: { distance: 1, smudged: 0.3 },
  guided: { distance: 1 - nearer, smudged: 0.3 - nearer / 10 },
  change: 10,
})

describe('chosen seeds', () => {
  it('are there', () => expect(searched.length).toBeGreaterThan(0))

  it.each(searched)('of $id go with its first picture, and are among those that were tried', ({ model, chosen }) => {
    const first = firstSettings(model)
    const said = parsePreset({ ...chosen.preset, class: first.class, seed: first.seed }, model)
    expect(said).toEqual({ ok: true, settings: first })
    expect(chosen.classes[first.class!]!.seed).toBe(first.seed)
    for (const { seed, helps, harms } of [...chosen.classes, { ...chosen, seed: 1 }]) {
      expect(seed).toBeGreaterThanOrEqual(1)
      expect(seed).toBeLessThanOrEqual(chosen.tried)
      expect(helps + harms).toBeLessThanOrEqual(1)
    }
  })

  it.each(searched)('of $id: guidance repairs the first picture that a visitor sees', async ({ id, model }) => {
    const about = judgeOf(id)
    const [loaded, judge] = await Promise.all([loadNodeModel(modelFolder(id)), loadJudge(about, 0)])
    const pairs = await drawPairs(loaded, [firstSettings(model)])
    const [seen] = await repairsOf(pairs, judge, realStatistics(about), model)
    await Promise.all([loaded.dispose(), judge.dispose()])
    expect(seen!.guided.distance).toBeLessThan(seen!.unguided.distance)
    expect(seen!.guided.smudged).toBeLessThan(seen!.unguided.smudged)
  })

  it('are the clearest of each class, with the shares of all', () => {
    const model = { ...toyModel, first: { method: 'pag', scale: 2, class: 'Up', seed: 9 } }
    const tried = [
      [repair(0.1), repair(0.3), repair(-0.1)],
      [repair(-0.2), repair(-0.1), repair(0.1)],
      [repair(0.2), repair(0.1), repair(0)],
    ]
    expect(chosenOf(tried, model)).toEqual({
      preset: { method: 'pag', scale: 2 },
      criterion: expect.any(String),
      tried: 3,
      helps: 0.556,
      harms: 0.333,
      classes: [
        { seed: 2, helps: 0.667, harms: 0.333 },
        { seed: 3, helps: 0.333, harms: 0.667 },
        { seed: 1, helps: 0.667, harms: 0 },
      ],
    })
    expect(() => chosenOf([[repair(-1)], [repair(1)], [repair(1)]], model)).toThrow(/no picture of Left/)
  })

  it('can’t be looked for in a model that is not there, or among no seeds', async () => {
    await expect(seeds(['nobody'])).rejects.toThrow(/there is no model nobody/)
    await expect(seeds([])).rejects.toThrow(/Usage/)
    await expect(seeds(['avatars', '--tried', '0'])).rejects.toThrow(/Usage/)
  })
})

describe('the pairs of a search', () => {
  const cache = mkdtempSync(join(tmpdir(), 'seeds-'))
  let loading: Promise<NodeModel> | null = null
  const tiny = () => (loading ??= loadNodeModel(modelFolder('tiny'), { threads: 1 }))
  afterAll(async () => {
    rmSync(cache, { recursive: true })
    await (await loading)?.dispose()
  })

  it('are those of the engine, and go on where they were stopped', async () => {
    const loaded = await tiny()
    const settings = { ...defaultSettings(loaded.model), steps: 3, seed: 1 }
    const search = (tried: number) => pairsOf(loaded, settings, tried, cache, () => {})
    const whole = await search(6)
    const file = pairsFile(cache, settings, loaded.model)
    const kept = readFileSync(file)
    // What was cut off in the middle of a pair is drawn again.
    appendFileSync(file, 'half')
    expect(await search(6)).toEqual(whole)
    expect(readFileSync(file).equals(kept)).toBe(true)
    expect((await search(7)).slice(0, 6)).toEqual(whole)

    const guided = async (seed: number, scale: number) => {
      for await (const event of sample({
        denoiser: loaded.denoiser,
        settings: { ...settings, seed, scale },
        alone: [],
      }))
        if (event.kind === 'final') return Uint8Array.from(event.samples[0]!.guided, toByte)
      throw new Error('no image')
    }
    expect(whole[2]).toEqual({ unguided: await guided(3, 0), guided: await guided(3, settings.scale) })
    expect(pairsFile(cache, { ...settings, scale: 2 }, loaded.model)).not.toBe(file)
  })
})
