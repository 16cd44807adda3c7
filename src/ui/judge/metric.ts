/** What the family's Fréchet distance is called. */
import { usePage } from '../app/store'

export function useMetric(): string {
  return usePage(({ model }) => model.judge?.metric ?? 'Fréchet distance')
}
