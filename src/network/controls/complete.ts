/** What a row asks of each layer, with neutral values filled in and everything checked. */
import type { AttentionControl } from '../types'
import type { Field } from './matrices'
import { FEATURES, type Feature, type Extent } from './types'

export type RowControls = readonly (AttentionControl | null)[] | null

/** A control with its neutral values filled in; null is off. */
export interface Complete {
  readonly mix: Field<'mix'>
  readonly querySigma: number
  readonly temperature: number
  readonly mask: Field<'mask'> | null
  readonly drop: Field<'drop'> | null
  readonly noise: Field<'noise'> | null
  readonly smooth: Field<'smooth'> | null
  readonly shuffle: Field<'shuffle'> | null
  readonly skip: Field<'skip'> | null
  readonly entmax: number | null
  readonly sparsemax: number | null
  readonly extrapolate: Field<'extrapolate'> | null
  readonly dropout: Field<'dropout'> | null
}

const isShare = (value: number) => value >= 0 && value <= 1

/** Fills in neutral values. Throws RangeError for values outside the contract. */
export function complete(control: AttentionControl | null | undefined): Complete {
  const { mix = 0, querySigma = 0, temperature = 1, mask, drop, noise, smooth, shuffle, skip } = control ?? {}
  const { entmax = 0, sparsemax = 0, extrapolate, dropout } = control ?? {}
  if (!(typeof mix === 'number' ? [mix] : mix).every(isShare))
    throw new RangeError(`mix must be between 0 and 1, not ${String(mix)}`)
  if (!(querySigma >= 0)) throw new RangeError(`querySigma must be at least 0, not ${querySigma}`)
  if (!Number.isFinite(temperature)) throw new RangeError(`temperature must be finite, not ${temperature}`)
  if (mask && !isShare(mask.rate)) throw new RangeError(`mask rate must be between 0 and 1, not ${mask.rate}`)
  if (drop && !isShare(drop.rate)) throw new RangeError(`drop rate must be between 0 and 1, not ${drop.rate}`)
  if (noise && !(noise.deviation >= 0 && noise.deviation < Infinity)) {
    throw new RangeError(`noise deviation must be finite and at least 0, not ${noise.deviation}`)
  }
  if (shuffle && !isShare(shuffle.share))
    throw new RangeError(`shuffle share must be between 0 and 1, not ${shuffle.share}`)
  if (!Number.isFinite(entmax)) throw new RangeError(`entmax must be finite, not ${entmax}`)
  if (!Number.isFinite(sparsemax)) throw new RangeError(`sparsemax must be finite, not ${sparsemax}`)
  if (extrapolate && !Number.isFinite(extrapolate.scale))
    throw new RangeError(`extrapolate scale must be finite, not ${extrapolate.scale}`)
  if (extrapolate && !(extrapolate.limit >= 0 && extrapolate.limit < Infinity))
    throw new RangeError(`extrapolate limit must be finite and at least 0, not ${extrapolate.limit}`)
  if (extrapolate && !isShare(extrapolate.blend))
    throw new RangeError(`extrapolate blend must be between 0 and 1, not ${extrapolate.blend}`)
  if (dropout && !isShare(dropout.rate))
    throw new RangeError(`dropout rate must be between 0 and 1, not ${dropout.rate}`)
  return {
    mix,
    querySigma,
    temperature,
    mask: mask && mask.rate > 0 ? mask : null,
    drop: drop && drop.rate > 0 ? drop : null,
    noise: noise && noise.deviation > 0 ? noise : null,
    smooth: smooth ?? null,
    shuffle: shuffle && shuffle.share > 0 ? shuffle : null,
    skip: skip ?? null,
    entmax: entmax === 0 ? null : entmax,
    sparsemax: sparsemax === 0 ? null : sparsemax,
    extrapolate: extrapolate && extrapolate.scale !== 0 && extrapolate.blend > 0 ? extrapolate : null,
    dropout: dropout && dropout.rate > 0 ? dropout : null,
  }
}

/** The features that a row needs of its graph, in the order of FEATURES; none where its controls are neutral. */
export function featuresOf(row: RowControls): readonly Feature[] {
  const controls = row?.map(complete) ?? []
  return FEATURES.filter((feature) => controls.some((control) => control[feature] !== null))
}

/** The least of mix and blur that serves all these rows. */
export function extentOf(rows: readonly RowControls[]): Extent {
  const controls = rows.flatMap((row) => row?.map(complete) ?? [])
  const mixes = controls.flatMap(({ mix }) => mix)
  const whole = mixes.every((mix) => mix === 0 || mix === 1)
  return {
    blur: controls.some(({ querySigma, temperature }) => querySigma > 0 || temperature !== 1),
    mix: mixes.every((mix) => mix === 0) ? 'none' : whole ? 'whole' : 'part',
  }
}
