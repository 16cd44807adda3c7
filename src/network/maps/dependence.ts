/** What in a graph is computed from what: the image, another tensor, or nothing of it but what a cut lets through. */
import type { GraphEditor } from '../editor'
import { Flow } from '../flow'
import { GraphError } from '../graph-error'
import type { NodeProto } from '../onnx'

/** Operators that leave a tensor's values and only lay them out anew. */
const VIEWS = new Set(['Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity', 'Cast'])

/** Tensors passed on all ways in a graph. Made to measure, a graph could lead all its attentions through all of it. */
const MAX_PASSED = 2 ** 23

const tellsLengths = ({ opType }: NodeProto) => opType === 'Shape' || opType === 'Size'

/** What lies between tensors and a cut behind them, and where the cut was met. */
export interface Way {
  readonly inside: ReadonlySet<string>
  readonly stops: ReadonlySet<string>
}

export class Dependence {
  readonly #flow: Flow
  readonly #onSample: ReadonlySet<string>
  readonly #given: ReadonlySet<string>
  #passed = 0

  constructor(
    private readonly editor: GraphEditor,
    private readonly sample: string,
  ) {
    this.#flow = new Flow(editor)
    this.#onSample = this.after([sample])
    this.#given = this.after(editor.graph.input.map(({ name }) => name).filter((name) => !editor.initializer(name)))
  }

  #pass(): void {
    if (++this.#passed > MAX_PASSED) throw new GraphError('its attentions lead through too much of it to be followed')
  }

  /** The nodes that compute from a tensor's values. */
  readers(tensor: string): readonly NodeProto[] {
    return this.editor.consumers(tensor).filter((node) => !tellsLengths(node))
  }

  /** Tensors and all that is computed from their values. */
  after(tensors: readonly string[]): ReadonlySet<string> {
    const found = new Set(tensors)
    const waiting = [...tensors]
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      this.#pass()
      for (const node of this.readers(name))
        for (const made of node.output)
          if (!found.has(made)) {
            found.add(made)
            waiting.push(made)
          }
    }
    return found
  }

  onSample(tensor: string): boolean {
    return this.#onSample.has(tensor)
  }

  /** Is it not the same at every run? */
  onInputs(tensor: string): boolean {
    return this.#given.has(tensor)
  }

  /** Are some of these computed from another input, too? */
  onOthers(tensors: ReadonlySet<string>): boolean {
    const others = (tensor: string) => this.onInputs(tensor) && !this.onSample(tensor)
    return [...tensors].some((tensor) => this.editor.producer(tensor)?.input.some(others) ?? false)
  }

  /** A tensor and all of the image that it is computed from. */
  before(tensor: string): ReadonlySet<string> {
    return this.#back([tensor], new Set()).inside
  }

  #back(from: readonly string[], cut: ReadonlySet<string>): Way {
    const inside = new Set<string>()
    const stops = new Set<string>()
    const waiting = from.filter((name) => this.onSample(name))
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (inside.has(name)) continue
      if (cut.has(name)) {
        stops.add(name)
        continue
      }
      inside.add(name)
      this.#pass()
      const node = this.editor.producer(name)
      if (node && !tellsLengths(node)) waiting.push(...node.input.filter((input) => this.onSample(input)))
    }
    return { inside, stops }
  }

  /** All of the image that tensors are computed from, back to a cut; null where they are computed from the image round the cut. */
  between(from: readonly string[], cut: ReadonlySet<string>): Way | null {
    const way = this.#back(from, cut)
    return way.inside.has(this.sample) ? null : way
  }

  /** What a tensor shows, before it was laid out anew. */
  root(tensor: string): string {
    let at = tensor
    for (let node = this.editor.producer(at); node && VIEWS.has(node.opType); node = this.editor.producer(at))
      at = node.input[0]!
    return at
  }

  /** A tensor and its views. */
  views(tensor: string): readonly string[] {
    const found = [tensor]
    for (const at of found)
      for (const node of this.readers(at))
        if (VIEWS.has(node.opType) && node.input[0] === at) found.push(node.output[0]!)
    return found
  }

  /** What a tensor shows before it was laid out anew, or multiplied by a constant. */
  scaled(tensor: string): string {
    let at = this.root(tensor)
    for (
      let node = this.editor.producer(at);
      node && /^(Mul|Div)$/.test(node.opType);
      node = this.editor.producer(at)
    ) {
      const sources = this.#flow.sources(node)
      if (sources.length !== 1) break
      at = this.root(sources[0]!)
    }
    return at
  }

  chain(tensor: string): readonly string[] {
    return this.#flow.chain(tensor)
  }
}
