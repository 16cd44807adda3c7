/** Numbers with their intervals, compared and related to no guidance. Pure. */
import type { Estimate } from '../../../evaluation/metrics'
import { fixed, signed } from '../../../core/format'

/** Half the interval: where it is not known it may be any. */
export const marginOf = ({ margin }: Estimate): number => margin ?? Infinity

/** Whether one is lower than another, beyond both intervals. */
export const below = (a: Estimate, b: Estimate): boolean => a.value + marginOf(a) < b.value - marginOf(b)

/** A difference from no guidance as a share of the distance without it. */
export function shareOf(frechet: Estimate, against: Estimate): Estimate {
  const unguided = frechet.value - against.value
  return { value: against.value / unguided, margin: against.margin === null ? null : against.margin / unguided }
}

/** `−0.94 ± 0.47` */
export const differenceText = ({ value, margin }: Estimate): string =>
  `${signed(value)}${margin === null ? '' : ` ± ${fixed(margin)}`}`
