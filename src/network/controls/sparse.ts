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
const stepsFor = (tokens: number) => 5 + Math.ceil(Math.log2(tokens) / 2)

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
  const one = number('one', 1)
  // The axis became an input with opset 18.
  const top =
    editor.opset() < 18
      ? add('ReduceMax', [logits], 'top', { attributes: { axes: { ints: [-1] } } })
      : add('ReduceMax', [logits, last], 'top')
  const below = add('Sub', [logits, top], 'below')
  const z = kind === 'entmax' ? add('Mul', [below, number('half', 0.5)], 'z') : below
  const zero = number('zero', 0)
  let threshold = number('start', -1)
  for (let step = 0; ; step++) {
    const above = add('Relu', [add('Sub', [z, threshold], 'shifted')], 'above')
    const square = kind === 'entmax' ? add('Mul', [above, above], 'square') : above
    if (step === stepsFor(tokens)) return square
    const excess = add('Sub', [sum(square, 'total'), one], 'excess')
    const slope =
      kind === 'entmax'
        ? sum(add('Add', [above, above], 'twice'), 'slope')
        : sum(
            add('Cast', [add('Greater', [above, zero], 'support')], 'counted', {
              attributes: { to: { int: FLOAT } },
            }),
            'slope',
          )
    threshold = add('Add', [threshold, add('Div', [excess, slope], 'step')], 'threshold')
  }
}
