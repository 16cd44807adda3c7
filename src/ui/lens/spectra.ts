/** Radial power spectra of the predictions of a step, each measured once. Pure. */
import { medianRing, type RadialSpectrum, radialSpectrum } from '../../core/spectrum'
import { subtract } from '../../core/vector'
import type { SampleRecord } from '../../sampling/records'
import type { Size } from '../stage/pixels'

export interface SpectrumLine {
  readonly spectrum: RadialSpectrum
  /** Waves across the image by which half of the power is reached. */
  readonly median: number
}

export interface Spectra {
  readonly positive: SpectrumLine
  /** Δ of each term; null where its negative was not evaluated. */
  readonly differences: readonly (SpectrumLine | null)[]
}

// A record never changes, and a transform of one takes some milliseconds.
const known = new WeakMap<SampleRecord, Spectra>()

/** Spectra of D⁺ and of every Δ, over all channels. */
export function spectraOf(sample: SampleRecord, size: Size): Spectra {
  const held = known.get(sample)
  if (held) return held
  const line = (image: Float32Array): SpectrumLine => {
    const spectrum = radialSpectrum(image, size)
    return { spectrum, median: medianRing(spectrum) }
  }
  const plus = sample.predictionPositive
  const spectra: Spectra = {
    positive: line(plus),
    differences: [sample, ...sample.stacked].map(
      ({ predictionNegative }) => predictionNegative && line(subtract(plus, predictionNegative)),
    ),
  }
  known.set(sample, spectra)
  return spectra
}
