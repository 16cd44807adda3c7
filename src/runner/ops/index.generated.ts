// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Operator } from '../operator'
import { attention } from './attention'
import { binary } from './binary'
import { cast } from './cast'
import { clip } from './clip'
import { compare } from './compare'
import { conv } from './conv'
import { einsum } from './einsum'
import { filled } from './filled'
import { gelu } from './gelu'
import { gemm } from './gemm'
import { images } from './images'
import { layout } from './layout'
import { matmul } from './matmul'
import { normalisation } from './normalisation'
import { pieces } from './pieces'
import { reduce } from './reduce'
import { softmax } from './softmax'
import { unary } from './unary'

export const definitions: readonly Operator[] = [
  attention,
  binary,
  cast,
  clip,
  compare,
  conv,
  einsum,
  filled,
  gelu,
  gemm,
  images,
  layout,
  matmul,
  normalisation,
  pieces,
  reduce,
  softmax,
  unary,
]
