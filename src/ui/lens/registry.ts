/** The registry of plots: what the files of `plots/` describe. */
import type { SampleRecord } from '../../sampling/records'
import type { Need, Plot } from './plot'
import { plots as all } from './plots/index.generated'

export const plots: readonly Plot[] = [...all].sort((a, b) => a.place - b.place)

/** Throws RangeError for an id that no plot has. */
export function plotById(id: string): Plot {
  const plot = plots.find((one) => one.id === id)
  if (!plot) throw new RangeError(`there is no plot "${id}"`)
  return plot
}

function has(sample: SampleRecord, need: Need): boolean {
  switch (need) {
    case 'negative':
      return [sample, ...sample.stacked].some(({ predictionNegative }) => predictionNegative !== null)
    case 'x':
      return sample.guided.x.length > 0
    default:
      return need satisfies never
  }
}

/** The first thing that a plot needs and a sample does not have. */
export function missingNeed({ needs }: Plot, sample: SampleRecord): Need | null {
  return needs.find((need) => !has(sample, need)) ?? null
}
