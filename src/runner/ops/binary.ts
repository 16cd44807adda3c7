/** Operators of two operands or more that act value by value. */
import type { NodeProto } from '../../network/onnx'
import { binary as emitBinary, unary } from '../broadcast'
import type { Compilation } from '../compilation'
import type { Binary } from '../kernels'
import { taken } from '../normalised'
import type { Operator } from '../operator'
import type { Tensor } from '../tensor'

const OPS: Readonly<Record<string, Binary>> = {
  Add: 'add',
  Sub: 'sub',
  Mul: 'mul',
  Div: 'div',
  Pow: 'pow',
  Max: 'max',
  Min: 'min',
}

/** A product with, or a sum onto, a group norm that nobody else reads becomes part of it. */
function intoNorm(c: Compilation, node: NodeProto): boolean {
  if (node.opType !== 'Mul' && node.opType !== 'Add') return false
  for (const [i, name] of node.input.entries()) {
    const value = c.value(name)
    if (value?.kind !== 'normalised' || c.readers(name).length > 1 || c.isOutput(name)) continue
    const other = node.input[1 - i]!
    if (c.value(other)?.kind === 'normalised') continue
    const joined = taken(c.emitter, value, node.opType, c.tensor(other))
    if (!joined) continue
    c.set(node.output[0]!, joined)
    return true
  }
  return false
}

function power(c: Compilation, node: NodeProto): Tensor | null {
  const exponent = node.opType === 'Pow' ? c.known(node.input[1]) : null
  if (exponent?.values.length !== 1) return null
  const [x, to] = [c.tensor(node.input[0]), exponent.values[0]]
  if (to === 2) return unary(c.emitter, 'square', x)
  if (to === 0.5) return unary(c.emitter, 'sqrt', x)
  return to === 1 ? x : null
}

export const binary: Operator = {
  names: Object.keys(OPS),
  emit(c, node) {
    if (intoNorm(c, node)) return
    const op = OPS[node.opType]!
    const [first, ...rest] = node.input
    const all = () => rest.reduce((sum, name) => emitBinary(c.emitter, op, sum, c.tensor(name)), c.tensor(first))
    c.set(node.output[0]!, power(c, node) ?? all())
  },
}
