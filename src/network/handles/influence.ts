/**
 * How the noise level reaches the network: which tensors are computed of it alone, where they meet the image, and through which
 * of them it has to pass. Equal tensors count as one.
 */
import type { GraphEditor } from '../editor'
import { GraphError, type NodeProto } from '../onnx'
import { producersFirst } from '../order'
import type { SameTensors } from './same'

/** What a tensor's values depend on; its lengths may depend on more. */
interface Depends {
  readonly noise: boolean
  readonly rest: boolean
}

/** A tensor of the noise level alone, read by a node that computes from something else, too. */
export interface Entry {
  readonly tensor: string
  readonly node: NodeProto
}

/** Its values are lengths. */
const tellsLengths = ({ opType }: NodeProto) => opType === 'Shape' || opType === 'Size'

const hasGraphs = ({ attribute }: NodeProto) => attribute.some(({ g, graphs }) => g !== undefined || graphs.length > 0)

/** Tensors passed on the ways back to where ways part. */
const MAX_STEPS = 2 ** 22

const NOTHING: Depends = { noise: false, rest: false }

export class Influence {
  readonly #depends = new Map<string, Depends>()
  /** Of every number of tensors of the noise level alone, in the order of computation: the numbers that it is computed from. */
  readonly #before = new Map<number, ReadonlySet<number>>()
  readonly #tensors = new Map<number, string[]>()
  readonly entries: readonly Entry[]
  readonly #source: number

  constructor(
    private readonly editor: GraphEditor,
    private readonly same: SameTensors,
    readonly noise: string,
    output: string,
  ) {
    const nodes = producersFirst(editor, output, () => false)
    this.#depends.set(noise, { noise: true, rest: false })
    const entries: Entry[] = []
    this.#source = same.of(noise)
    this.#tensors.set(this.#source, [noise])
    this.#before.set(this.#source, new Set())
    for (const node of nodes) {
      const before = tellsLengths(node) ? [] : node.input.map((name) => this.dependsOf(name))
      // What graphs inside a node read is not among its inputs.
      const rest = hasGraphs(node) || before.some((one) => one.rest)
      const depends = { noise: before.some((one) => one.noise), rest }
      for (const name of node.output) this.#depends.set(name, depends)
      if (!depends.noise) continue
      const own = node.input.filter((name) => this.ofNoise(name))
      if (depends.rest) entries.push(...[...new Set(own)].map((tensor) => ({ tensor, node })))
      else this.#enter(node, own)
    }
    this.entries = entries
  }

  #enter(node: NodeProto, own: readonly string[]): void {
    for (const name of node.output) {
      const number = this.same.of(name)
      this.#tensors.set(number, [...(this.#tensors.get(number) ?? []), name])
      // A number that is known was computed alike before.
      if (!this.#before.has(number)) this.#before.set(number, new Set(own.map((input) => this.same.of(input))))
    }
  }

  /** Of what no node makes, inputs are the rest. */
  dependsOf(tensor: string): Depends {
    const known = this.#depends.get(tensor)
    if (known) return known
    return tensor === '' || this.editor.initializer(tensor) || this.editor.producer(tensor)
      ? NOTHING
      : { noise: false, rest: true }
  }

  ofNoise(tensor: string): boolean {
    const { noise, rest } = this.dependsOf(tensor)
    return noise && !rest
  }

  /** All tensors that are equal to this one. */
  equals(tensor: string): readonly string[] {
    return this.#tensors.get(this.same.of(tensor)) ?? []
  }

  /** A node in whose graphs something is read that the noise level alone makes; null where there is none. */
  captured(): NodeProto | null {
    const seen = new Set([this.noise])
    const waiting = [this.noise]
    for (let tensor = waiting.pop(); tensor !== undefined; tensor = waiting.pop()) {
      for (const node of this.editor.consumers(tensor)) {
        if (!node.input.includes(tensor)) return node
        const next = node.output.filter((name) => !seen.has(name) && !this.dependsOf(name).rest)
        for (const name of next) seen.add(name)
        waiting.push(...next)
      }
    }
    return null
  }

  /** What reads a tensor, or one that is equal to it, on the way to the output. */
  readers(tensor: string): readonly NodeProto[] {
    const all = this.equals(tensor).flatMap((name) => this.editor.consumers(name))
    return all.filter(({ output }) => output.some((name) => this.#depends.has(name)))
  }

  /**
   * Tensors that the noise level has to pass on every way to these, nearest to them first, the noise level itself last; one for each
   * number.
   */
  gates(tensors: readonly string[]): readonly string[] {
    const above = new Map<number, number>()
    const depth = new Map<number, number>([[this.#source, 0]])
    let steps = 0
    const common = (numbers: readonly number[]): number =>
      numbers.reduce((a, b) => {
        while (a !== b) {
          if (++steps > MAX_STEPS) throw new GraphError('its noise level goes too many ways to be followed')
          if (depth.get(a)! >= depth.get(b)!) a = above.get(a)!
          else b = above.get(b)!
        }
        return a
      })
    for (const [number, before] of this.#before) {
      const known = [...before].filter((one) => depth.has(one))
      if (number === this.#source || known.length === 0) continue
      const gate = common(known)
      above.set(number, gate)
      depth.set(number, depth.get(gate)! + 1)
    }
    const last = common(tensors.map((tensor) => this.same.of(tensor)))
    const gates: string[] = []
    for (let at: number | undefined = last; at !== undefined; at = above.get(at)) gates.push(this.#tensors.get(at)![0]!)
    return gates
  }

  /** The nodes on the ways from a gate to a tensor. */
  between(gate: string, tensor: string): readonly NodeProto[] {
    const nodes = producersFirst(this.editor, tensor, (name) => this.equals(gate).includes(name))
    return nodes.filter(({ output }) => output.some((name) => this.ofNoise(name)))
  }
}
