/** What is asked of the plane: its settings, what is varied, and how many points. Written to the address, and read from it. Pure. */
import { planeModel } from '../../../../../plane/model'
import { decodeLink, encodeLink } from '../../../../../settings'
import type { ModelInfo } from '../../../../../model/types'
import type { Settings } from '../../../../../settings/types'
import mixtureFile from '../../../../../../models/plane/mixture.json'
import networksFile from '../../../../../../models/plane/networks.json'
import { roomAddress } from '../../../rooms'
import type { Said } from '../../address'
import { axisRead, axisSaid, firstWish, type Wish } from '../curves/curve'

/** Points of each value. */
export const COUNTS = [2000, 10_000, 50_000] as const

export const MODEL: ModelInfo = planeModel(networksFile, mixtureFile.classes)

export interface PlaneWish extends Pick<Wish, 'along' | 'lines'> {
  readonly settings: Settings
  readonly points: number
}

/** A link inside a link: what holds links together is mended on the way, so that it has other signs here. */
const nested = (link: string) => link.replaceAll('&', '!').replaceAll('=', '~')
const unnested = (text: string) => text.replaceAll('!', '&').replaceAll('~', '=')

/** What of the link was not understood is left out, as the plane's room says it. */
export function wishOf({ of = '', curve, lines, points }: Said): PlaneWish {
  const { settings } = decodeLink(`#${unnested(of)}`, MODEL)
  const along = axisRead(curve) ?? firstWish(settings).along
  return {
    settings,
    along,
    lines: axisRead(lines),
    points: COUNTS.find((count) => String(count) === points) ?? COUNTS[0],
  }
}

/** To curves of these settings along what a person most likely means. */
export const addressOf = (settings: Settings): string =>
  roomAddress('lab', `tab=plane&of=${encodeURIComponent(nested(encodeLink(settings, MODEL)))}`)

export const saidOf = ({ settings, along, lines, points }: PlaneWish): Said => ({
  of: nested(encodeLink(settings, MODEL)),
  curve: axisSaid(along),
  ...(lines && { lines: axisSaid(lines) }),
  points: String(points),
})
