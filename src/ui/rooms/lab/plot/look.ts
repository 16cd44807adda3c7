/** What a curve shows of its points: a number of some kind, and where it stands. Pure. */
import { fixed, signed as withSign } from '../../../../core/format'
import type { Estimate } from '../../../../evaluation/metrics'

export interface Look {
  /** On its button. */
  readonly label: string
  /** Beside the axis. */
  readonly up: string
  readonly better: 'lower' | 'higher'
  /** Told in hundredths. */
  readonly share: boolean
  /** A difference: told with its sign, and 0 is a line. */
  readonly signed: boolean
}

/** A number as it is looked at, with its half interval where it is known. */
export function numberText({ share, signed }: Pick<Look, 'share' | 'signed'>, { value, margin }: Estimate): string {
  const text = share ? (number: number) => fixed(100 * number, 1) : (number: number) => fixed(number, 2)
  const own = signed ? withSign(value) : text(value)
  return `${own}${margin === null ? '' : ` ± ${text(margin)}`}${share ? ' %' : ''}`
}

/** A point of the drawing. */
export interface Dot {
  readonly place: {
    readonly name: string
    /** Of the axis along. */
    readonly text: string
    /** Index along, and of the line. */
    readonly at: readonly [number, number]
  }
  readonly key: string
  /** Where it is live. */
  readonly href: string
  /** What the number is of: `200 images`. */
  readonly of: string
  readonly estimate: Estimate
  /** After how many it was known to be beaten, as `of` says it; null while it is not. */
  readonly beaten: string | null
  readonly leads: boolean
}

/** Where a person begins to look. */
export function bestOf<D extends Pick<Dot, 'estimate'>>(
  dots: readonly D[],
  { better }: Pick<Look, 'better'>,
): D | undefined {
  const sign = better === 'lower' ? 1 : -1
  return [...dots].sort((a, b) => sign * (a.estimate.value - b.estimate.value))[0]
}
