// Written by `npm run registries` from the files of this folder. Do not edit: add or remove a file.
import type { Way } from '../way'
import { blink } from './blink'
import { hold } from './hold'
import { wipe } from './wipe'

export const ways: readonly Way[] = [
  blink,
  hold,
  wipe,
]
