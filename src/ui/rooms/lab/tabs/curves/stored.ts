/** What was measured of the same curve before the model was shipped: it lies under the live one. Pure. */
import type { Curve as Published } from '../../../../../evaluation/curves'
import type { Estimate } from '../../../../../evaluation/metrics'
import type { Published as Row } from '../../../../../evaluation/published'
import { numberOf } from '../../../../../lab/columns'
import { toPreset } from '../../../../../settings'
import type { Settings } from '../../../../../settings/types'

export interface StoredPoint {
  readonly settings: Settings
  readonly text: string
  readonly images: number
  readonly frechet: Estimate
  readonly against: Estimate | null
}

type Preset = Readonly<Record<string, unknown>>

/** All that decides many images but one key: seeds count up, and classes take turns unless none is asked for. */
const presetOf = ({ class: label, ...settings }: Settings): Preset =>
  toPreset({ ...settings, class: label === null ? null : 0, seed: 1, samples: 1 })

const rest = (preset: Preset, key: string) => JSON.stringify({ ...preset, [key]: null })

/** A value as an axis writes it. */
function textOf(value: unknown): string {
  if (value === Infinity || value === 'inf') return 'inf'
  return Array.isArray(value) ? value.join('_') : String(value)
}

/** Those of as many images that there are most points of: others would be no curve with them. */
export function storedOf(
  rows: readonly Row[],
  curves: readonly Published[],
  of: Settings,
  key: string,
): readonly StoredPoint[] {
  const all = [
    ...curves.flatMap(({ points, images }) => points.map((point) => ({ ...point, images }))),
    ...rows,
    ...rows.flatMap(({ settings, scales }) =>
      scales.map(({ scale, ...told }) => ({ ...told, settings: { ...settings, scale } })),
    ),
  ]
  const wanted = rest(presetOf(of), key)
  const found = new Map<number, Map<string, StoredPoint>>()
  for (const { settings, images, frechet, against } of all) {
    const preset = presetOf(settings)
    const text = textOf(preset[key])
    if (preset[key] === undefined || rest(preset, key) !== wanted) continue
    const same = found.get(images) ?? new Map<string, StoredPoint>()
    found.set(images, same.set(text, { settings, text, images, frechet, against }))
  }
  const [most] = [...found.values()].sort((a, b) => b.size - a.size)
  return [...(most?.values() ?? [])].sort((a, b) => (numberOf(a.text) ?? 0) - (numberOf(b.text) ?? 0) || 0)
}
