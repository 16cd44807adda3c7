/** All kinds of settings and of method parameters by name; the compiler asks for one that is missing. */
import type { ModelInfo } from '../../model/types'
import type { JsonSchema } from '../json-schema'
import { average } from './average'
import { choice } from './choice'
import { classLabel } from './class'
import { ema } from './ema'
import { flag } from './flag'
import { layer } from './layer'
import { layers } from './layers'
import { network } from './network'
import { number } from './number'
import { scalarFrom } from '../text'
import type { Kind, KindName, Row, Values } from './types'
import { window } from './window'

const kinds: { readonly [K in KindName]: Kind<K> } = {
  average,
  choice,
  class: classLabel,
  ema,
  flag,
  layer,
  layers,
  network,
  number,
  window,
}

/** What can be done with the values of one row. */
export interface Rules<V> {
  /** The value that somebody wrote in a preset. Throws Fault. */
  parse(value: unknown, model: ModelInfo): V
  /** The value on this model, for images of this class, unless somebody chooses another. */
  standard(model: ModelInfo, label: number | null): V
  /** Is this a value of the row, whatever the model? */
  holds(value: unknown): boolean
  schema(model: ModelInfo): JsonSchema
  /** What a preset says of a value. */
  written(value: V): unknown
  /** What a preset would say, from a link's or a flag's text. */
  fromText(text: string): unknown
}

export function rulesOf<K extends KindName>(row: Row<K>): Rules<Values[K]> {
  const kind: Kind<K> = kinds[row.kind]
  return {
    parse: (value, model) => kind.parse(value, row, model),
    standard: (model, label) => kind.standard(row, model, label),
    holds: (value) => kind.holds(value, row),
    schema: (model) => kind.schema(row, model),
    written: (value) => plain(kind.write ? kind.write(value) : value),
    fromText: kind.fromText ?? scalarFrom,
  }
}

/** Infinity as "inf", which JSON and links can carry. */
export function plain(value: unknown): unknown {
  if (value === Infinity) return 'inf'
  return Array.isArray(value) ? value.map(plain) : value
}
