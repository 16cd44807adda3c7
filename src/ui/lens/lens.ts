/** What stands beside the equation: a number of the step, and the picture that explains it. Pure. */
import type { SampleRecord } from '../../sampling/records'
import { medianRing, type RadialSpectrum, radialSpectrum } from '../../core/spectrum'
import { meanDifference } from '../../core/image'
import type { Size } from '../stage/pixels'

export type Lens = 'pixel' | 'size' | 'noise' | 'clipped' | 'spectrum'
export const LENSES: readonly { readonly value: Lens; readonly label: string }[] = [
  { value: 'pixel', label: 'pixel' },
  { value: 'size', label: 'size' },
  { value: 'noise', label: 'noise' },
  { value: 'clipped', label: 'clipped' },
  { value: 'spectrum', label: 'spectrum' },
]

/** The picture of the equation that a lens is about. */
export function subjectOf(lens: Lens): 'difference' | 'guided' | null {
  switch (lens) {
    case 'pixel':
      return null
    case 'clipped':
      return 'guided'
    case 'size':
    case 'noise':
    case 'spectrum':
      return 'difference'
    default:
      return lens satisfies never
  }
}

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

/** Spectra of D⁺ and of every Δ, means over channels. */
export function spectraOf(sample: SampleRecord, size: Size): Spectra {
  const held = known.get(sample)
  if (held) return held
  const line = (image: Float32Array): SpectrumLine => {
    const spectrum = radialSpectrum(image, size.height, size.width)
    return { spectrum, median: medianRing(spectrum) }
  }
  const plus = sample.predictionPositive
  const spectra: Spectra = {
    positive: line(meanDifference(plus, new Float32Array(plus.length), size)),
    differences: [sample, ...sample.stacked].map(
      ({ predictionNegative }) => predictionNegative && line(meanDifference(plus, predictionNegative, size)),
    ),
  }
  known.set(sample, spectra)
  return spectra
}

/** What a cosine between Δ and the predicted noise means. */
export function cosineSentence(cosine: number): string {
  if (cosine <= -0.1) return 'Δ points away from the noise: guidance takes more of it out.'
  if (cosine >= 0.1) return 'Δ points along the noise: guidance keeps some of it in.'
  return 'Δ lies across the noise: guidance changes the image, hardly its noise.'
}
