// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { ScheduleKind } from '../schedule'
import { cosine } from './cosine'
import { edm } from './edm'
import { flow } from './flow'
import { linear } from './linear'
import { logSigma } from './log-sigma'
import { scaledLinear } from './scaled-linear'
import { sigma } from './sigma'

export const schedules: readonly ScheduleKind[] = [
  cosine,
  edm,
  flow,
  linear,
  logSigma,
  scaledLinear,
  sigma,
]
