import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { families, modelFolder, readModel } from '../../../src/cli/models'
import { starts, startsOf } from '../../../src/cli/starts'
import { parsePublished } from '../../../src/evaluation/published'
import { defaultSettings, withoutStarts } from '../../../src/settings'
import { toyModel } from '../../support/model'

const measured = families().flatMap(({ id }) => {
  const model = readModel(id)
  return model.evaluation === null ? [] : [{ id, model, file: join(modelFolder(id), model.evaluation) }]
})

const row = (
  name: string,
  preset: Readonly<Record<string, unknown>>,
  against: number | null,
  images: number = 5000,
) => ({
  name,
  images,
  preset: { model: toyModel.id, class: 'each', ...preset },
  metrics: {
    frechet: { value: 6, margin: null },
    precision: { value: 0.9, margin: null },
    recall: { value: 0.4, margin: null },
  },
  evaluations: 32,
  against: against === null ? null : { value: against, margin: 0.1 },
  weights: {},
})

describe('starts', () => {
  it('are there to be compared', () => {
    expect(measured.length).toBeGreaterThan(0)
  })

  it.each(measured)('of $id are what its evaluation found to be best', ({ model, file }) => {
    const evaluation: unknown = JSON.parse(readFileSync(file, 'utf8'))
    expect(model.starts).toEqual(startsOf(evaluation, model))
    const rows = parsePublished(evaluation, model)
    for (const [group, label] of [
      ['class', 0],
      ['none', null],
    ] as const) {
      for (const method of Object.keys(model.starts[group])) {
        const own = rows.filter(
          ({ settings, against }) =>
            settings.method === method &&
            (settings.class === null) === (label === null) &&
            settings.scale > 0 &&
            against !== null,
        )
        const most = Math.max(...own.map(({ images }) => images))
        const best = own
          .filter(({ images }) => images === most)
          .reduce((a, b) => (b.against!.value < a.against!.value ? b : a))
        // Whoever chooses the method gets just the settings of that row.
        expect({ ...defaultSettings(model, method, label), seed: 1 }).toEqual({ ...best.settings, class: label })
      }
    }
  })

  it('take the largest gain, say what the method would not say itself, and leave out other networks', () => {
    const { starts: found } = {
      starts: startsOf(
        {
          format: 1,
          rows: [
            row('No guidance', { method: 'none' }, null),
            row('a', { method: 'seg', scale: 0.5 }, -0.2),
            row('b', { method: 'seg', scale: 0.25, layers: [0], sigma: 2 }, -0.4),
            row('c', { method: 'seg', scale: 4, network: 'small' }, -9),
            row('d', { method: 'sag', scale: 0.25 }, 0.3),
            // Turned round, and with fewer images: neither decides.
            row('d, turned round', { method: 'sag', scale: -0.5 }, -0.3),
            row('d, on fewer images', { method: 'sag', scale: 0.75, startSigma: 0.95 }, -0.2, 300),
            row('e', { method: 'pag', scale: 0.1, class: 'none' }, -0.1),
          ],
        },
        toyModel,
      ),
    }
    expect(found).toEqual({
      class: { seg: { scale: 0.25, layers: [0], sigma: 2 }, sag: { scale: 0.25 } },
      none: { pag: { scale: 0.1, layers: 'all' } },
    })
    const model = { ...toyModel, starts: found }
    expect(defaultSettings(model, 'seg')).toMatchObject({ scale: 0.25, layers: [0], parameters: { sigma: 2 } })
    expect(defaultSettings(model, 'pag')).toEqual(defaultSettings(withoutStarts(model), 'pag'))
    expect(defaultSettings(model, 'pag', null)).toMatchObject({ scale: 0.1, network: 'dropout' })
    // A combiner over another negative than it was measured with takes that negative's layers.
    expect(
      defaultSettings({ ...model, starts: { class: { apg: { scale: 0.2, layers: [1] } }, none: {} } }, 'apg'),
    ).toMatchObject({ scale: 0.2, layers: [1] })
  })

  it('can’t be written for a model that was not measured', async () => {
    const [bare] = families().filter(({ id }) => readModel(id).evaluation === null)
    expect(existsSync(modelFolder(bare!.id))).toBe(true)
    await expect(starts([bare!.id])).rejects.toThrow(/names no evaluation/)
    await expect(starts([])).rejects.toThrow(/Usage/)
    await expect(starts(['nobody'])).rejects.toThrow(/there is no model nobody/)
  })
})
