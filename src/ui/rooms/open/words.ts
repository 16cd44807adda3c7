/** What the room says, in words: sizes, costs, verdicts. Pure. */
import { fixed, megabytes } from '../../../core/format'
import type { MapLayer } from '../../../network/maps/types'
import type { Place } from '../../../storage/opened-models'
import { costOf, MOST_MEMORY } from '../../../worker/opener/limits'
import type { GpuLimits } from './gpu'

/** Bytes as people say them. */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`
  if (bytes < 1e7) return `${megabytes(bytes)} MB`
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${fixed(bytes / 1e9, 1)} GB`
}

export function countText(count: number): string {
  if (count < 1e6) return `${Math.max(1, Math.round(count / 1e3))} thousand`
  return count < 1e9 ? `${fixed(count / 1e6, count < 1e7 ? 1 : 0)} million` : `${fixed(count / 1e9, 1)} billion`
}

const seconds = (value: number) => `${value < 10 ? fixed(value, 1) : fixed(value, 0)} s`

/** A share, to two digits. */
export const percentText = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

/** What it will cost here, from the number of its parameters. */
export function costText(parameters: number): string {
  const { seconds: each, memory } = costOf(parameters)
  const time = each < 0.1 ? 'well under half a second' : `about ${seconds(each)}`
  return `Expect ${time} a row on one core without a graphics processor, and ${sizeText(Math.max(1e8, memory))} of memory.`
}

/** Rows that a proof takes, as a transformer of twelve layers had it. */
const PROOF_ROWS = 200
/** Seconds of a row in onnxruntime on one core, which proves: of 36 million parameters 0.6 s. */
const PROOF_SECONDS = 0.6 / 36e6

/** How long finding and proving the layers will take, where that is more than a moment; `milliseconds`: a row's, where it was measured here. */
export function proofText(parameters: number, milliseconds: number | null): string | null {
  const each = milliseconds === null ? PROOF_SECONDS * parameters : milliseconds / 1000
  const minutes = Math.round((PROOF_ROWS * each) / 60)
  if (minutes < 1) return null
  return `For a network of this size that takes about ${minutes === 1 ? 'a minute' : `${minutes} minutes`}${milliseconds === null ? ' on a core that does nothing else' : ' here'}; the page can be used meanwhile.`
}

/** What stands in the way of so many parameters; null where nothing does. */
export function heavyText(parameters: number): string | null {
  const { memory } = costOf(parameters)
  if (memory <= MOST_MEMORY / 2) return null
  return memory > MOST_MEMORY
    ? `It would need about ${sizeText(memory)}, and WebAssembly has 4 GB at most: it will most likely not start here. The command line has no such limit.`
    : `It needs about ${sizeText(memory)} of the 4 GB that WebAssembly has: close other tabs first.`
}

/** What stands in the way of a graphics processor, from the values of the largest weight, each of four bytes there; null where nothing does. */
export function bufferText(largest: number, limits: GpuLimits | null): string | null {
  const most = limits && Math.min(limits.binding, limits.buffer)
  if (most === null || 4 * largest <= most) return null
  return `Its largest weight takes ${sizeText(4 * largest)}, and this browser’s graphics processor reads at most ${sizeText(most)} as one: it will most likely run without it.`
}

/** The same of a file of which its size alone is known. */
export function downloadText(bytes: number, limits: GpuLimits | null): string | null {
  const most = limits && Math.min(limits.binding, limits.buffer)
  if (most === null || bytes <= most) return null
  return `This browser’s graphics processor reads at most ${sizeText(most)} as one: with a larger weight the network runs without it.`
}

export function placeText(place: Place): string {
  if (place.kind === 'stored') return 'Kept in this browser.'
  switch (place.why) {
    case 'none':
      return 'This browser offers no storage here, so the model stays for the life of this page only.'
    case 'full':
      return 'The browser has no room left to keep it, so the model stays for the life of this page only.'
    case 'forbidden':
      return 'The browser does not let this page keep it, so the model stays for the life of this page only.'
    default:
      return place.why satisfies never
  }
}

export interface VerdictText {
  readonly word: string
  /** What follows from it, or why. */
  readonly why: string
  /** Whether guidance can act on the layer. */
  readonly able: boolean
}

/** What can be done at a layer. */
export function verdictText({ verdict, beside }: MapLayer): VerdictText {
  switch (verdict.kind) {
    case 'ready':
      return {
        word: 'ready',
        why: beside === 'tokens' ? 'tokens beside the image’s are left as they are by SEG' : '',
        able: true,
      }
    case 'needs-grid':
      return { word: 'needs a grid', why: verdict.reason, able: true }
    case 'joint':
      return {
        word: 'joint',
        why: `image and ${beside === 'text' ? 'text' : 'other keys'} in one map: what is done is done to image on image`,
        able: true,
      }
    case 'cross':
      return { word: 'cross, left alone', why: verdict.reason, able: false }
    case 'linear':
      return { word: 'no map', why: verdict.reason, able: false }
    case 'not-understood':
      return { word: 'not understood', why: verdict.reason, able: false }
    default:
      return verdict satisfies never
  }
}

export const tokensText = ({ queries, keys }: Pick<MapLayer, 'queries' | 'keys'>): string =>
  queries === keys ? String(queries) : `${queries} on ${keys}`

/** Of what makes no maps there are none. */
export const headsText = ({ heads }: Pick<MapLayer, 'heads'>): string => (heads > 0 ? String(heads) : '—')

export const gridText = ({ image }: Pick<MapLayer, 'image'>): string =>
  image?.grid ? `${image.grid.height} × ${image.grid.width}` : '—'
