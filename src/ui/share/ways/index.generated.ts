// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { ShareWay } from '../way'
import { embed } from './embed'
import { figure } from './figure'
import { link } from './link'
import { markdown } from './markdown'
import { qr } from './qr'

export const ways: readonly ShareWay[] = [
  embed,
  figure,
  link,
  markdown,
  qr,
]
