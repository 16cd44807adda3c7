/** Norms over groups of channels, over single channels, and over the last axis. */
import { float, int } from '../attributes'
import type { NodeProto } from '../../network/onnx'
import { binary } from '../broadcast'
import type { Compilation } from '../compilation'
import type { Emitter } from '../emitter'
import { taken } from '../normalised'
import type { Operator } from '../operator'
import { isPacked, product, reshaped, type Tensor } from '../tensor'
import { Unsupported } from '../unsupported'
import type { Normalised } from '../value'

const all = (values: readonly number[] | undefined, wanted: number) =>
  values?.every((value) => value === wanted) ?? false

/** [channels] as what multiplies or is added to [rows, channels, ...]. */
const alongChannels = (tensor: Tensor, rank: number): Tensor =>
  reshaped(tensor, [1, product(tensor.dims), ...Array<number>(rank - 2).fill(1)])!

function scaled(c: Compilation, norm: Normalised, scale: Tensor | null, shift: Tensor | null): Normalised {
  const rank = norm.dims.length
  const once = scale ? taken(c.emitter, norm, 'Mul', alongChannels(scale, rank)) : norm
  const twice = once && (shift ? taken(c.emitter, once, 'Add', alongChannels(shift, rank)) : once)
  if (!twice) throw new Unsupported('a norm with other channels than its input')
  return twice
}

/** Over each channel of an image, or, where channels were counted in groups before, over each group. */
function instance(c: Compilation, node: NodeProto): void {
  const [input, output] = [node.input[0]!, node.output[0]!]
  const epsilon = float(node, 'epsilon', 1e-5)
  const value = c.value(input)
  const [scale, shift] = [c.known(node.input[1]), c.known(node.input[2])]
  const neutral = all(scale?.values, 1) && all(shift?.values, 0)
  const { length } = c.dims(input)
  if (value?.kind === 'regrouped' && neutral && length === 3) {
    const { source, dims } = value
    const groups = dims[1]!
    if (source.dims.length >= 3 && source.dims[0] === dims[0] && source.dims[1]! % groups === 0)
      return c.set(output, { kind: 'normalised', x: source, dims, groups, epsilon, scale: null, shift: null })
  }
  const x = c.tensor(input)
  if (length < 3) throw new Unsupported('an instance norm of fewer axes')
  const norm: Normalised = {
    kind: 'normalised',
    x,
    dims: x.dims,
    groups: x.dims[1]!,
    epsilon,
    scale: null,
    shift: null,
  }
  c.set(output, neutral ? norm : scaled(c, norm, c.tensor(node.input[1]), c.tensor(node.input[2])))
}

function group(c: Compilation, node: NodeProto): void {
  const x = c.tensor(node.input[0])
  const groups = int(node, 'num_groups', 1)
  const epsilon = float(node, 'epsilon', 1e-5)
  const norm: Normalised = { kind: 'normalised', x, dims: x.dims, groups, epsilon, scale: null, shift: null }
  const [scale, shift] = [c.tensor(node.input[1]), c.tensor(node.input[2])]
  const channels = x.dims[1]!
  if (product(scale.dims) !== channels || product(shift.dims) !== channels)
    throw new Unsupported('a group norm with one scale a group')
  c.set(node.output[0]!, scaled(c, norm, scale, shift))
}

/** Rows of the last axes from `axis` on, packed. */
function lastAxes(
  emitter: Emitter,
  x: Tensor,
  axis: number,
): { readonly x: Tensor; readonly m: number; readonly n: number } {
  const packed = isPacked(x)
    ? x
    : emitter.ordered(
        x,
        x.dims.map((_, i) => i),
      )
  return { x: packed, m: product(x.dims.slice(0, axis)), n: product(x.dims.slice(axis)) }
}

function layer(c: Compilation, node: NodeProto): void {
  const { emitter } = c
  const input = c.tensor(node.input[0])
  const axis = int(node, 'axis', -1)
  const { x, m, n } = lastAxes(emitter, input, axis < 0 ? axis + input.dims.length : axis)
  const [scale, shift] = [c.tensor(node.input[1]), c.optional(node.input[2])]
  const [s, t] = [scale, shift].map(
    (one) =>
      one &&
      emitter.ordered(
        one,
        one.dims.map((_, i) => i),
      ),
  )
  const out = emitter.result(input.dims, [x, ...(s ? [s] : []), ...(t ? [t] : [])])
  const epsilon = float(node, 'epsilon', 1e-5)
  if (product(scale.dims) !== n) throw new Unsupported('a layer norm whose scale is repeated')
  if (node.opType === 'LayerNormalization')
    emitter.call('layerNorm', [x.at, out.at, s!.at, t?.at ?? 0, m, n, epsilon], out.at.buffer)
  else emitter.call('rmsNorm', [x.at, out.at, s!.at, m, n, epsilon], out.at.buffer)
  c.set(node.output[0]!, out)
}

/** Of fixed mean and variance: a product and a sum for each channel. */
function batch(c: Compilation, node: NodeProto): void {
  const { emitter } = c
  const x = c.tensor(node.input[0])
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((i) => alongChannels(c.tensor(node.input[i]), x.dims.length))
  const epsilon = emitter.values([], [float(node, 'epsilon', 1e-5)])
  const deviation = binary(emitter, 'pow', binary(emitter, 'add', variance!, epsilon), emitter.values([], [0.5]))
  const factor = binary(emitter, 'div', scale!, deviation)
  const offset = binary(emitter, 'sub', shift!, binary(emitter, 'mul', mean!, factor))
  c.set(node.output[0]!, binary(emitter, 'add', binary(emitter, 'mul', x, factor), offset))
}

const KINDS: Readonly<Record<string, (c: Compilation, node: NodeProto) => void>> = {
  InstanceNormalization: instance,
  GroupNormalization: group,
  LayerNormalization: layer,
  RMSNormalization: layer,
  SimplifiedLayerNormalization: layer,
  BatchNormalization: batch,
}

export const normalisation: Operator = {
  names: Object.keys(KINDS),
  emit: (c, node) => KINDS[node.opType]!(c, node),
}
