/** Operators on the places of images: enlarging, pooling, channels into places. */
import { int, ints, text } from '../attributes'
import type { NodeProto } from '../../network/onnx'
import type { Compilation } from '../compilation'
import { channelsLast, withChannelsLast } from '../normalised'
import type { Operator } from '../operator'
import { reshaped, transposed } from '../tensor'
import { Unsupported } from '../unsupported'

/** Which source each place of one axis shows, by the nearest neighbour. Null for a way that isn't here. */
function nearest(node: NodeProto, from: number, to: number, scale: number): number[] {
  const mode = text(node, 'coordinate_transformation_mode') ?? 'half_pixel'
  const rounding = text(node, 'nearest_mode') ?? 'round_prefer_floor'
  const at = (i: number) => {
    if (mode === 'asymmetric') return i / scale
    if (mode === 'half_pixel' || (mode === 'pytorch_half_pixel' && to > 1)) return (i + 0.5) / scale - 0.5
    throw new Unsupported(`enlarging by ${mode}`)
  }
  const round = (value: number) => {
    if (rounding === 'floor') return Math.floor(value)
    if (rounding === 'ceil') return Math.ceil(value)
    return rounding === 'round_prefer_ceil' ? Math.floor(value + 0.5) : Math.ceil(value - 0.5)
  }
  return Array.from({ length: to }, (_, i) => Math.min(Math.max(round(at(i)), 0), from - 1))
}

function resize(c: Compilation, node: NodeProto): void {
  if ((text(node, 'mode') ?? 'nearest') !== 'nearest' || ints(node, 'axes'))
    throw new Unsupported('resizing other than by the nearest')
  const x = withChannelsLast(c.emitter, c.tensor(node.input[0]))
  if (x.dims.length !== 4) throw new Unsupported('resizing of what is no image')
  const upsample = node.opType === 'Upsample'
  const sizes = !upsample && node.input[3] ? c.numbers(node.input[3]) : null
  const scales = sizes ? sizes.map((size, axis) => size / x.dims[axis]!) : c.numbers(node.input[upsample ? 1 : 2])
  if (scales[0] !== 1 || scales[1] !== 1) throw new Unsupported('resizing of channels')
  const [rows, channels, height, width] = [x.dims[0]!, x.dims[1]!, x.dims[2]!, x.dims[3]!]
  const [h, w] = [Math.floor(height * scales[2]!), Math.floor(width * scales[3]!)]
  const [down, across] = [nearest(node, height, h, scales[2]!), nearest(node, width, w, scales[3]!)]
  const indices = c.emitter.indices(down.flatMap((i) => across.map((j) => i * width + j)))
  const out = c.emitter.result([rows, channels, h, w], [x], channelsLast(4))
  for (let row = 0; row < rows; row++)
    c.emitter.call(
      'gatherRows',
      [
        { buffer: x.at.buffer, offset: x.at.offset + row * height * width * channels },
        indices,
        { buffer: out.at.buffer, offset: out.at.offset + row * h * w * channels },
        h * w,
        channels,
      ],
      out.at.buffer,
    )
  c.set(node.output[0]!, out)
}

const pair = (values: readonly number[] | null, otherwise: number) =>
  [values?.[0] ?? otherwise, values?.[1] ?? otherwise] as const

function pool(c: Compilation, node: NodeProto): void {
  const x = withChannelsLast(c.emitter, c.tensor(node.input[0]))
  if (x.dims.length !== 4) throw new Unsupported('pooling of what is no image')
  const [rows, channels, height, width] = [x.dims[0]!, x.dims[1]!, x.dims[2]!, x.dims[3]!]
  const whole = node.opType === 'GlobalAveragePool'
  const kernel = whole ? ([height, width] as const) : pair(ints(node, 'kernel_shape'), 1)
  const strides = pair(ints(node, 'strides'), 1)
  const pads = ints(node, 'pads') ?? [0, 0, 0, 0]
  const auto = text(node, 'auto_pad') ?? 'NOTSET'
  if (
    int(node, 'ceil_mode', 0) === 1 ||
    auto === 'SAME_UPPER' ||
    auto === 'SAME_LOWER' ||
    ints(node, 'dilations')?.some((by) => by !== 1)
  )
    throw new Unsupported('pooling of another kind')
  const long = (size: number, axis: 0 | 1) =>
    Math.floor((size + pads[axis]! + pads[axis + 2]! - kernel[axis]) / strides[axis]) + 1
  const [h, w] = [long(height, 0), long(width, 1)]
  const kind = node.opType === 'MaxPool' ? 2 : int(node, 'count_include_pad', 0)
  const out = c.emitter.result([rows, channels, h, w], [x], channelsLast(4))
  for (let row = 0; row < rows; row++)
    c.emitter.call(
      'pool',
      [
        { buffer: x.at.buffer, offset: x.at.offset + row * height * width * channels },
        { buffer: out.at.buffer, offset: out.at.offset + row * h * w * channels },
        height,
        width,
        channels,
        ...kernel,
        ...strides,
        pads[0]!,
        pads[1]!,
        h,
        w,
        kind,
      ],
      out.at.buffer,
    )
  c.set(node.output[0]!, out)
}

/** Blocks of channels become blocks of places, or the other way round. */
function blocks(c: Compilation, node: NodeProto): void {
  const x = c.tensor(node.input[0])
  const [rows, channels, height, width] = [x.dims[0]!, x.dims[1]!, x.dims[2]!, x.dims[3]!]
  const size = int(node, 'blocksize', 1)
  const deep = node.opType === 'DepthToSpace'
  const crd = text(node, 'mode') === 'CRD'
  const parts = channels / (size * size)
  const [split, order, dims] = deep
    ? ([
        crd ? [rows, parts, size, size, height, width] : [rows, size, size, parts, height, width],
        crd ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2],
        [rows, parts, height * size, width * size],
      ] as const)
    : ([
        [rows, channels, height / size, size, width / size, size],
        [0, 3, 5, 1, 2, 4],
        [rows, channels * size * size, height / size, width / size],
      ] as const)
  const apart = reshaped(x, split) ?? reshaped(c.emitter.ordered(x, [0, 1, 2, 3]), split)!
  const turned = transposed(apart, order)
  c.set(node.output[0]!, reshaped(turned, dims) ?? { kind: 'regrouped', source: turned, dims })
}

const KINDS: Readonly<Record<string, (c: Compilation, node: NodeProto) => void>> = {
  Resize: resize,
  Upsample: resize,
  AveragePool: pool,
  MaxPool: pool,
  GlobalAveragePool: pool,
  DepthToSpace: blocks,
  SpaceToDepth: blocks,
}

export const images: Operator = { names: Object.keys(KINDS), emit: (c, node) => KINDS[node.opType]!(c, node) }
