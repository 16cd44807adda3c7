/** What the control of a method's parameter is given; each kind of parameter has a file here. */
import type { ReactNode } from 'react'
import type { Parameter } from '../../../guidance/types'
import type { ParameterValue } from '../../../settings/types'
import type { Gesture } from '../../app/link'

export type ParameterKind = Parameter['kind']

export type ParameterOf<K extends ParameterKind> = { [Q in K]: Extract<Parameter, { readonly kind: Q }> }[K]

export interface FieldProps<K extends ParameterKind> {
  readonly parameter: ParameterOf<K>
  /** The term whose parameter it is: 0 is the first. */
  readonly term: number
  readonly values: Readonly<Record<string, ParameterValue>>
  /** Goes before the labels that are read aloud, where the same control stands on the page twice. */
  readonly prefix: string
  readonly set: (next: ParameterValue, gesture: Gesture) => void
}

export type Field<K extends ParameterKind> = (props: FieldProps<K>) => ReactNode
