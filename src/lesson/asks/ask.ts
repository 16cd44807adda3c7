/** The contract of the files in this folder: a way to ask before the answer is shown. */
import type { Fields } from '../fields'
import type { Ask } from '../types'

export type AskKind = Ask['kind']
export type AskOf<K extends AskKind> = Extract<Ask, { readonly kind: K }>

export interface AskFormat<K extends AskKind> {
  /** The key by which a block says that it asks so. */
  readonly key: string
  /** The keys that belong to it. */
  readonly keys: readonly string[]
  /** Null where something is wrong, which was said. */
  read(fields: Fields): AskOf<K> | null
  /** As `read` reads it. */
  write(ask: AskOf<K>): Readonly<Record<string, unknown>>
}
