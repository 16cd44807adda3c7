/** A figure whose pictures are drawn by no network: noise of the model's size, the hardest to compress. */
import { normals } from '../../src/core/random'
import { alongOf, rangeValues, settingsAt, type Figure, type Range } from '../../src/figure'
import { defaultSettings } from '../../src/settings'
import type { ModelInfo } from '../../src/model/types'
import type { Settings } from '../../src/settings/types'

export function noiseFigure(
  model: ModelInfo,
  range: Range,
  change: Partial<Settings> = {},
  more: Partial<Figure> = {},
): Figure {
  const settings = { ...defaultSettings(model), ...change }
  const along = alongOf('scale', settings, model)
  if (along.kind !== 'numbers') throw new Error('a scale is a number')
  const { channels, height, width } = model.image
  const noise = (seed: number) => normals(seed, 0, channels * height * width)
  const values = rangeValues(along, range)
  const stops = values.map((value, index) => ({
    value,
    settings: settingsAt('scale', value, settings, model),
    final: Array.from({ length: settings.samples }, (_, image) => ({
      positive: noise(100 * image + 1),
      negative: noise(100 * image + 2),
      guided: noise(100 * image + 3 + index),
    })),
  }))
  return { model, along, stops, start: 0, page: 'https://example.org/play/', theme: 'auto', title: null, ...more }
}
