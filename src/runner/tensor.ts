/** Tensors as views of buffers: lengths and strides of axes. Reshapes, transposes and slices that move nothing are made here. */

/** A stretch of memory whose place is found later. `constant`: its values are the same in every run. */
export interface Buffer {
  readonly floats: number
  readonly constant: boolean
}

/** A place in a buffer; `offset` in floats. */
export interface Ref {
  readonly buffer: Buffer
  readonly offset: number
}

/** Strides in floats; 0 repeats. */
export interface Tensor {
  readonly dims: readonly number[]
  readonly strides: readonly number[]
  readonly at: Ref
}

export const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1)

/** The same list with another entry at one place. */
export const replaced = (values: readonly number[], at: number, by: number): number[] =>
  values.map((value, i) => (i === at ? by : value))

/** Strides of axes that lie in memory in the given order, the first outermost. */
export function packedStrides(dims: readonly number[], order: readonly number[] = dims.map((_, i) => i)): number[] {
  const strides = dims.map(() => 0)
  let step = 1
  for (const axis of [...order].reverse()) {
    strides[axis] = step
    step *= dims[axis]!
  }
  return strides
}

/** The axes from the outermost in memory to the innermost; axes of one entry or that repeat keep their place as far as they can. */
export function memoryOrder({ dims, strides }: Tensor): number[] {
  const moving = dims.map((_, axis) => axis).filter((axis) => dims[axis]! > 1 && strides[axis]! > 0)
  const sorted = [...moving].sort((a, b) => strides[b]! - strides[a]! || a - b)
  const slots = dims.map((_, axis) => axis)
  for (const [i, axis] of moving.entries()) slots[axis] = sorted[i]!
  return slots
}

/** Do all values lie one behind the other in the given order of axes? */
export function isPacked({ dims, strides }: Tensor, order?: readonly number[]): boolean {
  const wanted = packedStrides(dims, order)
  return dims.every((length, axis) => length === 1 || strides[axis] === wanted[axis])
}

export function transposed({ dims, strides, at }: Tensor, order: readonly number[]): Tensor {
  return { dims: order.map((axis) => dims[axis]!), strides: order.map((axis) => strides[axis]!), at }
}

/** Entries `start`, `start + step`, … of one axis. */
export function sliced(tensor: Tensor, axis: number, start: number, length: number, step = 1): Tensor {
  const { dims, strides, at } = tensor
  return {
    dims: replaced(dims, axis, length),
    strides: replaced(strides, axis, strides[axis]! * step),
    at: { buffer: at.buffer, offset: at.offset + (length > 0 ? start * strides[axis]! : 0) },
  }
}

/** One entry of the first axis, which goes. */
export function rowOf({ dims, strides, at }: Tensor, row: number): Tensor {
  return {
    dims: dims.slice(1),
    strides: strides.slice(1),
    at: { buffer: at.buffer, offset: at.offset + row * strides[0]! },
  }
}

/** Repeated to longer axes, in the sense of ONNX's broadcasting. */
export function expanded({ dims, strides, at }: Tensor, to: readonly number[]): Tensor {
  const lead = to.length - dims.length
  return {
    dims: to,
    strides: to.map((length, axis) => {
      const own = axis < lead ? 1 : dims[axis - lead]!
      return own === length ? (axis < lead ? 0 : strides[axis - lead]!) : 0
    }),
    at,
  }
}

/** The same values with other axes, where that needs no copy; else null. */
export function reshaped(tensor: Tensor, dims: readonly number[]): Tensor | null {
  const from = tensor.dims.flatMap((length, axis) => (length === 1 ? [] : [{ length, stride: tensor.strides[axis]! }]))
  const strides = dims.map(() => 0)
  let at = 0
  let axis = 0
  while (axis < dims.length) {
    if (dims[axis] === 1) {
      axis += 1
      continue
    }
    const group = [axis]
    let length = dims[axis]!
    axis += 1
    let old = from[at]?.length ?? 0
    at += 1
    while (length !== old) {
      if (length < old) {
        if (axis >= dims.length) return null
        length *= dims[axis]!
        if (dims[axis] !== 1) group.push(axis)
        axis += 1
      } else {
        if (at >= from.length) return null
        if (from[at - 1]!.stride !== from[at]!.stride * from[at]!.length) return null
        old *= from[at]!.length
        at += 1
      }
      if (old === 0 || length === 0) return null
    }
    let step = from[at - 1]!.stride
    for (const one of group.reverse()) {
      strides[one] = step
      step *= dims[one]!
    }
  }
  return { dims, strides, at: tensor.at }
}

/** A loop over tensors of the same lengths: axes that lie one behind the other in all of them become one. */
export interface Loop {
  readonly dims: number[]
  /** For each tensor, its strides. */
  readonly strides: number[][]
}

export function collapsed(dims: readonly number[], strides: readonly (readonly number[])[]): Loop {
  const loop: Loop = { dims: [], strides: strides.map(() => []) }
  for (const [axis, length] of dims.entries()) {
    if (length === 1) continue
    const merges = loop.dims.length > 0 && strides.every((own, i) => loop.strides[i]!.at(-1)! === own[axis]! * length)
    if (merges) {
      loop.dims[loop.dims.length - 1]! *= length
      for (const [i, own] of strides.entries()) loop.strides[i]![loop.dims.length - 1] = own[axis]!
    } else {
      loop.dims.push(length)
      for (const [i, own] of strides.entries()) loop.strides[i]!.push(own[axis]!)
    }
  }
  return loop
}
