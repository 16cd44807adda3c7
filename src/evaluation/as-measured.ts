/** What a published evaluation was measured with, as somebody wants it now. Apart from what reads the file, which comes with it. Pure. */
import type { Settings } from '../settings/types'
import type { Published } from './published'

/** The settings that were measured, for the class (unless none was asked for), seed and number of images that are wanted now. */
export function asMeasured(
  { settings }: Pick<Published, 'settings'>,
  { class: label, seed, samples }: Settings,
): Settings {
  return { ...settings, class: settings.class === null ? null : (label ?? settings.class), seed, samples }
}
