/** What is read of every act on the page, and how many rows its pictures need. */
import type { Goal, Reading } from './figure'
import { STEPS, type Act } from './visitor'

/** One row for each prediction: the first step's are of one noise, and shared. */
export const ROWS = {
  /** D⁺ and D⁻ of each trajectory alone, and both at the guided one. */
  whole: 4 * STEPS - 2,
  /** Both at the guided one; the first step's are known from before. */
  guided: 2 * STEPS - 2,
}

/** Rows that the engine evaluated, of every pass. */
export const askedRows = ({ heard }: Pick<Act, 'heard'>): number =>
  heard.reduce((sum, { kind, rows }) => (kind === 'step' ? sum + rows : sum), 0)

export interface Wanted {
  /** What the person did, such as `key`. */
  readonly from: string
  readonly rows: number
  readonly goals?: readonly Goal[]
}

export function readingsOf(act: Act, { from, rows, goals = [] }: Wanted): readonly Reading[] {
  const first = act.first === null ? null : act.first - act.began
  return [
    { line: `${from} → first changed pixels`, unit: 'ms', value: first },
    { line: `${from} → full pictures`, unit: 'ms', value: act.full - act.began, goals },
    { line: `${from} → full pictures, CPU`, unit: 'ms', value: act.cpu },
    { line: 'rows asked', unit: 'count', value: askedRows(act) },
    { line: 'rows needed', unit: 'count', value: rows },
  ]
}
