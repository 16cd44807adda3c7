/**
 * What is told of where a method's numbers come from, in words: the contract of the files in `provenances/`. Apart from
 * the methods, since only an open card needs it.
 */

/** Where a method's numbers come from, and how they were checked. */
export interface Provenance {
  /** Id of the method. */
  readonly method: string
  /** In which space predictions are pushed apart: x0, ε, velocities, weights … */
  readonly space: string
  /** The authors' number, as s. */
  readonly scale: string
  /** Where on the way the authors' acts, and where this one does. */
  readonly starts: string
  readonly checked: {
    /**
     * Whose code ran beside ours (`tests/golden/authors.py`); `others`: a public repository that is neither the authors'
     * nor a library; `reading`: none, the golden runs are a second reading.
     */
    readonly by: 'authors' | 'library' | 'others' | 'reading'
    readonly what: string
    /** Largest difference over the largest value, between that code and what made the golden runs; null of a reading. */
    readonly error: number | null
  }
  /** How this one is another; null where it is not. */
  readonly differs: string | null
  /**
   * For the docs: how much of it there is here and in the projects that `README.md` names; null where it was not found.
   */
  readonly peers: {
    readonly here: string
    readonly diffusers: string | null
    readonly perturbedAttention: string | null
    readonly comfy: string | null
  }
}

/** How far the engine may be from a golden run, over the largest value; the tests hold every method to it. */
export const GOLDEN_TOLERANCE = 1e-4

/** Whose code ran beside ours. */
export function checkedBy({ by }: Provenance['checked']): string {
  switch (by) {
    case 'authors':
      return 'The authors’ code'
    case 'library':
      return 'A library'
    case 'others':
      return 'Code of others'
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
    : `${digits === '1.0' ? '' : `${digits!.replace('.0', '')} · `}10⁻${[...exponent].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`
}

/** What was compared, and how near it came. */
export function checkedText(checked: Provenance['checked']): string {
  const near = checked.error === null ? '' : ` Largest error ${errorText(checked.error)}.`
  return `${checkedBy(checked)}: ${checked.what}.${near} The engine keeps within ${errorText(GOLDEN_TOLERANCE)} of those golden runs.`
}

/** The rows of a card. */
export function provenanceRows({
  space,
  scale,
  starts,
  checked,
  differs,
}: Provenance): readonly (readonly [name: string, text: string])[] {
  return [
    ['Space', space],
    ['Scale', scale],
    ['Acts', starts],
    ['Checked', checkedText(checked)],
    ...(differs === null ? [] : [['Differs', differs] as const]),
  ]
}
