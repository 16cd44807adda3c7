// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Shape } from '../shape'
import { layers } from './layers'
import { moreBlur } from './more-blur'
import { sagMap } from './sag-map'
import { sagThreshold } from './sag-threshold'
import { valley } from './valley'

export const shapes: readonly Shape[] = [
  layers,
  moreBlur,
  sagMap,
  sagThreshold,
  valley,
]
