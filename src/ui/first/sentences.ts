/** What the three steps of the first minute say: look at the pictures, push, and why it works. Pure. */
import { folds, isGuided } from '../../guidance/index'
import { actsAlone } from '../../guidance/scale'
import type { Settings } from '../../settings/types'
import { plain } from '../../core/format'
import type { MeasuredScales, TriedScale } from '../scale/measured-scales'
import { overshootAt } from '../scale/measured-scales'

export function lookSentence(settings: Settings): string {
  if (!isGuided(settings)) return 'All three are the same: nothing pushes. Choose what makes the negative worse.'
  if (folds(settings))
    return 'The same noise, drawn twice: by the network as it is, and pushed away, inside, from a worse version of itself.'
  return 'The same noise, drawn three times: by the network as it is, by a worse version of it, and pushed away from that.'
}

/** The scale on the same side of 0 that was tried nearest to this one, on the track's own terms: small steps count more near 0. */
function nearest(scale: number, tried: readonly TriedScale[]): TriedScale | undefined {
  const onTrack = (value: number) => Math.log1p(Math.abs(value))
  const distance = (one: TriedScale) => Math.abs(onTrack(one.scale) - onTrack(scale))
  return tried
    .filter((one) => one.scale * scale > 0)
    .reduce<TriedScale | undefined>((best, one) => (best && distance(best) <= distance(one) ? best : one), undefined)
}

/** What a push of this size does, as far as it was measured over many images: these may be an exception. */
export function pushSentence(settings: Settings, measured: MeasuredScales | null): string {
  const { scale } = settings
  if (!isGuided(settings)) return 'Guidance is off, so there is nothing to push with.'
  if (scale === 0) return 'Nothing is pushed: guided is the positive.'
  const at = measured && nearest(scale, measured.tried)
  if (scale < 0) {
    if (at?.verdict === 'helps')
      return `Turned round, and here that repairs: many images end up nearer to real ones than unguided (measured at s = ${plain(at.scale)}).`
    return `Backwards, towards the negative${actsAlone(settings) ? ': at s = −1 it is the negative' : ''}.`
  }
  if (!measured || !at)
    return 'Drag: the higher s, the farther from the worse version. With these settings nothing was measured.'
  if (scale > measured.tried.at(-1)!.scale && at.verdict !== 'harms')
    return `Farther than was measured: up to s = ${plain(measured.tried.at(-1)!.scale)}.`
  if (overshootAt(scale, measured.overshoots) || at.verdict === 'harms')
    return `Overshoots: many images end up farther from real ones than unguided (measured at s = ${plain(at.scale)}).`
  if (at.verdict === 'helps')
    return `Repairs: many images end up nearer to real ones than unguided (measured at s = ${plain(at.scale)}).`
  return `On average no gain, over many images (measured at s = ${plain(at.scale)}): some are repaired, others harmed.`
}
