/** How a link with a view opens: in words, and how far along the way. */
import type { View } from '../../settings/view'
import { usePage, useWanted } from '../app/store'
import { viewWords } from './view-now'

export function useOpenedAt(view: Partial<View>): { readonly view: readonly string[]; readonly at: number } {
  const model = usePage((state) => state.model)
  const steps = useWanted((settings) => settings.steps)
  return { view: viewWords(view, steps, model), at: typeof view.at === 'number' ? view.at / steps : 1 }
}
