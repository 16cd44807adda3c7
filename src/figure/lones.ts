/** What a value of a figure has in common with an earlier one is the picture of that one, and not drawn again. */
import { loneKey } from '../sampling/cache'
import type { FinalSample, Lone } from '../sampling/records'
import type { Settings } from '../settings/types'
import type { Stop } from './types'

const LONES: readonly Lone[] = ['positive', 'negative']

const earlier = (which: Lone, settings: Settings, stops: readonly Stop[]) =>
  stops.find((stop) => loneKey(which, stop.settings) === loneKey(which, settings))

/** The lone trajectories that no earlier value has walked. */
export const lonesLeft = (settings: Settings, stops: readonly Stop[]): readonly Lone[] =>
  LONES.filter((which) => !earlier(which, settings, stops))

/** The images with those of the trajectories that were left out. */
export function withLones(
  drawn: readonly FinalSample[],
  settings: Settings,
  stops: readonly Stop[],
): readonly FinalSample[] {
  const [positive, negative] = LONES.map((which) => earlier(which, settings, stops)?.final)
  return drawn.map((own, image) => ({
    guided: own.guided,
    positive: own.positive ?? positive?.[image]?.positive ?? null,
    negative: own.negative ?? negative?.[image]?.negative ?? null,
  }))
}
