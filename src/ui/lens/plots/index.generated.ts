// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Plot } from '../plot'
import { clipped } from './clipped'
import { noise } from './noise'
import { pixel } from './pixel'
import { size } from './size'
import { spectrum } from './spectrum'

export const plots: readonly Plot[] = [
  clipped,
  noise,
  pixel,
  size,
  spectrum,
]
