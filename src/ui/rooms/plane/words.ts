/** What the plane shows, in plain words. Pure. */
import type { Measures } from '../../../plane/measures'
import { isGuided } from '../../../guidance/index'
import type { Trajectory } from '../../../sampling/records'
import { fixed, formatSigma } from '../../../core/format'
import type { Moment } from './geometry'
import type { PlaneState, Shown } from './plane'

export const NAMES: Readonly<Record<Trajectory, string>> = {
  guided: 'Guided',
  positive: 'Positive alone',
  negative: 'Negative alone',
}

/** A share of points in per cent, with a decimal where there are few. */
export const shareText = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`

export const levelText = (moment: Moment): string =>
  moment.sigma < 0.0005 ? 'no noise left' : `noise σ ${formatSigma(moment.sigma)}`

/** For a person who does not see the picture. */
export function pictureWords({ trajectory }: PlaneState, shown: Shown, moment: Moment): string {
  const own = shown.measures[trajectory]
  if (!own) return ''
  const where = `${own.flags.length} points, ${NAMES[trajectory].toLowerCase()}, ${levelText(moment)}.`
  return `${where} At the end ${shareText(own.outside)} of them lie outside, and ${own.covered} of ${own.twigs} twigs are reached.`
}

function count(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0)
}

/** What guidance did to the points that ended outside alone; null without both. */
export function verdict({ measures, settings }: Shown): string | null {
  const { positive, guided } = measures
  if (!positive || !guided || !isGuided(settings)) return null
  if (settings.scale === 0) return 'At scale 0 nothing is pushed: the guided points are those of the positive.'
  const [before, after] = [count(positive.flags), count(guided.flags)]
  const lost = positive.covered - guided.covered
  const twigs = lost > 0 ? `, and ${lost} ${lost === 1 ? 'twig is' : 'twigs are'} no longer reached` : ''
  if (after === before) return `As many points lie outside as without guidance: ${after}${twigs}.`
  return after < before
    ? `Guidance brings ${before - after} of ${before} stray points back in${twigs}.`
    : `Guidance overshoots: ${after - before} more points lie outside than without it, ${after} instead of ${before}${twigs}.`
}

/** Points that were pushed out of all bounds have a likelihood of dozens of digits, or none, which tells nobody more. */
const LEAST = -9999

/** ln p, which a person reads as how likely the points are. */
export const likelihoodText = ({ logLikelihood }: Pick<Measures, 'logLikelihood'>): string =>
  logLikelihood >= LEAST ? fixed(logLikelihood) : `< ${fixed(LEAST, 0)}`
