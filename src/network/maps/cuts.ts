/** Tensors that are put behind each other and cut again: of which an axis of tokens or of an image is one. */
import { intAttribute } from '../onnx'
import { isWhole } from './digit'
import { along, first, scaled, wholly, type Asked, type Rule, type Step } from './step'

const part = ({ node, digit, dims, of }: Asked, start: number | null): readonly Step[] => {
  const tensor = node.input[0]!
  const [count, all] = [dims[digit.axis]!, of(tensor)?.[digit.axis] ?? 0]
  return start === null || !isWhole(digit, dims) || start + count > all
    ? []
    : [{ kind: 'part', tensor, axis: digit.axis, start, count }]
}

/** Where a Slice begins along an axis: null where the graph does not say, or it leaves some out in between. */
function sliceStart({ node, digit, dims, of, integers }: Asked): number | null {
  const [starts, ends, axes, steps] = node.input.slice(1).map((name) => (name === '' ? null : integers(name)))
  const all = of(node.input[0]!)?.[digit.axis] ?? 0
  const at = axes ? axes.findIndex((axis) => axis === digit.axis || axis === digit.axis - dims.length) : digit.axis
  if (at < 0 || (steps?.[at] ?? 1) !== 1) return null
  const [start, end] = [starts?.[at] ?? null, ends?.[at] ?? null]
  if (start !== null) return start < 0 ? start + all : start
  return end !== null && end >= all ? all - dims[digit.axis]! : null
}

/** How far apart what a Slice takes along an axis lies: null where the graph does not say. */
function sliceStep({ node, digit, dims, integers }: Asked): number | null {
  const [axes, steps] = [node.input[3], node.input[4]].map((name) => (name ? integers(name) : undefined))
  if (steps === undefined) return 1
  if (!steps) return null
  const at = axes ? axes.findIndex((axis) => axis === digit.axis || axis === digit.axis - dims.length) : digit.axis
  return axes === null ? null : at < 0 ? 1 : (steps[at] ?? null)
}

/** A part of an image shows the image; a part of a row of tokens is one. */
export const sliced: Rule = (asked) => {
  const step = sliceStep(asked)
  if (step === null || step < 0) return [{ kind: 'turned' }]
  const same = first(asked)
  if (same.length > 0) return same
  return asked.spatial ? scaled(asked) : part(asked, sliceStart(asked))
}

export const split: Rule = (asked) => {
  const same = first(asked)
  if (same.length > 0 || asked.spatial) return same
  const before = asked.node.output.slice(0, asked.output).map((name) => asked.of(name)?.[asked.digit.axis] ?? null)
  return part(
    asked,
    before.reduce<number | null>((sum, length) => (sum === null || length === null ? null : sum + length), 0),
  )
}

/** What a tensor is one stretch of, along the axis of the digit alone. */
function cutFrom(asked: Asked, tensor: string): string {
  const node = asked.producer(tensor)
  if (node?.opType !== 'Slice' && node?.opType !== 'Split') return tensor
  const whole = node.input[0]!
  const [part, all] = [asked.of(tensor), asked.of(whole)]
  const alone = part?.every((length, axis) => axis === asked.digit.axis || length === all?.[axis])
  if (!part || !alone || (node.opType === 'Slice' && sliceStep({ ...asked, node, dims: part }) !== 1)) return tensor
  return cutFrom(asked, whole)
}

/** Parts of one image behind each other, as where it is rolled, or rows of nothing around it. */
const wrapped: Rule = (asked) => {
  const parts = asked.node.input.filter((tensor) => !asked.constant(tensor))
  const [whole, ...others] = parts.map((tensor) => cutFrom(asked, tensor))
  if (others.every((tensor) => tensor === whole)) return wholly(asked, whole)
  return [{ kind: 'pieces', tensors: asked.node.input, digit: asked.digit }]
}

export const concat: Rule = (asked) => {
  const { node, digit, dims, of } = asked
  const rank = dims.length
  const given = intAttribute(node, 'axis') ?? 0
  const axis = given < 0 ? given + rank : given
  if (asked.spatial && axis === digit.axis) return wrapped(asked)
  if (axis !== digit.axis) return node.input.flatMap((tensor) => along(asked, tensor, digit.axis))
  const some = node.input.filter((tensor) => (of(tensor)?.[axis] ?? 0) > 0)
  if (some.length === 1) return along(asked, some[0], axis)
  return isWhole(digit, dims) ? [{ kind: 'pieces', tensors: some, digit }] : []
}
