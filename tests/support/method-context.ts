/** Methods asked without a network: what a negative is asked, and what a combiner makes of three fields. */
import { normals } from '../../src/core/random'
import { methodById } from '../../src/guidance'
import { positiveOf } from '../../src/guidance/positive'
import type { CombinerContext, CombinerMethod, NegativeContext, NegativeMethod } from '../../src/guidance/types'
import { defaultSettings } from '../../src/settings'
import type { Settings } from '../../src/settings/types'
import { toyModel } from './model'

type Changes = Partial<Omit<Settings, 'parameters'>> & { readonly parameters?: Settings['parameters'] }

export function settingsOf(id: string, changes: Changes = {}): Settings {
  const defaults = defaultSettings(toyModel, id)
  return { ...defaults, ...changes, parameters: { ...defaults.parameters, ...changes.parameters } }
}

export function negativeMethod(id: string): NegativeMethod {
  const method = methodById(id)
  if (method?.kind !== 'negative') throw new TypeError(`${id} makes no negative`)
  return method
}

export function contextOf(id: string, changes: Changes = {}, at: Partial<NegativeContext> = {}): NegativeContext {
  const settings = settingsOf(id, changes)
  const positive = positiveOf(settings, toyModel)
  return { model: toyModel, settings, positive, sample: 0, step: 0, sigma: 1, sigmaNext: 0.5, ...at }
}

const size = { channels: 3, height: 4, width: 4 }
const count = 3 * 4 * 4
const image = normals(1, 0, count)

/** Two predictions that differ a little, and a noisy image. */
export const fields = {
  positive: image,
  negative: image.map((value, i) => 0.7 * value + 0.2 * normals(2, 0, count)[i]!),
  x: image.map((value, i) => value + 2 * normals(3, 0, count)[i]!),
}

export function combine(id: string, changes: Changes, at: Partial<CombinerContext> = {}) {
  const method = methodById(id)
  if (method?.kind !== 'combiner') throw new TypeError(`${id} combines nothing`)
  const settings = settingsOf(id, changes)
  const context: CombinerContext = {
    ...fields,
    size,
    settings,
    acts: true,
    step: 3,
    level: 2,
    sigma: 2,
    sigmaNext: 1.5,
    memory: null,
    ...at,
  }
  return (method satisfies CombinerMethod).combine(context)
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0)

/** The largest difference between two vectors of one length. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

/** D⁺ + s (D⁺ − D⁻). */
export const linear = (scale: number) =>
  Array.from(fields.positive, (value, i) => value + scale * (value - fields.negative[i]!))
