/** The frequency below which half of the difference's power lies: whether guidance draws shapes or texture. */
import { medianRing, radialSpectrum } from '../../core/spectrum'
import { subtract } from '../../core/vector'
import type { StepNumber } from '../number'

export const spectrumMedian: StepNumber = {
  id: 'spectrum',
  name: 'Fineness of the difference',
  plain: 'fineness',
  short: 'fineness',
  symbol: String.raw`\mathrm{median}\,\lvert\hat\Delta\rvert^2`,
  help: 'Half of the difference’s power lies below this many waves across the image: few are shapes, many are texture.',
  place: 4,
  about: 'difference',
  axis: null,
  plot: 'spectrum',
  unit: 'waves',
  range: [0, Infinity],
  of({ sample: { predictionPositive }, term: { predictionNegative }, shape }) {
    if (!predictionNegative) return null
    return medianRing(radialSpectrum(subtract(predictionPositive, predictionNegative), shape))
  },
}
