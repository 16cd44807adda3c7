/** Values of the table's rows: each read, completed or checked by its row's kind. */
import { OWN_KEYS, TERM_KEYS, type Own, type OwnKey, type TermKey, type TermOwn } from './table'

type Mutable<T> = { -readonly [K in keyof T]?: T[K] }

function isOwn(values: Mutable<Own>): values is Own {
  return OWN_KEYS.every((key) => key in values)
}

function isTermOwn(values: Mutable<TermOwn>): values is TermOwn {
  return TERM_KEYS.every((key) => key in values)
}

/** The settings beside their terms, each from `of`. */
export function ownFrom(of: <K extends OwnKey>(key: K) => Own[K]): Own {
  const values: Mutable<Own> = {}
  const put = <K extends OwnKey>(key: K) => void (values[key] = of(key))
  OWN_KEYS.forEach(put)
  if (!isOwn(values)) throw new TypeError('a setting is missing')
  return values
}

/** What a term has beside its method and parameters, each from `of`. */
export function termFrom(of: <K extends TermKey>(key: K) => TermOwn[K]): TermOwn {
  const values: Mutable<TermOwn> = {}
  const put = <K extends TermKey>(key: K) => void (values[key] = of(key))
  TERM_KEYS.forEach(put)
  if (!isTermOwn(values)) throw new TypeError('a setting of a term is missing')
  return values
}
