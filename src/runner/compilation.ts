/** What operators ask of the compiler while they write down their calls. */
import type { NodeProto } from '../network/onnx'
import type { Emitter } from './emitter'
import type { Tensor } from './tensor'
import type { Known, Value } from './value'

export interface Compilation {
  readonly emitter: Emitter
  /** What a name stands for so far; null for an input that is left out, or is not computed yet. */
  value(name: string | undefined): Value | null
  /** The same as values in memory. Throws Unsupported where there is none. */
  tensor(name: string | undefined): Tensor
  /** Null for an input that is left out. */
  optional(name: string | undefined): Tensor | null
  /** What is known of a tensor's values while compiling; null where it depends on a run, or is large. */
  known(name: string | undefined): Known | null
  /** The same; throws Unsupported where it isn't known. */
  numbers(name: string | undefined): readonly number[]
  dims(name: string | undefined): readonly number[]
  /** Axes of a node as of later opsets (an input) or earlier ones (an attribute); null where it has none. */
  axes(node: NodeProto, input: number): readonly number[] | null
  set(name: string, value: Value | Tensor): void
  readers(name: string): readonly NodeProto[]
  /** The only reader of a tensor that is not an output of the graph. */
  soleReader(name: string): NodeProto | null
  isOutput(name: string): boolean
  /** The nodes' work is done elsewhere. */
  absorb(...nodes: readonly NodeProto[]): void
}
