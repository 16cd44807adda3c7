/** All guidance methods. Adding one: its file, this list, a test. */
import { icg } from './icg'
import { none } from './none'
import { pag } from './pag'
import { seg } from './seg'
import type { GuidanceMethod } from './types'

export const methods: readonly GuidanceMethod[] = [none, pag, seg, icg]

export function methodById(id: string): GuidanceMethod | undefined {
  return methods.find((method) => method.id === id)
}
