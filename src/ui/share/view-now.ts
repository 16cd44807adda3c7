/** How the page is shown at this moment: what a link can say of it, and the same in words. Pure. */
import type { View } from '../../settings/view'
import type { ModelInfo } from '../../model/types'
import type { Page } from '../app/store'
import { equationSlice } from '../equation/slice'
import { plots } from '../lens/registry'
import { frameOf } from '../run/run'

/** `address`: the view of the address in force. */
export function viewNow(
  { playhead, equation, network, shell }: Pick<Page, 'playhead' | 'equation' | 'network' | 'shell'>,
  steps: number,
  address: View,
): Partial<View> {
  const { lesson, page, present, show, hide, lock } = address
  return {
    show,
    hide,
    lock,
    present,
    lesson,
    page,
    theme: address.theme ?? (shell.theme === 'system' ? null : shell.theme),
    // At the end is where a link opens by itself.
    at: playhead.position >= 1 ? null : frameOf(playhead.position, steps),
    lens: equation.lens === equationSlice.lens ? null : equation.lens,
    inspect: network.inspected?.layer ?? null,
  }
}

/** What the view adds to a link, each in a few words; none where the page is shown as any link opens it. */
export function viewWords(
  view: Partial<View>,
  steps: number,
  { layers }: Pick<ModelInfo, 'layers'>,
): readonly string[] {
  const { at, lens, inspect, theme, present, lesson, page = 0, show, hide, lock } = view
  const layer = layers.find(({ index }) => index === inspect)
  const plot = plots.find(({ id }) => id === lens)
  const some = (list: readonly string[] | null | undefined) => (list?.length ?? 0) > 0
  return [
    ...(typeof at === 'number' ? [`step ${at} of ${steps}`] : []),
    ...(plot ? [`the plot “${plot.label}”`] : []),
    ...(layer ? [`the maps of layer ${layer.name}`] : []),
    ...(typeof lesson === 'string' ? [`the lesson at its step ${page + 1}`] : []),
    ...(some(show) || some(hide) ? ['the parts that are seen'] : []),
    ...(some(lock) ? ['what is locked'] : []),
    ...(present ? ['as a presentation'] : []),
    ...(theme ? [theme === 'dark' ? 'in the dark' : 'in the light'] : []),
  ]
}
