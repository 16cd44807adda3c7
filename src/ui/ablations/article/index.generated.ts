// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Ablation } from '../ablation'
import { autoguidanceEma } from './autoguidance-ema'
import { autoguidanceSize } from './autoguidance-size'
import { autoguidanceTraining } from './autoguidance-training'
import { icgCfg } from './icg-cfg'
import { interval } from './interval'
import { pagMaps } from './pag-maps'
import { sagMasks } from './sag-masks'
import { sagStart } from './sag-start'
import { segSigma } from './seg-sigma'
import { simsBudget } from './sims-budget'
import { tsgNoise } from './tsg-noise'
import { unconditional } from './unconditional'

export const ablations: readonly Ablation[] = [
  autoguidanceEma,
  autoguidanceSize,
  autoguidanceTraining,
  icgCfg,
  interval,
  pagMaps,
  sagMasks,
  sagStart,
  segSigma,
  simsBudget,
  tsgNoise,
  unconditional,
]
