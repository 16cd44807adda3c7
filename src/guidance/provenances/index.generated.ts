// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Provenance } from '../provenance'
import { anyPair } from './any-pair'
import { apg } from './apg'
import { apgMix } from './apg-mix'
import { autoguidance } from './autoguidance'
import { cfg } from './cfg'
import { cfgPlusPlus } from './cfg-plus-plus'
import { cfgZeroStar } from './cfg-zero-star'
import { erg } from './erg'
import { fdg } from './fdg'
import { icg } from './icg'
import { inSitu } from './in-situ'
import { mamboG } from './mambo-g'
import { momentum } from './momentum'
import { nag } from './nag'
import { none } from './none'
import { pag } from './pag'
import { pladis } from './pladis'
import { s2 } from './s2'
import { sag } from './sag'
import { seg } from './seg'
import { selfGuidance } from './self-guidance'
import { sims } from './sims'
import { slg } from './slg'
import { swg } from './swg'
import { tcfg } from './tcfg'
import { tpg } from './tpg'
import { tsg } from './tsg'

export const provenances: readonly Provenance[] = [
  anyPair,
  apg,
  apgMix,
  autoguidance,
  cfg,
  cfgPlusPlus,
  cfgZeroStar,
  erg,
  fdg,
  icg,
  inSitu,
  mamboG,
  momentum,
  nag,
  none,
  pag,
  pladis,
  s2,
  sag,
  seg,
  selfGuidance,
  sims,
  slg,
  swg,
  tcfg,
  tpg,
  tsg,
]
