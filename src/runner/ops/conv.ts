/** Convolutions over images with the channels innermost: 1 × 1 as a product, 3 × 3 by Winograd, the rest by patches. */
import { int, ints, text } from '../attributes'
import type { NodeProto } from '../../network/onnx'
import type { Compilation } from '../compilation'
import { winogradPackedFloats, winogradScratchFloats } from '../kernels/sizes'
import { channelsLast, withChannelsLast } from '../normalised'
import type { Operator } from '../operator'
import { following, packedMatrix, type Following } from '../products'
import { isPacked, product, reshaped, sliced, transposed, type Tensor } from '../tensor'
import { Unsupported } from '../unsupported'

interface Shape {
  readonly rows: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly outputs: number
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number]
  readonly groups: number
  readonly outHeight: number
  readonly outWidth: number
}

const pair = (values: readonly number[] | null, otherwise: number): readonly [number, number] => [
  values?.[0] ?? otherwise,
  values?.[1] ?? otherwise,
]

function padsOf(node: NodeProto, line: boolean): readonly [number, number, number, number] {
  const kind = text(node, 'auto_pad') ?? 'NOTSET'
  if (kind !== 'NOTSET' && kind !== '' && kind !== 'VALID') throw new Unsupported(`padding ${kind}`)
  const pads = kind === 'VALID' ? null : ints(node, 'pads')
  if (line) return [0, pads?.[0] ?? 0, 0, pads?.[1] ?? 0]
  return [pads?.[0] ?? 0, pads?.[1] ?? 0, pads?.[2] ?? 0, pads?.[3] ?? 0]
}

function shapeOf(node: NodeProto, x: Tensor, weights: Tensor, line: boolean): Shape {
  const [rows, channels, height, width] = [x.dims[0]!, x.dims[1]!, x.dims[2]!, x.dims[3]!]
  const kernel = [weights.dims[2]!, weights.dims[3]!] as const
  const across = (name: string) => {
    const told = ints(node, name)
    return pair(told && line ? [1, told[0]!] : told, 1)
  }
  const [strides, dilations] = [across('strides'), across('dilations')]
  const pads = padsOf(node, line)
  const long = (size: number, axis: 0 | 1) =>
    Math.floor((size + pads[axis] + pads[axis + 2]! - dilations[axis] * (kernel[axis] - 1) - 1) / strides[axis]) + 1
  return {
    rows,
    height,
    width,
    channels,
    outputs: weights.dims[0]!,
    kernel,
    strides,
    dilations,
    pads,
    groups: int(node, 'group', 1),
    outHeight: long(height, 0),
    outWidth: long(width, 1),
  }
}

/** Channels from which on Winograd's transforms cost less than they save. */
const WINOGRAD_CHANNELS = 16

function isWinograd({ kernel, strides, dilations, pads, groups, channels, outputs }: Shape): boolean {
  const ones = [...strides, ...dilations, ...pads, groups].every((value) => value === 1)
  return ones && kernel[0] === 3 && kernel[1] === 3 && Math.min(channels, outputs) >= WINOGRAD_CHANNELS
}

interface Work {
  readonly c: Compilation
  readonly shape: Shape
  readonly x: Tensor
  readonly weights: Tensor
  readonly out: Tensor
  readonly after: Following
}

function winograd({ c, shape, x, weights, out, after }: Work): void {
  const { emitter } = c
  const { rows, height, width, channels, outputs } = shape
  const plain = isPacked(weights) ? weights : emitter.ordered(weights, [0, 1, 2, 3])
  const packed = emitter.packed(
    `winograd ${channels} ${outputs}`,
    winogradPackedFloats(channels, outputs),
    plain,
    (to) => emitter.call('winogradPack', [plain.at, channels, outputs, to], to.buffer),
  )
  const scratch = emitter.buffer(winogradScratchFloats(rows, height, width, channels, outputs), [out.at.buffer])
  emitter.call(
    'winograd',
    [
      x.at,
      packed,
      after.bias?.at ?? 0,
      0,
      out.at,
      { buffer: scratch, offset: 0 },
      rows,
      height,
      width,
      channels,
      outputs,
      after.activation,
    ],
    out.at.buffer,
    [scratch],
  )
}

/** 1 × 1, stride 1: one product over all places. */
function pointwise({ c, shape, x, weights, out, after }: Work): void {
  const { rows, height, width, channels, outputs } = shape
  const matrix = packedMatrix(c.emitter, transposed(reshaped(weights, [outputs, channels])!, [1, 0]))
  c.emitter.call(
    'gemm',
    [
      x.at,
      channels,
      matrix,
      after.bias?.at ?? 0,
      0,
      out.at,
      outputs,
      rows * height * width,
      outputs,
      channels,
      after.activation,
    ],
    out.at.buffer,
  )
}

function depthwise({ c, shape, x, weights, out, after }: Work): void {
  const { rows, height, width, channels, kernel, strides, pads, outHeight, outWidth } = shape
  const taps = c.emitter.ordered(transposed(reshaped(weights, [channels, ...kernel])!, [1, 2, 0]), [0, 1, 2])
  for (let row = 0; row < rows; row++)
    c.emitter.call(
      'depthwise',
      [
        { buffer: x.at.buffer, offset: x.at.offset + row * height * width * channels },
        taps.at,
        after.bias?.at ?? 0,
        { buffer: out.at.buffer, offset: out.at.offset + row * outHeight * outWidth * channels },
        height,
        width,
        channels,
        ...kernel,
        ...strides,
        pads[0],
        pads[1],
        outHeight,
        outWidth,
        after.activation,
      ],
      out.at.buffer,
    )
}

/** The general one: each place's patch as a row of a matrix. */
function patches({ c, shape, x, weights, out, after }: Work): void {
  const { emitter } = c
  const { rows, height, width, channels, outputs, kernel, strides, dilations, pads, groups } = shape
  const { outHeight, outWidth } = shape
  const [from, to] = [channels / groups, outputs / groups]
  const [places, taps] = [outHeight * outWidth, product(kernel)]
  const scratch = emitter.buffer(places * taps * from, [x.at.buffer])
  for (let group = 0; group < groups; group++) {
    const own = sliced(weights, 0, group * to, to)
    // [outputs, kh, kw, inputs] turned: rows in the order in which patches hold them.
    const order = emitter.ordered(transposed(own, [0, 2, 3, 1]), [0, 1, 2, 3])
    const matrix = packedMatrix(emitter, transposed(reshaped(order, [to, taps * from])!, [1, 0]))
    for (let row = 0; row < rows; row++) {
      const image = { buffer: x.at.buffer, offset: x.at.offset + row * height * width * channels }
      const part =
        groups === 1
          ? image
          : emitter.ordered(
              {
                dims: [height, width, from],
                strides: [width * channels, channels, 1],
                at: { buffer: image.buffer, offset: image.offset + group * from },
              },
              [0, 1, 2],
            ).at
      const patch = { buffer: scratch, offset: 0 }
      emitter.call(
        'im2col',
        [part, patch, height, width, from, ...kernel, ...strides, ...dilations, pads[0], pads[1], outHeight, outWidth],
        scratch,
      )
      const result = { buffer: out.at.buffer, offset: out.at.offset + row * places * outputs + group * to }
      const bias = after.bias && { buffer: after.bias.at.buffer, offset: after.bias.at.offset + group * to }
      emitter.call(
        'gemm',
        [patch, taps * from, matrix, bias ?? 0, 0, result, outputs, places, to, taps * from, after.activation],
        out.at.buffer,
      )
    }
  }
}

/** A row of places as an image of one line. */
const asLine = (x: Tensor): Tensor => reshaped(x, [x.dims[0]!, x.dims[1]!, 1, x.dims[2]!])!

/** `line`: the node counts one axis of places, and these are images of one line. */
function images(
  c: Compilation,
  node: NodeProto,
  after: Following,
  input: Tensor,
  weights: Tensor,
  line: boolean,
): Tensor {
  const shape = shapeOf(node, input, weights, line)
  const x = withChannelsLast(c.emitter, input)
  const operands = [x, weights, ...(after.bias ? [after.bias] : [])]
  const dims = [shape.rows, shape.outputs, shape.outHeight, shape.outWidth]
  const out = c.emitter.result(dims, operands, channelsLast(4))
  const work: Work = { c, shape, x, weights, out, after }
  const { kernel, strides, pads, groups, channels, outputs } = shape
  const single = [...kernel, ...strides, groups].every((value) => value === 1) && pads.every((pad) => pad === 0)
  const plain = shape.dilations.every((value) => value === 1)
  if (single) pointwise(work)
  else if (isWinograd(shape)) winograd(work)
  else if (groups === channels && outputs === channels && plain) depthwise(work)
  else patches(work)
  return out
}

export const conv: Operator = {
  names: ['Conv'],
  emit(c, node) {
    const [input, weights] = [c.tensor(node.input[0]), c.tensor(node.input[1])]
    const rank = input.dims.length
    if ((rank !== 3 && rank !== 4) || weights.dims.length !== rank)
      throw new Unsupported('a convolution over more than two axes')
    const after = following(c, node.output[0]!, weights.dims[0]!, true, c.optional(node.input[2]), true)
    if (rank === 4) return c.set(after.name, images(c, node, after, input, weights, false))
    const out = images(c, node, after, asLine(input), asLine(weights), true)
    c.set(after.name, reshaped(out, [out.dims[0]!, out.dims[1]!, out.dims[3]!])!)
  },
}
