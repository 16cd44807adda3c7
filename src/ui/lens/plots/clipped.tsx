/** Where the guided prediction lies beyond what a pixel can show. */
import { useMemo } from 'react'
import { valueOf, valueText } from '../../../numbers'
import { clippedShare } from '../../../numbers/numbers/clipped-share'
import { usePage } from '../../app/store'
import { useTheme } from '../../app/theme'
import { clippedPixels } from '../../stage/pixels'
import { Figure } from '../parts'
import type { Plot, PlotProps } from '../plot'

function Clipped({ sample }: PlotProps) {
  const theme = useTheme()
  const model = usePage((state) => state.model)
  const pixels = useMemo(() => clippedPixels(sample.guided.denoised, model.image, theme), [sample, model, theme])
  const share = valueOf(clippedShare, sample, model.image)
  return (
    <Figure pixels={pixels} exact>
      <p className="num text-ink">
        <span translate="no">{valueText(clippedShare, share)}</span> of the values of D lie outside [−1, 1].
      </p>
      <p className="mt-1">
        Blue is above 1, orange below −1: brighter or darker than any pixel can be, the mark of too much guidance.
      </p>
    </Figure>
  )
}

export const clipped: Plot = {
  id: 'clipped',
  label: 'clipped',
  place: 3,
  about: 'guided',
  // A run that is stored without x holds images as pixels show them, so nothing in it lies outside.
  needs: ['x'],
  View: Clipped,
}
