/** Which scales are drawn ahead: the stops of the slider around the present one, the nearest first. Pure. */
import { positionOf, scaleAt } from './stops'

export interface Reach {
  /** Stops on each side. */
  readonly stops: number
  readonly lowest: number
  readonly highest: number
  /** Where the hand went last: stops on that side come before those as near on the other. */
  readonly upwards: boolean
}

/** Scales that the slider's steps land on, from `scale`, which may itself lie between two stops. */
export function rungsAround(scale: number, { stops, lowest, highest, upwards }: Reach): readonly number[] {
  const here = positionOf(scale)
  const [up, down] = [Math.floor(here), Math.ceil(here)]
  return Array.from({ length: stops }, (_, i) => i + 1)
    .flatMap((away) => (upwards ? [up + away, down - away] : [down - away, up + away]))
    .map(scaleAt)
    .filter((rung) => rung >= lowest && rung <= highest)
}
