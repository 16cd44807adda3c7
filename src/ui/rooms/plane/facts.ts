/** What lessons may ask of the points: their settings, and what is measured of them at the end. Pure. */
import type { Facts } from '../../../lesson/condition'
import type { Trajectory } from '../../../sampling/records'
import { settingFacts } from '../../lesson/play-facts'
import type { Shown } from './plane'

const TRAJECTORIES: readonly Trajectory[] = ['guided', 'positive', 'negative']

/** Nothing before the first points, or while they are not those of the settings. */
export function planeFacts(shown: Shown | null, current: boolean): Facts {
  if (!shown || !current) return {}
  const measured = TRAJECTORIES.flatMap((which): readonly (readonly [string, number])[] => {
    const own = shown.measures[which]
    if (!own) return []
    return [
      [`outside.${which}`, own.outside],
      [`loglik.${which}`, own.logLikelihood],
      [`covered.${which}`, own.covered / own.twigs],
    ]
  })
  return { ...settingFacts(shown.settings), ...Object.fromEntries(measured), evaluations: shown.evaluations }
}
