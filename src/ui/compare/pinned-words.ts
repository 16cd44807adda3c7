/** What sets the pinned run's settings apart from those of the run on the stage, in words. */
import { useMemo } from 'react'
import { usePage, useShown } from '../app/store'
import { differenceWords } from '../run/words'

/** Empty where nothing is pinned. */
export function usePinnedWords(): string {
  const run = useShown((own) => own)
  const pinned = usePage((state) => state.compare.pinned)
  const model = usePage((state) => state.model)
  return useMemo(() => {
    if (!run || !pinned) return ''
    if (run === pinned) return 'the run on the stage. Change a setting, and compare'
    return differenceWords(pinned.settings, run.settings, model).join(', ') || 'the same settings'
  }, [pinned, run, model])
}
