/** Operators of one operand that act on each value by itself. */
import { float } from '../attributes'
import type { NodeProto } from '../../network/onnx'
import { unary as emitUnary } from '../broadcast'
import type { Compilation } from '../compilation'
import { ACTIVATIONS, type Unary } from '../kernels'
import { inOwnAxes, normalise } from '../normalised'
import type { Operator } from '../operator'
import { Unsupported } from '../unsupported'

const OPS: Readonly<Record<string, Unary>> = {
  Neg: 'neg',
  Abs: 'abs',
  Sqrt: 'sqrt',
  Exp: 'exp',
  Log: 'log',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Erf: 'erf',
  Relu: 'relu',
  Sin: 'sin',
  Cos: 'cos',
  Floor: 'floor',
  Ceil: 'ceil',
  Reciprocal: 'reciprocal',
  Softplus: 'softplus',
  Sign: 'sign',
  Round: 'round',
  'com.microsoft.QuickGelu': 'quickGelu',
  Swish: 'silu',
}

/** Sets `output` to an activation of `input`, within the group norm that it follows where there is one. */
export function activate(c: Compilation, name: Unary, input: string, output: string): void {
  const value = c.value(input)
  const activation = ACTIVATIONS.findIndex((one) => one === name)
  c.set(
    output,
    value?.kind === 'normalised' && activation > 0 && inOwnAxes(value)
      ? normalise(c.emitter, value, activation)
      : emitUnary(c.emitter, name, c.tensor(input)),
  )
}

/** x · sigmoid(x), as two nodes: the product's output is then SiLU of x. */
function silu(c: Compilation, node: NodeProto): NodeProto | null {
  const [x, gate] = [node.input[0]!, node.output[0]!]
  const readers = c.readers(x)
  const mul = c.soleReader(gate)
  if (mul?.opType !== 'Mul' || !readers.includes(mul) || !mul.input.includes(x)) return null
  // Another reader of a norm that is not computed yet needs it by itself.
  if (readers.length > 2 || c.isOutput(x)) c.tensor(x)
  return mul
}

export const unary: Operator = {
  names: Object.keys(OPS),
  emit(c, node) {
    const key = node.domain === 'com.microsoft' ? `com.microsoft.${node.opType}` : node.opType
    const product = node.opType === 'Sigmoid' ? silu(c, node) : null
    if (product) {
      c.absorb(product)
      return activate(c, 'silu', node.input[0]!, product.output[0]!)
    }
    const alpha = float(node, 'alpha', key === 'com.microsoft.QuickGelu' ? 1.702 : 1)
    if (key === 'com.microsoft.QuickGelu' && alpha === 1) return activate(c, 'silu', node.input[0]!, node.output[0]!)
    if (key === 'com.microsoft.QuickGelu' ? Math.abs(alpha - 1.702) > 1e-6 : node.opType === 'Swish' && alpha !== 1)
      throw new Unsupported(`${key} of another alpha`)
    activate(c, OPS[key]!, node.input[0]!, node.output[0]!)
  },
}
