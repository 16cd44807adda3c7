/** A step back through a graph: where the index along an axis of a node's output is counted, too. */
import type { NodeProto } from '../onnx'
import { wholeAxis, type Digit } from './digit'

/** A place to go on from, a joint of several axes, or a row of pieces put behind each other. */
export type Step =
  | { readonly kind: 'go'; readonly tensor: string; readonly digit: Digit }
  /** The digit counts several axes of a tensor at once. */
  | { readonly kind: 'axes'; readonly tensor: string; readonly digits: readonly Digit[] }
  | { readonly kind: 'pieces'; readonly tensors: readonly string[]; readonly digit: Digit }
  /** It counts some of those along an axis, from `start` on. */
  | {
      readonly kind: 'part'
      readonly tensor: string
      readonly axis: number
      readonly start: number
      readonly count: number
    }
  /** It counts backwards from here on. */
  | { readonly kind: 'turned' }

export interface Asked {
  readonly node: NodeProto
  readonly output: number
  readonly digit: Digit
  /** Lengths of the node's output. */
  readonly dims: readonly number[]
  readonly of: (tensor: string) => readonly number[] | null
  /** Values of an integer tensor, as far as they are known. */
  readonly integers: (tensor: string) => readonly (number | null)[] | null
  /** Is it the same at every run? */
  readonly constant: (tensor: string) => boolean
  readonly producer: (tensor: string) => NodeProto | null
  /** Axes of images lead through convolutions and resizing. */
  readonly spatial: boolean
}

export type Rule = (asked: Asked) => readonly Step[]

export const go = (tensor: string | undefined, digit: Digit | null): readonly Step[] =>
  tensor === undefined || tensor === '' || !digit ? [] : [{ kind: 'go', tensor, digit }]

/** The same digit along an axis of an input, where that is as long. */
export function along({ digit, dims, of }: Asked, tensor: string | undefined, axis: number): readonly Step[] {
  const lengths = tensor === undefined ? null : of(tensor)
  return lengths?.[axis] === dims[digit.axis] ? go(tensor, { ...digit, axis }) : []
}

/** Of the first input, whose axes are the output's. */
export const first: Rule = (asked) => {
  const lengths = asked.of(asked.node.input[0] ?? '')
  return lengths?.length === asked.dims.length ? along(asked, asked.node.input[0], asked.digit.axis) : []
}

/** The whole axis of a tensor, whatever its length: what is larger or smaller shows the same. */
export const wholly = ({ digit, of, spatial }: Asked, tensor: string | undefined): readonly Step[] => {
  const lengths = of(tensor ?? '')
  return spatial && lengths && digit.axis >= 1 ? go(tensor, wholeAxis(lengths, digit.axis)) : []
}

export const scaled: Rule = (asked) => wholly(asked, asked.node.input[0])
