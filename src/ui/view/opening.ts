/** What a link says of how it opens: at which step, with which plot, into which layer, in which theme. */
import { readView } from '../../settings/view'
import type { Session } from '../app/session'
import { plots } from '../lens/registry'

/** Of what there is not, nothing: a link may be of another model, or older than a plot. */
export function openView({ store, set, seek }: Pick<Session, 'store' | 'set' | 'seek'>, hash: string): void {
  const { at, lens, inspect, theme } = readView(hash).view
  const { settings, model } = store.getState()
  if (theme !== null) set({ shell: { theme } })
  if (at !== null) seek(at / settings.steps)
  if (plots.some(({ id }) => id === lens) && lens !== null) set({ equation: { lens } })
  if (model.layers.some(({ index }) => index === inspect) && inspect !== null) {
    set({ network: { inspected: { term: 0, layer: inspect } } })
  }
}
