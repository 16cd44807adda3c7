// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Section } from '../section'
import { autoguidance } from './autoguidance'
import { icgTsg } from './icg-tsg'
import { layers } from './layers'
import { noCfg } from './no-cfg'
import { pag } from './pag'
import { positiveNegative } from './positive-negative'
import { sag } from './sag'
import { seg } from './seg'
import { sims } from './sims'
import { tooMuch } from './too-much'

export const sections: readonly Section[] = [
  autoguidance,
  icgTsg,
  layers,
  noCfg,
  pag,
  positiveNegative,
  sag,
  seg,
  sims,
  tooMuch,
]
