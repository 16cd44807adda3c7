// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { StepNumber } from '../number'
import { appliedLength } from './applied-length'
import { appliedNoise } from './applied-noise'
import { appliedSize } from './applied-size'
import { clippedShare } from './clipped-share'
import { differenceLength } from './difference-length'
import { differenceSize } from './difference-size'
import { noiseCosine } from './noise-cosine'
import { spectrumMedian } from './spectrum-median'

export const numbers: readonly StepNumber[] = [
  appliedLength,
  appliedNoise,
  appliedSize,
  clippedShare,
  differenceLength,
  differenceSize,
  noiseCosine,
  spectrumMedian,
]
