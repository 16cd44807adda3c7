// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { FeatureProtocol } from '../protocol'
import { cleanFid } from './clean-fid'
import { cmmd } from './cmmd'
import { dinov2 } from './dinov2'
import { pytorchFid } from './pytorch-fid'

export const protocols: readonly FeatureProtocol[] = [
  cleanFid,
  cmmd,
  dinov2,
  pytorchFid,
]
