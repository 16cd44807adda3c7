/** Sums over products of two tensors, as one product of matrices between transposes. */
import { text } from '../attributes'
import type { Emitter } from '../emitter'
import type { Operator } from '../operator'
import { matmul } from '../products'
import { product, reshaped, transposed, type Tensor } from '../tensor'
import { Unsupported } from '../unsupported'

interface Parts {
  readonly batch: readonly string[]
  readonly left: readonly string[]
  readonly right: readonly string[]
  readonly summed: readonly string[]
}

function partsOf(a: string, b: string, to: string): Parts {
  const [x, y, z] = [[...a], [...b], [...to]]
  const repeated = [x, y, z].some((labels) => new Set(labels).size < labels.length)
  const alone = [...x, ...y].some((label) => !z.includes(label) && !(x.includes(label) && y.includes(label)))
  if (repeated || alone || z.some((label) => !x.includes(label) && !y.includes(label)) || /[^a-zA-Z]/.test(a + b + to))
    throw new Unsupported(`the sum ${a},${b}->${to}`)
  return {
    batch: z.filter((label) => x.includes(label) && y.includes(label)),
    left: z.filter((label) => x.includes(label) && !y.includes(label)),
    right: z.filter((label) => y.includes(label) && !x.includes(label)),
    summed: x.filter((label) => !z.includes(label)),
  }
}

/** Three axes out of groups of labels; copied where they don't lie so. */
function grouped(emitter: Emitter, x: Tensor, labels: string, groups: readonly (readonly string[])[]): Tensor {
  const turned = transposed(
    x,
    groups.flat().map((label) => labels.indexOf(label)),
  )
  const lengths = groups.map((group) => product(group.map((label) => x.dims[labels.indexOf(label)]!)))
  const plain = turned.dims.map((_, axis) => axis)
  return reshaped(turned, lengths) ?? reshaped(emitter.ordered(turned, plain), lengths)!
}

/** Axes in another order. Throws Unsupported where one comes twice. */
function turned(x: Tensor, from: string, to: string): Tensor {
  if (new Set(from).size < from.length) throw new Unsupported(`the sum ${from}->${to}`)
  return transposed(
    x,
    [...to].map((label) => from.indexOf(label)),
  )
}

export const einsum: Operator = {
  names: ['Einsum'],
  emit(c, node) {
    const equation = (text(node, 'equation') ?? '').replaceAll(' ', '')
    const [from, to] = equation.split('->')
    const [a, b, more] = (from ?? '').split(',')
    if (a !== undefined && b === undefined && to !== undefined && [...a].sort().join('') === [...to].sort().join(''))
      return c.set(node.output[0]!, turned(c.tensor(node.input[0]), a, to))
    if (a === undefined || b === undefined || more !== undefined || to === undefined)
      throw new Unsupported(`the sum ${equation}`)
    const { batch, left, right, summed } = partsOf(a, b, to)
    const [x, y] = [c.tensor(node.input[0]), c.tensor(node.input[1])]
    const one = grouped(c.emitter, x, a, [batch, left, summed])
    const two = grouped(c.emitter, y, b, [batch, summed, right])
    const out = matmul(c.emitter, one, two, null)
    const size = (label: string) => (a.includes(label) ? x.dims[a.indexOf(label)]! : y.dims[b.indexOf(label)]!)
    const labels = [...batch, ...left, ...right]
    const apart = reshaped(out, labels.map(size))!
    c.set(node.output[0]!, turned(apart, labels.join(''), to))
  },
}
