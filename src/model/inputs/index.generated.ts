// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { InputMeaning } from '../input'
import { classIndex } from './class-index'
import { classWeights } from './class-weights'
import { constant } from './constant'
import { embedding } from './embedding'
import { noiseLevel } from './noise-level'
import { sample } from './sample'

export const meanings: readonly InputMeaning[] = [
  classIndex,
  classWeights,
  constant,
  embedding,
  noiseLevel,
  sample,
]
