// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Claim } from '../claim'
import { earlierOrSmaller } from './earlier-or-smaller'
import { icgNearCfg } from './icg-near-cfg'
import { sagSmallGain } from './sag-small-gain'

export const claims: readonly Claim[] = [
  earlierOrSmaller,
  icgNearCfg,
  sagSmallGain,
]
