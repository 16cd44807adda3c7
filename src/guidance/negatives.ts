/** The methods that make a negative, in the order of menus. */
import { anyPair } from './methods/any-pair'
import { autoguidance } from './methods/autoguidance'
import { cfg } from './methods/cfg'
import { erg } from './methods/erg'
import { icg } from './methods/icg'
import { momentum } from './methods/momentum'
import { pag } from './methods/pag'
import { sag } from './methods/sag'
import { seg } from './methods/seg'
import { selfGuidance } from './methods/self-guidance'
import { sims } from './methods/sims'
import { slg } from './methods/slg'
import { swg } from './methods/swg'
import { tpg } from './methods/tpg'
import { tsg } from './methods/tsg'
import type { NegativeMethod } from './types'

export const negatives: readonly NegativeMethod[] = [
  cfg,
  sag,
  pag,
  seg,
  autoguidance,
  icg,
  tsg,
  sims,
  selfGuidance,
  slg,
  tpg,
  erg,
  swg,
  momentum,
  anyPair,
]
