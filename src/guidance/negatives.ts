/** The methods that make a negative, in the order of menus. */
import { anyPair } from './any-pair'
import { autoguidance } from './autoguidance'
import { cfg } from './cfg'
import { erg } from './erg'
import { icg } from './icg'
import { momentum } from './momentum'
import { pag } from './pag'
import { sag } from './sag'
import { seg } from './seg'
import { selfGuidance } from './self-guidance'
import { sims } from './sims'
import { slg } from './slg'
import { swg } from './swg'
import { tpg } from './tpg'
import { tsg } from './tsg'
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
