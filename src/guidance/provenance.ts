/** How a method's numbers were checked, in words. */
import type { Provenance } from './types'

/** How far the engine may be from a golden run, over the largest value; the tests hold every method to it. */
export const GOLDEN_TOLERANCE = 1e-4

/** Whose code ran beside ours. */
export function checkedBy({ by }: Provenance['checked']): string {
  switch (by) {
    case 'authors':
      return 'The authors’ code'
    case 'library':
      return 'A library'
    case 'reading':
      return 'A second reading only'
    default:
      return by satisfies never
  }
}

export function errorText(error: number): string {
  const [digits, exponent = ''] = error.toExponential(1).split('e-')
  return error === 0
    ? '0'
    : `${digits!.replace('.0', '')} · 10⁻${[...exponent].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`
}

/** What was compared, and how near it came. */
export function checkedText(checked: Provenance['checked']): string {
  const near = checked.error === null ? '' : ` Largest error ${errorText(checked.error)}.`
  return `${checkedBy(checked)}: ${checked.what}.${near} The engine keeps within ${errorText(GOLDEN_TOLERANCE)} of those golden runs.`
}
