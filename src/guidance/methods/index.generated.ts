// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { MethodDefinition } from '../types'
import { anyPair } from './any-pair'
import { apg } from './apg'
import { autoguidance } from './autoguidance'
import { cfg } from './cfg'
import { cfgPlusPlus } from './cfg-plus-plus'
import { cfgZeroStar } from './cfg-zero-star'
import { erg } from './erg'
import { fdg } from './fdg'
import { icg } from './icg'
import { momentum } from './momentum'
import { none } from './none'
import { pag } from './pag'
import { sag } from './sag'
import { seg } from './seg'
import { selfGuidance } from './self-guidance'
import { sims } from './sims'
import { slg } from './slg'
import { swg } from './swg'
import { tpg } from './tpg'
import { tsg } from './tsg'

export const definitions: readonly MethodDefinition[] = [
  anyPair,
  apg,
  autoguidance,
  cfg,
  cfgPlusPlus,
  cfgZeroStar,
  erg,
  fdg,
  icg,
  momentum,
  none,
  pag,
  sag,
  seg,
  selfGuidance,
  sims,
  slg,
  swg,
  tpg,
  tsg,
]
