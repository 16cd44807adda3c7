/** What an operator is to the runner: a file of `ops/`. */
import type { NodeProto } from '../network/onnx'
import type { Compilation } from './compilation'

export interface Operator {
  /** Operators of ONNX, or of other sets with their domain in front: `com.microsoft.QuickGelu`. */
  readonly names: readonly string[]
  /** Sets the node's outputs, and marks nodes whose work it took over. Throws Unsupported. */
  readonly emit: (c: Compilation, node: NodeProto) => void
}
