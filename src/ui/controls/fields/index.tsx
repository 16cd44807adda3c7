/** The control of each kind of parameter. */
import { createElement, type ReactNode } from 'react'
import { ChoiceField } from './choice'
import { EmaField } from './ema'
import { FlagField } from './flag'
import { LayerField } from './layer'
import { NetworkField } from './network'
import { NumberField } from './number'
import type { Field, FieldProps, ParameterKind } from './types'

const FIELDS: { readonly [K in ParameterKind]: Field<K> } = {
  flag: FlagField,
  choice: ChoiceField,
  network: NetworkField,
  layer: LayerField,
  ema: EmaField,
  number: NumberField,
}

const fieldOf = <K extends ParameterKind>(kind: K, props: FieldProps<K>): ReactNode =>
  createElement(FIELDS[kind], props)

export function ParameterControl(props: FieldProps<ParameterKind>) {
  return fieldOf(props.parameter.kind, props)
}
