/** Share of the guided D's values that lie outside [−1, 1], which no pixel can show. */
import type { StepNumber } from '../number'

export const clippedShare: StepNumber = {
  id: 'clipped',
  name: 'Clipped share',
  plain: 'clipped',
  short: 'clipped',
  symbol: String.raw`\lvert D\rvert > 1`,
  help: 'Share of the image that is brighter or darker than any pixel can be: the mark of too much guidance.',
  place: 3,
  about: 'guided',
  axis: 'value',
  plot: 'clipped',
  unit: 'share',
  range: [0, 1],
  of({ sample }) {
    const { denoised } = sample.guided
    let outside = 0
    for (const value of denoised) if (value < -1 || value > 1) outside++
    return outside / denoised.length
  },
}
