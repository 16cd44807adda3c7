/** Where a row harms: at higher scales, in precision or recall, and without a class. Computed from the numbers. Pure. */
import type { Estimate } from '../../../evaluation/metrics'
import type { Published } from '../../../evaluation/published'
import { isGuided } from '../../../guidance/index'
import { plain as number } from '../../../core/format'
import { verdictOf } from '../../method/measured'
import { below, differenceText } from './estimate'

/** Turned round, at s < 0, it may be otherwise. */
const everywhere = (scales: Published['scales']) =>
  scales.every(({ scale }) => scale > 0) ? 'at every s above 0 that was tried' : 'at every scale that was tried'

/** The scale from which all that was tried is worse than no guidance. */
function tooStrong({ scales, against }: Published): string | null {
  const worse = (at: number) => scales.slice(at).every((tried) => verdictOf(tried.against) === 'harms')
  if (scales.length > 0 && worse(0)) return scales.length === 1 ? 'at the one scale that was tried' : everywhere(scales)
  if (verdictOf(against) === 'harms') return null
  const found = scales.find((_, at) => worse(at))
  return found ? `from s\u00a0${number(found.scale)} on` : null
}

/** Whether the gain is the solver's: guidance then has less to mend. */
function withHeun({ heun, against }: Published): string | null {
  if (heun === null || verdictOf(against) !== 'helps') return null
  switch (verdictOf(heun.against)) {
    case 'harms':
      return `with Heun’s solver (${differenceText(heun.against)})`
    case 'same':
      return 'no gain told with Heun’s solver'
    case 'helps':
    case null:
      return null
  }
}

/** What is lost beyond both intervals. */
function lost(name: string, own: Estimate, unguided: Estimate): string | null {
  return below(own, unguided) ? `${name} −${(100 * (unguided.value - own.value)).toFixed(1)}\u00a0points` : null
}

/** `plain`: the same network without guidance; it is compared with only where it was measured on as many images. */
export function harmsOf(row: Published, plain: Published | undefined, rows: readonly Published[]): readonly string[] {
  const comparable = plain?.images === row.images ? plain : undefined
  const classless = rows.filter(
    ({ settings, against }) =>
      isGuided(row.settings) &&
      row.settings.class !== null &&
      settings.method === row.settings.method &&
      settings.class === null &&
      settings.scale * row.settings.scale > 0 &&
      verdictOf(against) === 'harms',
  )
  return [
    tooStrong(row),
    withHeun(row),
    comparable ? lost('precision', row.precision, comparable.precision) : null,
    comparable ? lost('recall', row.recall, comparable.recall) : null,
    classless.length > 0 ? 'without a class' : null,
  ].filter((text) => text !== null)
}
