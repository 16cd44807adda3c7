/** Functions of numbers that the kernels know, by their place in these lists. */

/** `unary(op, …)`. */
export const UNARY = [
  'neg',
  'abs',
  'sqrt',
  'exp',
  'log',
  'sigmoid',
  'tanh',
  'erf',
  'relu',
  'silu',
  'gelu',
  'quickGelu',
  'sin',
  'cos',
  'floor',
  'ceil',
  'reciprocal',
  'softplus',
  'sign',
  'round',
  'square',
] as const
export type Unary = (typeof UNARY)[number]

/** `binary(op, …)` and its like. */
export const BINARY = ['add', 'sub', 'mul', 'div', 'pow', 'max', 'min'] as const
export type Binary = (typeof BINARY)[number]

/** `act` of a kernel. */
export const ACTIVATIONS = ['none', 'silu', 'gelu', 'quickGelu', 'relu'] as const
export type Activation = (typeof ACTIVATIONS)[number]

/** `pool(…, kind)`. */
export const POOLS = ['average', 'averageWithPadding', 'max'] as const
export type Pool = (typeof POOLS)[number]

/** `reduce(kind, …)`. */
export const REDUCTIONS = ['sum', 'mean', 'max', 'min'] as const
export type Reduction = (typeof REDUCTIONS)[number]
