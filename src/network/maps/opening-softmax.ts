/**
 * Brings softmaxes that are written in another way to the one form in which maps are read and changed: one node, over the last axis.
 * Exponentials divided by their sum, with or without a largest score taken off before, and exponentials of a log-softmax.
 */
import type { GraphEditor } from '../editor'
import type { MeasuredShapes } from '../measured-shapes'
import { intAttribute, intsAttribute, type NodeProto } from '../onnx'
import { Shapes } from '../shapes'

/** The map of a softmax that took a node's place. */
export const mapOf = ({ output }: NodeProto): string => `${output[0]!}/map`

/** Puts a softmax over an axis in a node's place; its map is over the last one, with what moves it there and back. The map's name. */
function soften(editor: GraphEditor, node: NodeProto, scores: string, axis: number, rank: number): string {
  const made = node.output[0]!
  const perm = Array.from({ length: rank }, (_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i))
  const turn = (tensor: string, base: string) =>
    axis === rank - 1
      ? tensor
      : editor.add('Transpose', [tensor], `${made}/${base}`, { attributes: { perm: { ints: perm } } })
  const map = editor.add('Softmax', [turn(scores, 'turned')], `${made}/map`, { attributes: { axis: { int: -1 } } })
  editor.replace(node, turn(map, 'turned_back'))
  return map
}

/** A softmax over any axis becomes one over the last. */
export function overLast(editor: GraphEditor, node: NodeProto, shapes: MeasuredShapes): 'is' | 'moved' | 'unknown' {
  const rank = shapes.of(node.output[0]!)?.length
  if (rank === undefined) return 'unknown'
  const given = intAttribute(node, 'axis') ?? (editor.opset() >= 13 ? -1 : 1)
  const axis = given < 0 ? given + rank : given
  if (axis === rank - 1) return 'is'
  // Before opset 13 it is over all axes from there on.
  if (editor.opset() < 13) return 'unknown'
  soften(editor, node, node.input[0]!, axis, rank)
  return 'moved'
}

/** What a softmax is over: exp(scores) / Σ exp(scores) along an axis. */
interface Written {
  readonly scores: string
  readonly axis: number
}

class Reader {
  readonly #inferred: Shapes

  constructor(
    private readonly editor: GraphEditor,
    private readonly shapes: MeasuredShapes,
  ) {
    this.#inferred = new Shapes(editor, shapes.known)
  }

  #root(tensor: string): string {
    let at = tensor
    for (let node = this.editor.producer(at); node?.opType === 'Identity'; node = this.editor.producer(at))
      at = node.input[0]!
    return at
  }

  /** The node that makes a tensor, if it is of this operator. */
  #made(tensor: string | undefined, op: string): NodeProto | null {
    const node = tensor === undefined ? null : this.editor.producer(this.#root(tensor))
    return node?.opType === op ? node : null
  }

  /** The axis along which `node` reduces what it reads, where that is one, and is left as one entry in `tensor`. */
  #axis(node: NodeProto, tensor: string): number | null {
    const dims = this.shapes.of(node.input[0]!)
    const axes = intsAttribute(node, 'axes') ?? this.#inferred.integers(node.input[1] ?? '')
    const [given, ...more] = axes ?? []
    if (!dims || given === undefined || given === null || more.length > 0) return null
    const axis = given < 0 ? given + dims.length : given
    const kept = dims.map((length, i) => (i === axis ? 1 : length))
    return this.shapes.of(tensor)?.join() === kept.join() ? axis : null
  }

  /** The node behind a tensor that only got an axis of one entry again. */
  #summed(tensor: string, op: string): NodeProto | null {
    const unsqueeze = this.#made(tensor, 'Unsqueeze') ?? this.#made(tensor, 'Reshape')
    return this.#made(unsqueeze ? unsqueeze.input[0] : tensor, op)
  }

  /** The axis along which a tensor is Σ exp(scores). */
  #sumOfExp(tensor: string, scores: string): number | null {
    const sum = this.#summed(tensor, 'ReduceSum')
    const exp = sum && this.#made(sum.input[0], 'Exp')
    return sum && exp && this.#root(exp.input[0]!) === this.#root(scores) ? this.#axis(sum, tensor) : null
  }

  /** The axis along which a tensor is log Σ exp(scores), also where m was taken off before and is put on again. */
  #logOfSum(tensor: string, scores: string): number | null {
    const whole = this.#summed(tensor, 'ReduceLogSumExp')
    if (whole && this.#root(whole.input[0]!) === this.#root(scores)) return this.#axis(whole, tensor)
    const log = this.#made(tensor, 'Log')
    if (log) return this.#sumOfExp(log.input[0]!, scores)
    const add = this.#made(tensor, 'Add')
    if (!add) return null
    for (const [i, input] of add.input.entries()) {
      const part = this.#made(input, 'Log')
      const sum = part && this.#summed(part.input[0]!, 'ReduceSum')
      const exp = sum && this.#made(sum.input[0], 'Exp')
      const sub = exp && this.#made(exp.input[0], 'Sub')
      if (!sum || !sub || this.#root(sub.input[0]!) !== this.#root(scores)) continue
      if (this.#root(sub.input[1]!) === this.#root(add.input[1 - i]!)) return this.#axis(sum, part.input[0]!)
    }
    return null
  }

  #divided(exp: NodeProto | null, sum: string | undefined): Written | null {
    const axis = exp && sum !== undefined ? this.#sumOfExp(sum, exp.input[0]!) : null
    return exp && axis !== null ? { scores: exp.input[0]!, axis } : null
  }

  /** What a node's result is the softmax of; null where it is none. */
  of(node: NodeProto): Written | null {
    const [first, second] = node.input
    switch (node.opType) {
      case 'Div':
        return this.#divided(this.#made(first, 'Exp'), second)
      case 'Mul':
        return (
          this.#divided(this.#made(first, 'Exp'), this.#made(second, 'Reciprocal')?.input[0]) ??
          this.#divided(this.#made(second, 'Exp'), this.#made(first, 'Reciprocal')?.input[0])
        )
      case 'Exp': {
        const log = this.#made(first, 'LogSoftmax')
        const rank = log && this.shapes.of(log.input[0]!)?.length
        if (log && rank) {
          const given = intAttribute(log, 'axis') ?? -1
          return { scores: log.input[0]!, axis: given < 0 ? given + rank : given }
        }
        const sub = this.#made(first, 'Sub')
        const axis = sub && this.#logOfSum(sub.input[1]!, sub.input[0]!)
        return sub && axis !== null ? { scores: sub.input[0]!, axis } : null
      }
      default:
        return null
    }
  }
}

/** Makes softmaxes of those that are written out, in place: the map and the file's node of each. */
export function openWritten(
  editor: GraphEditor,
  shapes: MeasuredShapes,
): readonly { readonly node: string; readonly map: string }[] {
  const reader = new Reader(editor, shapes)
  const found = editor.graph.node.flatMap((node) => {
    const written = reader.of(node)
    const dims = shapes.of(node.output[0] ?? '')
    // A sum that is longer than what it sums would make more of it.
    if (!written || !dims || shapes.of(written.scores)?.join() !== dims.join()) return []
    return [{ node, ...written, rank: dims.length }]
  })
  return found.map(({ node, scores, axis, rank }) => ({
    node: node.name || node.output[0]!,
    map: soften(editor, node, scores, axis, rank),
  }))
}

/** What sums exponentials, or weighs values by them. */
const SUMMING = new Set(['ReduceSum', 'MatMul', 'FusedMatMul', 'Einsum', 'Gemm', 'Div', 'Mul'])

/** Exponentials of scores that are no softmax that is followed, with the reason. `isScores`: is a product of queries and keys behind it? */
export function unopenedExponentials(editor: GraphEditor, isScores: (tensor: string) => boolean) {
  return editor.graph.node
    .filter(({ opType, input, output }) => {
      const summed = () => editor.consumers(output[0]!).some((reader) => SUMMING.has(reader.opType))
      return opType === 'Exp' && summed() && isScores(input[0]!)
    })
    .map(({ name, output }) => ({
      node: name || output[0]!,
      reason:
        'it makes exponentials of queries times keys, which are divided by something else than their sum alone, or only after values were weighed by them',
    }))
}
