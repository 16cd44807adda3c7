// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { PredictionKind } from '../prediction'
import { edm } from './edm'
import { epsilon } from './epsilon'
import { flow } from './flow'
import { score } from './score'
import { v } from './v'
import { x0 } from './x0'

export const predictions: readonly PredictionKind[] = [
  edm,
  epsilon,
  flow,
  score,
  v,
  x0,
]
