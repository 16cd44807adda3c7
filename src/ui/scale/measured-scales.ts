/** What was measured of the settings in use at other scales: the best one, and where guidance made many pictures worse. Pure. */
import { asMeasured } from '../../evaluation/as-measured'
import type { Measurement, Published } from '../../evaluation/published'
import { isGuided } from '../../guidance/index'
import { sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import { type Verdict, verdictOf } from '../method/measured'

export interface TriedScale extends Measurement {
  readonly scale: number
  readonly verdict: Verdict
}

/** Neighbouring scales that were tried and are all worse than no guidance. */
export interface Overshoot {
  readonly from: number
  readonly to: number
  /** No higher scale was tried. */
  readonly open: boolean
}

export interface MeasuredScales {
  /** Ascending; never empty. Below 0 the method is turned round. */
  readonly tried: readonly TriedScale[]
  /** That of the row that helps, of those the one of the most images; null where even the best is worse than no guidance. */
  readonly best: TriedScale | null
  readonly overshoots: readonly Overshoot[]
}

function overshootsOf(tried: readonly TriedScale[]): readonly Overshoot[] {
  const found: Overshoot[] = []
  let run: TriedScale[] = []
  for (const [i, one] of tried.entries()) {
    if (one.verdict === 'harms') run.push(one)
    const last = i === tried.length - 1
    if (run.length > 0 && (last || one.verdict !== 'harms')) {
      found.push({ from: run[0]!.scale, to: run.at(-1)!.scale, open: last && one.verdict === 'harms' })
      run = []
    }
  }
  return found
}

/** One of a scale, that of the most images. */
function triedIn(rows: readonly Published[]): readonly TriedScale[] {
  const found = new Map<number, TriedScale>()
  for (const one of rows.flatMap(({ scales }) => scales).sort((a, b) => b.images - a.images))
    if (!found.has(one.scale)) found.set(one.scale, { ...one, verdict: verdictOf(one.against) ?? 'same' })
  return [...found.values()].sort((a, b) => a.scale - b.scale)
}

/** Null where these settings were measured at no scale: the network, the solver, the layers … all decide. */
export function measuredScales(published: readonly Published[], settings: Settings): MeasuredScales | null {
  if (!isGuided(settings)) return null
  const rows = published.filter(
    (candidate) =>
      candidate.settings.method === settings.method &&
      sameSettings({ ...asMeasured(candidate, settings), scale: settings.scale }, settings),
  )
  const tried = triedIn(rows)
  if (tried.length === 0) return null
  const [best] = rows
    .flatMap(({ settings: { scale } }) => tried.filter((one) => one.scale === scale && one.verdict !== 'harms'))
    .sort((a, b) => Number(a.verdict !== 'helps') - Number(b.verdict !== 'helps') || b.images - a.images)
  return { tried, best: best ?? null, overshoots: overshootsOf(tried.filter(({ scale }) => scale > 0)) }
}

/** Whether a scale lies where guidance was measured to overshoot, as far as that is known. */
export function overshootAt(scale: number, overshoots: readonly Overshoot[]): Overshoot | null {
  return overshoots.find(({ from, to }) => scale >= from && scale <= to) ?? null
}
