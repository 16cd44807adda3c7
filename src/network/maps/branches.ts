/**
 * Finds the residual additions x + f(x) that an attention and its block are in, by what the graph computes: f is computed from nothing of
 * the image but x. With a factor on f a row leaves the branch out (SLG, STG). A block is the attention with what follows it on the same
 * tokens, as in a transformer, or else with the residual block before it, as in a U-Net.
 */
import type { GraphEditor } from '../editor'
import type { Addition, Branches, LayerBranches } from '../left-out'
import { GraphError, intAttribute, type NodeProto } from '../onnx'
import { Dependence } from './dependence'
import type { Measured } from './measure'
import { guidable, type MapLayer } from './types'

const refused = (reason: string): Branches => ({ kind: 'refused', reason })
const nameOf = (node: NodeProto) => node.name || node.output[0]!

interface Round {
  readonly additions: readonly Addition[]
  readonly shared: boolean
}

class BranchFinder {
  readonly #depends: Dependence
  readonly #around = new Map<string, Round | string>()
  readonly #after = new Map<string, readonly Addition[]>()
  /** Sums that are taken: a layer's own, and those that follow it. */
  readonly #taken = new Set<string>()

  constructor(
    private readonly editor: GraphEditor,
    private readonly measured: Measured,
    sample: string,
    private readonly layers: readonly MapLayer[],
  ) {
    this.#depends = new Dependence(editor, sample)
    for (const layer of layers) {
      const round = this.#roundOf(layer)
      this.#around.set(layer.map, round)
      const additions = typeof round === 'string' ? [] : round.additions
      const after = additions.flatMap((addition) => this.#following(addition))
      this.#after.set(layer.map, after)
      for (const { sum } of [...additions, ...after]) this.#taken.add(sum)
    }
  }

  of(layer: MapLayer): LayerBranches {
    const round = this.#around.get(layer.map)!
    if (typeof round === 'string') return { attention: refused(round), block: refused(round), convolution: null }
    const { additions, shared } = round
    const after = this.#after.get(layer.map)!
    const [first] = additions
    const whole = this.layers.find(
      (other) => other !== layer && this.#after.get(other.map)!.some(({ sum }) => sum === first!.sum),
    )
    const attention: Branches = shared
      ? refused(`the addition ${first!.sum} is of the attention and of something beside it together`)
      : { kind: 'found', additions }
    if (whole) return { attention, block: refused(`${layer.node} is in the block of ${whole.node}`), convolution: null }
    if (shared || after.length > 0)
      return {
        attention,
        block: { kind: 'found', additions: shared ? [...additions, ...after] : after },
        convolution: null,
      }
    const before = additions.length === 1 ? this.#before(first!) : null
    if (before === null)
      return {
        attention,
        block: refused(`no residual block is in front of ${layer.node} or after it`),
        convolution: null,
      }
    return { attention, block: { kind: 'found', additions: [before] }, convolution: this.#convolution(before, layer) }
  }

  #dims(tensor: string): readonly number[] | null {
    return this.measured.full.of(tensor)
  }

  /** A sum of two tensors of one shape, whose rows lie first, of which one is the branch. */
  #addition(node: NodeProto, branch: 0 | 1): Addition | null {
    if (node.opType !== 'Add') return null
    const [dims, ...others] = [...node.input, node.output[0]!].map((name) => this.#dims(name))
    if (!dims || others.some((other) => other?.join() !== dims.join())) return null
    const alone = this.measured.single?.of(node.output[0]!)
    const first = alone ? alone.every((length, axis) => (length !== dims[axis]) === (axis === 0)) : true
    if (!first || dims[0] !== this.measured.rows) return null
    return { sum: node.output[0]!, branch, rank: dims.length }
  }

  #operands({ sum, branch }: Addition): { readonly branch: string; readonly shortcut: string } {
    const { input } = this.editor.producer(sum)!
    return { branch: input[branch]!, shortcut: input[1 - branch]! }
  }

  /** The additions in which an attention's result is put beside what it was computed from; or why there are none. */
  #roundOf({ map, node }: MapLayer): Round | string {
    const result = this.#resultOf(map)
    const after = this.#depends.after([result])
    const additions = new Map<string, Addition>()
    const seen = new Set([result])
    const waiting = [result]
    for (let tensor = waiting.pop(); tensor !== undefined; tensor = waiting.pop()) {
      if (this.editor.isOutput(tensor)) return `the result of ${node} gets to the output without an addition round it`
      for (const reader of this.#depends.readers(tensor)) {
        const branch = reader.input[0] === tensor ? 0 : 1
        const other = reader.input[1 - branch] ?? ''
        const addition = !after.has(other) && this.#depends.onInputs(other) ? this.#addition(reader, branch) : null
        if (addition) additions.set(addition.sum, addition)
        else {
          const next = reader.output.filter((name) => !seen.has(name))
          for (const name of next) seen.add(name)
          waiting.push(...next)
        }
      }
    }
    if (additions.size === 0) return `the result of ${node} is added to nothing`
    return this.#judged([...additions.values()], result, map)
  }

  #judged(additions: readonly Addition[], result: string, map: string): Round | string {
    const [{ sum }] = additions as [Addition, ...Addition[]]
    const operands = additions.map((addition) => this.#operands(addition))
    const branches = operands.map(({ branch }) => branch)
    const streams = operands.map(({ shortcut }) => this.#stream(shortcut))
    // Beside a text the attention also reads what was made of the text before, which is another stream.
    const cut = new Set([...streams.flat(), ...this.#taken])
    const way = this.#depends.between(branches, cut)
    const own = streams.some((stream) => stream.some((name) => way?.stops.has(name)))
    if (!way || !own) return `the addition ${sum} is to something else than the attention is computed from`
    const { inside } = way
    const other = this.layers.find((layer) => layer.map !== map && inside.has(layer.map))
    if (other) return `the addition ${sum} leads round another attention, too: ${other.node}`
    const convolution = this.#convolves(inside)
    if (convolution) return `the addition ${sum} leads round more than the attention: ${convolution}`
    const beside = this.#depends.between(branches, new Set([result, ...cut]))
    return { additions, shared: beside === null || [...cut].some((name) => beside.stops.has(name)) }
  }

  /** What a shortcut shows, and what that was before another attention of the block was added to it. */
  #stream(shortcut: string): readonly string[] {
    const root = this.#depends.root(shortcut)
    const before = [...this.#around.values()].flatMap((round) =>
      typeof round === 'string' ? [] : round.additions.filter(({ sum }) => sum === root),
    )
    return [root, ...before.map((addition) => this.#depends.root(this.#operands(addition).shortcut))]
  }

  /** What a map gives: the product with its values. */
  #resultOf(map: string): string {
    let tensor = map
    for (;;) {
      const [reader, ...more] = this.#depends.readers(tensor)
      if (!reader || more.length > 0) return tensor
      const made = reader.output[0]!
      if (reader.input.filter((name) => this.#depends.onInputs(name)).length > 1) return made
      tensor = made
    }
  }

  /** A convolution over more than a place, of all channels with each other. */
  #convolves(inside: ReadonlySet<string>): string | null {
    for (const tensor of inside) {
      const node = this.editor.producer(tensor)
      if (node?.opType !== 'Conv') continue
      const weight = this.#dims(node.input[1]!)
      const places = weight?.slice(2).reduce((a, b) => a * b, 1) ?? 1
      if (places > 1 && (intAttribute(node, 'group') ?? 1) === 1) return nameOf(node)
    }
    return null
  }

  /** Residuals that follow an addition on the same tokens: feed-forwards, and attention to another input. */
  #following(start: Addition): readonly Addition[] {
    const found: Addition[] = []
    for (
      let next = this.#next(start.sum);
      next && found.length < this.editor.graph.node.length;
      next = this.#next(next.sum)
    )
      found.push(next)
    return found
  }

  #next(tensor: string): Addition | null {
    const [only, ...more] = this.#depends.readers(tensor)
    // Where norms come last, the sum is what is normed.
    const from = only?.opType === 'LayerNormalization' && more.length === 0 ? only.output[0]! : tensor
    for (const view of this.#depends.views(from)) {
      for (const reader of this.#depends.readers(view)) {
        const branch = reader.input[0] === view ? 1 : 0
        const other = reader.input[branch] ?? ''
        const addition = other !== view && this.#depends.onSample(other) ? this.#addition(reader, branch) : null
        const way = addition && this.#depends.between([other], new Set(this.#stream(from)))
        if (!way || this.#convolves(way.inside)) continue
        // An attention that reads what came before this one's result is one of the same block.
        const next = way.stops.has(from) ? this.layers.find(({ map }) => way.inside.has(map)) : undefined
        if (next && (next.verdict.kind !== 'cross' || !this.#depends.onOthers(way.inside))) continue
        return addition
      }
    }
    return null
  }

  /** The residual block whose sum an attention's shortcut is. The shortcut of a block is the shorter way back to where both ways part. */
  #before(attention: Addition): Addition | null {
    const add = this.editor.producer(this.#depends.scaled(this.#operands(attention).shortcut))
    if (add?.opType !== 'Add' || this.#taken.has(add.output[0]!)) return null
    const ways = ([0, 1] as const).map((branch) => {
      const [own, other] = [add.input[branch]!, add.input[1 - branch]!]
      const chain = this.#depends.chain(other)
      const before = this.#depends.before(own)
      const at = chain.findIndex((name) => before.has(name))
      // Where both ways part is not on a branch.
      const way = at < 0 || chain[at] === own ? null : this.#depends.between([own], new Set([chain[at]!]))
      const whole = way !== null && !this.layers.some(({ map }) => way.inside.has(map))
      return { branch, length: whole ? at : Infinity }
    })
    const [first, second] = ways as [(typeof ways)[0], (typeof ways)[0]]
    if (first.length === second.length) return null
    return this.#addition(add, first.length < second.length ? first.branch : second.branch)
  }

  #convolution(addition: Addition, { image }: MapLayer): LayerBranches['convolution'] {
    const node = this.editor.producer(this.#operands(addition).branch)
    if (node?.opType !== 'Conv' || (intAttribute(node, 'group') ?? 1) !== 1) return null
    const dims = this.#dims(node.input[0]!)
    const grid = image?.grid
    if (!dims || dims.length !== 4 || !grid || dims[2] !== grid.height || dims[3] !== grid.width) return null
    return { made: node.output[0]!, channels: dims[1]! }
  }
}

/** The layers with their branches, those that can be guided. */
export function branchesOfMaps(
  editor: GraphEditor,
  measured: Measured,
  sample: string,
  layers: readonly MapLayer[],
): readonly MapLayer[] {
  try {
    const finder = new BranchFinder(editor, measured, sample, layers)
    return layers.map((layer) => (guidable(layer) ? { ...layer, branches: finder.of(layer) } : layer))
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    const none = refused(error.message)
    return layers.map((layer) => ({ ...layer, branches: { attention: none, block: none, convolution: null } }))
  }
}
