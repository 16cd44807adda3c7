/** What is measured of the plane's points, and what true points have. Pure. */
import { BLOCKS, estimateFrom, STUDENT, type Estimate } from '../../../../../evaluation/metrics'
import type { Measured, Truth } from '../../../../../plane/measures'
import type { Label } from '../../../../../plane/mixture'
import type { Look } from '../../plot/look'

export const LOOKS = ['logLikelihood', 'outside', 'reached'] as const
export type Looked = (typeof LOOKS)[number]

export const LOOK_OF: Readonly<Record<Looked, Look>> = {
  logLikelihood: {
    label: 'log-likelihood',
    up: 'mean of ln p at the points, higher is better',
    better: 'higher',
    share: false,
    signed: false,
  },
  outside: {
    label: 'outside',
    up: 'points where fewer than 1 in 100 true ones lie, %, lower is better',
    better: 'lower',
    share: true,
    signed: false,
  },
  reached: {
    label: 'twigs reached',
    up: 'twigs with a quarter of their points or more, %, higher is better',
    better: 'higher',
    share: true,
    signed: false,
  },
}

/** Half an interval from values of blocks that were drawn again, whose spread is that of blocks as if there were one less. */
function marginOf(again: readonly number[]): number | null {
  if (again.length === 0) return null
  const mean = again.reduce((sum, value) => sum + value, 0) / again.length
  const squares = again.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return STUDENT * Math.sqrt((squares / (again.length - 1)) * (BLOCKS / (BLOCKS - 1)))
}

/** Null where points left all bounds, so that there is no number. */
export function estimateOf(measured: Measured, looked: Looked): Estimate | null {
  if (looked === 'reached') return { value: measured.reached, margin: marginOf(measured.reachedAgain) }
  const { value, margin } = estimateFrom(measured[looked])
  return Number.isFinite(value) ? { value, margin: Number.isFinite(margin) ? margin : null } : null
}

/** Of true points. */
export function trueValue({ logLikelihood }: Truth, label: Label, looked: Looked): number {
  switch (looked) {
    case 'logLikelihood':
      return logLikelihood[label ?? logLikelihood.length - 1]!
    case 'outside':
      return 0.01
    case 'reached':
      return 1
    default:
      return looked satisfies never
  }
}
