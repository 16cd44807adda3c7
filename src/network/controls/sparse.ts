/**
 * Sparse maps of logits z: 1.5-entmax, [z/2 − τ]₊², and sparsemax, [z − τ]₊, with the τ at which a row sums to 1 (Martins and
 * Astudillo 2016; Peters et al. 2019). The sum falls in τ and is convex, so Newton's method from the left, max − 1, comes
 * closer at every step and never past. It needs no sort, which onnxruntime has on no GPU.
 */
import type { GraphEditor } from '../editor'
import { floatTensor, intTensor } from '../onnx'

/** FLOAT of ONNX's data types. */
const FLOAT = 1

/** Far from its end a step at least halves the distance to τ (a third for 1.5-entmax), near it the digits double. */
const stepsFor = (tokens: number) => 4 + Math.ceil(Math.log2(tokens) / 2)

/** Adds the map of logits [rows, heads, N, N] over their last axis. */
export function sparseMap(
  editor: GraphEditor,
  kind: 'entmax' | 'sparsemax',
  logits: string,
  tokens: number,
  prefix: string,
): string {
  const add = (op: string, inputs: readonly string[], base: string, options?: Parameters<GraphEditor['add']>[3]) =>
    editor.add(op, inputs, `${prefix}/${kind}_${base}`, options)
  const number = (base: string, value: number) =>
    editor.addInitializer(floatTensor(`${prefix}/${kind}_${base}`, [1, 1, 1, 1], [value]))
  const last = editor.addInitializer(intTensor(`${prefix}/${kind}_axis`, [1], [-1]))
  const sum = (input: string, base: string) => add('ReduceSum', [input, last], base)
  // Of all reductions but the sum the axis became an input with opset 18.
  const reduced = (op: 'ReduceMax' | 'ReduceSumSquare', input: string, base: string) =>
    editor.opset() < 18
      ? add(op, [input], base, { attributes: { axes: { ints: [-1] } } })
      : add(op, [input, last], base)
  const [zero, one] = [number('zero', 0), number('one', 1)]
  const below = add('Sub', [logits, reduced('ReduceMax', logits, 'top')], 'below')
  const z = kind === 'entmax' ? add('Mul', [below, number('half', 0.5)], 'z') : below
  const above = (threshold: string) => add('Relu', [add('Sub', [z, threshold], 'shifted')], 'above')
  /** How much the sum of a row is more than 1, and how fast it falls. */
  const excess = (values: string): readonly [string, string] => {
    if (kind === 'entmax') {
      const half = sum(values, 'half_slope')
      return [reduced('ReduceSumSquare', values, 'total'), add('Add', [half, half], 'slope')]
    }
    const support = add('Greater', [values, zero], 'support')
    const counted = add('Cast', [support], 'counted', { attributes: { to: { int: FLOAT } } })
    return [sum(values, 'total'), sum(counted, 'slope')]
  }
  let threshold = number('start', -1)
  for (let step = 0; step < stepsFor(tokens); step++) {
    const [total, slope] = excess(above(threshold))
    const way = add('Div', [add('Sub', [total, one], 'excess'), slope], 'step')
    threshold = add('Add', [threshold, way], 'threshold')
  }
  const values = above(threshold)
  return kind === 'entmax' ? add('Mul', [values, values], 'square') : values
}
