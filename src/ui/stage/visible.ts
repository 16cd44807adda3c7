/** Which samples a panel shows: all of a run, or only the one that the page looks at. */
import { useMemo } from 'react'
import { usePage, useShownSettings } from '../app/store'

export function samplesSeen(samples: number, focus: number, large: boolean): readonly number[] {
  return large ? [focus] : Array.from({ length: samples }, (_, index) => index)
}

/** How many of them stand side by side. */
export function columnsFor(samples: number): number {
  return Math.ceil(Math.sqrt(samples))
}

/** The samples that are seen of the run on the stage. */
export function useSamplesSeen(): readonly number[] {
  const samples = useShownSettings((settings) => settings.samples)
  const focus = usePage((state) => Math.min(state.stage.focus, samples - 1))
  const large = usePage((state) => state.stage.large)
  return useMemo(() => samplesSeen(samples, focus, large), [samples, focus, large])
}
