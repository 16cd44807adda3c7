// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Figure } from '../figure'
import { bundle } from './bundle'
import { firstDrag } from './first-drag'
import { firstVisit } from './first-visit'
import { gpuStep } from './gpu-step'
import { guidedOnly } from './guided-only'
import { longDrag } from './long-drag'
import { memory } from './memory'
import { scaleChange } from './scale-change'
import { smallStep } from './small-step'
import { start } from './start'
import { wholeRun } from './whole-run'

export const figures: readonly Figure[] = [
  bundle,
  firstDrag,
  firstVisit,
  gpuStep,
  guidedOnly,
  longDrag,
  memory,
  scaleChange,
  smallStep,
  start,
  wholeRun,
]
