/** What was "measured" of the imitations: numbers that say nothing, of settings that exist. */
import type { Curve } from '../../../src/evaluation/curves'
import type { Published } from '../../../src/evaluation/published'
import type { ModelInfo } from '../../../src/model/types'
import { defaultSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'

type Against = Published['against']

/** A scale that was tried, and how much better or worse than without guidance its images were. */
const tried = (scale: number, value: number, images = 500): Published['scales'][number] => ({
  scale,
  images,
  frechet: { value: 4.5 + value, margin: 0.3 },
  against: { value, margin: 0.2 },
})

const row = (
  name: string,
  settings: Settings,
  images: number,
  frechet: Published['frechet'],
  against: Against,
  evaluations = 64,
  scales: Published['scales'] = [],
): Published => ({
  name,
  settings,
  images,
  frechet,
  against,
  precision: { value: 0.9, margin: 0.01 },
  recall: { value: 0.4, margin: 0.02 },
  evaluations,
  heun: null,
  scales,
})

export function fakePublished(model: ModelInfo): readonly Published[] {
  const none = defaultSettings(model, 'none')
  return [
    row('No guidance', none, 5000, { value: 4.5, margin: 0.2 }, null, 32),
    row('No guidance', { ...none, network: 'small' }, 2000, { value: 6, margin: 0.2 }, null, 32),
    row(
      'No guidance, 32 steps',
      { ...none, steps: 32 },
      5000,
      { value: 4.2, margin: 0.2 },
      { value: -0.3, margin: 0.1 },
    ),
    row(
      'PAG, all layers',
      { ...defaultSettings(model, 'pag'), scale: 0.5 },
      5000,
      { value: 4, margin: 0.2 },
      { value: -0.5, margin: 0.1 },
      64,
      [tried(0.25, -0.3), tried(0.5, -0.5, 5000), tried(1, 0.1), tried(1.5, 1), tried(2, 3)],
    ),
    row(
      'SEG, σ = 1',
      { ...defaultSettings(model, 'seg'), scale: 0.25 },
      2000,
      { value: 4.9, margin: 0.3 },
      { value: 0.1, margin: 0.2 },
      64,
      [tried(0.25, 0.1, 2000), tried(0.5, 0.8)],
    ),
  ]
}

/** Of another family, on which another method helps. */
export function fakePublishedShapes(model: ModelInfo): readonly Published[] {
  const guided = (id: string) => ({ ...defaultSettings(model, id), scale: 0.75 })
  return [
    row('No guidance', defaultSettings(model, 'none'), 1000, { value: 20, margin: 1 }, null, 32),
    row('PAG, all layers', guided('pag'), 1000, { value: 23, margin: 1 }, { value: 3, margin: 0.5 }),
    row('ICG', guided('icg'), 1000, { value: 15, margin: 1 }, { value: -5, margin: 0.5 }),
  ]
}

export function fakeCurves(model: ModelInfo): readonly Curve[] {
  const point = (x: number, value: number) => ({
    x,
    settings: { ...defaultSettings(model, 'autoguidance'), scale: x },
    frechet: { value: 6 + value, margin: 0.3 },
    against: { value, margin: 0.2 },
  })
  const points = [point(0, 0), point(0.5, -1), point(1, -0.5), point(2, 2)]
  return [{ name: 'autoguidance', title: 'Autoguidance', key: 'scale', across: 'w = s + 1', images: 500, points }]
}
