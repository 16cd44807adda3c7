// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Rewrite } from '../rewrite'
import { groupNorm } from './group-norm'
import { projections } from './projections'
import { residualNorm } from './residual-norm'
import { scaleShift } from './scale-shift'

export const rewrites: readonly Rewrite[] = [
  groupNorm,
  projections,
  residualNorm,
  scaleShift,
]
