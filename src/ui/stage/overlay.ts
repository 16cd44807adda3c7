/** What can be laid over the pictures of a step: SAG's mask, or how many of SWG's windows see each pixel. */
import { useMemo } from 'react'
import { windowOrigins } from '../../core/windows'
import type { TermRecord } from '../../sampling/records'
import type { ModelInfo } from '../../model/types'
import { negativePrediction, negativesOf } from '../../guidance/pair'
import type { Input } from '../../guidance/prediction'
import type { Settings } from '../../settings/types'
import { type Size, veilPixels } from './pixels'
import { usePage } from '../app/store'
import type { Overlay } from '../equation/slice'
import { useTheme } from '../app/theme'

export interface Levels {
  /** [h × w]; the pixels of the largest value stay clear, and the others are veiled. */
  readonly levels: Float32Array
  /** What the toggle is called. */
  readonly label: string
  /** What the clear part is. */
  readonly caption: string
}

/** How many windows see each pixel, [h × w]. */
function coverage(input: Extract<Input, { kind: 'windows' }>, { height, width }: Size): Float32Array {
  const counts = new Float32Array(height * width)
  for (const { top, left } of windowOrigins({ height, width }, input, input.perSide)) {
    for (let y = top; y < top + input.height; y++)
      for (let x = left; x < left + input.width; x++) counts[y * width + x]! += 1
  }
  return counts
}

/** The levels of the first term at a step, or null where there is nothing to lay over. */
export function levelsOf(settings: Settings, record: TermRecord, model: ModelInfo): Levels | null {
  const first = negativesOf(settings)[0]
  const input = first && negativePrediction(first, model)?.input
  switch (input?.kind) {
    case 'windows': {
      const levels = coverage(input, model.image)
      const most = Math.max(...levels)
      return { levels, label: 'Coverage', caption: `The clearer, the more windows see it: 1 to ${most}.` }
    }
    case 'degraded': {
      if (!record.mask) return null
      const share = record.mask.reduce((sum, value) => sum + value, 0) / record.mask.length
      return {
        levels: record.mask,
        label: 'Mask',
        caption: `The clear part, ${Math.round(100 * share)} % of the image, is what was ${input.fill === 'zero' ? 'emptied' : 'blurred'}.`,
      }
    }
    case 'x':
    case 'history':
    case undefined:
      return null
    default:
      return input satisfies never
  }
}

/** RGBA bytes of the overlay; null where there is none, or where it is not wanted. */
export function useOverlay(
  settings: Settings,
  record: TermRecord | undefined,
  wanted: readonly Overlay[],
): { readonly levels: Levels | null; readonly pixels: Uint8ClampedArray<ArrayBuffer> | null } {
  const model = usePage((state) => state.model)
  const shown = usePage((state) => wanted.includes(state.equation.overlay))
  const theme = useTheme()
  const levels = useMemo(() => (record ? levelsOf(settings, record, model) : null), [settings, record, model])
  const pixels = useMemo(() => (levels && shown ? veilPixels(levels.levels, theme) : null), [levels, shown, theme])
  return { levels, pixels }
}
