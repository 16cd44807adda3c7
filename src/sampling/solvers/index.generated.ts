// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Solver } from '../solver'
import { ddim } from './ddim'
import { dpmpp2m } from './dpmpp-2m'
import { euler } from './euler'
import { heun } from './heun'

export const solvers: readonly Solver[] = [
  ddim,
  dpmpp2m,
  euler,
  heun,
]
