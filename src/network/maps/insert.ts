/**
 * Puts the controls of `AttentionControl` at the maps themselves, whatever made them, as inputs with the names of `controlNames`:
 *
 *   S' = B_h ⊗ B_w · S             a blur of the queries is the same blur of the scores along the queries
 *   A' = (L A R) ⊙ K + E           after the softmax
 *   A″ = A' + mix · (T − A')       T the identity (PAG). Beside other keys: softmax(S' + M), where M hides from each token of the image the others
 *
 * M is that of PAGJointAttnProcessor2_0 (diffusers). Neutral inputs leave every bit of a row in single precision.
 */
import { branchesOf, controlBranches, gatedIn } from '../controls/branches'
import { DROPPED } from '../controls/matrices'
import { bakeRows } from '../controls/rows'
import { sparseMap } from '../controls/sparse'
import { controlNames, mapNames, type ControlledLayer, type ControlOptions, type Feature } from '../controls/types'
import { GraphEditor } from '../editor'
import { elementType } from '../element-type'
import { DataType, GraphError, floatTensor, floatValue, type Dimension, type ModelProto } from '../onnx'
import { guidable, imageAlone, type MapLayer } from './types'
import { MapView } from './view'

class MapBuilder {
  readonly #prefix: string
  readonly #type: DataType
  readonly #at: MapView

  constructor(
    private readonly editor: GraphEditor,
    private readonly found: MapLayer,
    private readonly layer: ControlledLayer,
    private readonly rows: Dimension,
    private readonly features: readonly Feature[],
  ) {
    this.#prefix = `controls/${layer.index}`
    this.#type = elementType(editor, found.map)
    this.#at = new MapView(editor, found, this.#prefix)
  }

  #has(...features: readonly Feature[]): boolean {
    return features.some((feature) => this.features.includes(feature))
  }

  /** A single of ours in the type of the map. */
  #as(value: string, type = this.#type): string {
    return type === DataType.FLOAT ? value : this.#at.add('Cast', [value], 'as', { attributes: { to: { int: type } } })
  }

  #input(name: string, dims: readonly Dimension[], type = this.#type): string {
    return this.#as(this.editor.addInput(floatValue(name, [this.rows, ...dims])), type)
  }

  #constant(dims: readonly number[], data: ArrayLike<number>, base: string): string {
    return this.#as(this.editor.addInitializer(floatTensor(`${this.#prefix}/${base}`, dims, data)))
  }

  /** The tokens that matrices act on: those of the image beside others that only it looks at, else all. */
  #acted(): { readonly start: number; readonly keyStart: number; readonly count: number } {
    return imageAlone(this.found) ?? { start: 0, keyStart: 0, count: this.found.queries }
  }

  /** Scores, blurred along the queries of the image, and scaled by the temperature. */
  #blurred(scores: string, type: DataType): string {
    const { queries, keys, image } = this.found
    const heads = this.#at.maps
    const { height, width, index } = this.layer
    const names = controlNames(index)
    const down = this.#at.reshape(
      this.#input(names.blurHeight, [height, height], type),
      [-1, 1, height, height],
      'blur_down',
    )
    const across = this.#at.reshape(
      this.#input(names.blurWidth, [1, width, width], type),
      [-1, 1, 1, width, width],
      'blur_across',
    )
    return this.#at.within(scores, 2, queries, image ?? { start: 0, count: queries }, 'rows', (rows) => {
      const lines = this.#at.reshape(rows, [-1, heads, height, width * keys], 'rows_lines')
      const blurred = this.#at.add('MatMul', [down, lines], 'rows_blurred_down')
      const grid = this.#at.reshape(blurred, [-1, heads, height, width, keys], 'rows_grid')
      return this.#at.reshape(
        this.#at.add('MatMul', [across, grid], 'rows_blurred_across'),
        [-1, heads, height * width, keys],
        'rows_blurred',
      )
    })
  }

  /** Lets all that read a tensor read what `change` makes of it. */
  #interpose(tensor: string, change: (tensor: string) => string): void {
    this.editor.interpose(tensor, change)
  }

  scores(): void {
    const { scores } = this.found
    if (!scores || this.layer.reach === 'map') return
    const layout = { ...this.found.layout, ...scores }
    const type = elementType(this.editor, scores.tensor)
    this.#interpose(scores.tensor, (tensor) =>
      this.#at.unview(this.#blurred(this.#at.view(tensor, layout, 'scores'), type), layout, 'scores'),
    )
  }

  /** A matrix of each row, over the tokens that matrices act on. */
  #matrix(name: string): string {
    return this.#input(name, [1, this.layer.tokens, this.layer.tokens])
  }

  /** What the softmax reads, with the mask, and the map from it that sparse ones replace. */
  #logits(softmaxInput: string): string {
    const logits = this.#at.view(softmaxInput, this.found.layout, 'logits')
    if (!this.#has('mask')) return logits
    const bias = this.#matrix(controlNames(this.layer.index).bias)
    return this.#onBlock(logits, 'logits', (block) => this.#at.add('Add', [block, bias], 'logits_masked'))
  }

  /** A change of the part of a map in which the tokens that matrices act on look at each other. */
  #onBlock(map: string, base: string, change: (block: string) => string): string {
    const { queries, keys } = this.found
    const { keyStart, ...acted } = this.#acted()
    return this.#at.within(map, 2, queries, acted, `${base}_rows`, (rows) =>
      this.#at.within(rows, 3, keys, { ...acted, start: keyStart }, `${base}_columns`, change),
    )
  }

  /** (L A R) ⊙ K + E. */
  #changed(map: string): string {
    const names = controlNames(this.layer.index)
    const steps: ((block: string) => string)[] = []
    const left = this.#has('smooth', 'shuffle') ? this.#matrix(names.left) : null
    const right = this.#has('smooth') ? this.#matrix(names.right) : null
    const keep = this.#has('drop') ? this.#matrix(names.keep) : null
    const noise = this.#has('noise') ? this.#matrix(names.noise) : null
    if (right !== null) steps.push((block) => this.#at.add('MatMul', [block, right], 'map_right'))
    if (keep !== null) steps.push((block) => this.#at.add('Mul', [block, keep], 'map_kept'))
    if (noise !== null) steps.push((block) => this.#at.add('Add', [block, noise], 'map_noisy'))
    // Tokens are handed to each other with all that they look at.
    const handed = (whole: string) =>
      left === null
        ? whole
        : this.#at.within(whole, 2, this.found.queries, this.#acted(), 'handed', (rows) =>
            this.#at.add('MatMul', [left, rows], 'map_left'),
          )
    const [first, ...rest] = steps
    if (!first) return handed(map)
    if (right === null)
      return this.#onBlock(handed(map), 'changed', (block) => steps.reduce((tensor, step) => step(tensor), block))
    const smoothed = handed(this.#onBlock(map, 'smoothed', first))
    return rest.length === 0
      ? smoothed
      : this.#onBlock(smoothed, 'changed', (block) => rest.reduce((tensor, step) => step(tensor), block))
  }

  #sparse(map: string, logits: string): string {
    return (['entmax', 'sparsemax'] as const).reduce((result, kind) => {
      if (!this.#has(kind)) return result
      const share = this.#input(controlNames(this.layer.index)[kind], [1, 1, 1])
      const there = this.#as(sparseMap(this.editor, kind, this.#single(logits), this.found.keys, this.#prefix))
      const way = this.#at.add('Mul', [this.#at.add('Sub', [there, map], `to_${kind}`), share], `way_to_${kind}`)
      return this.#at.add('Add', [result, way], `map_${kind}`)
    }, map)
  }

  #single(tensor: string): string {
    return this.#type === DataType.FLOAT
      ? tensor
      : this.#at.add('Cast', [tensor], 'single', { attributes: { to: { int: DataType.FLOAT } } })
  }

  /** The map that the mix leads to. */
  #target(logits: () => string): string {
    const { queries, keys } = this.found
    const n = queries
    const image = imageAlone(this.found)
    if (!image) {
      const identity = Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0))
      return this.#constant([n, n], identity, 'identity')
    }
    const hidden = new Float32Array(n * keys)
    const { start, keyStart, count } = image
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) if (i !== j) hidden[(start + i) * keys + keyStart + j] = DROPPED
    const masked = this.#at.add('Add', [logits(), this.#constant([n, keys], hidden, 'hidden')], 'logits_hidden')
    return this.#at.add('Softmax', [masked], 'map_hidden', { attributes: { axis: { int: -1 } } })
  }

  map(read: boolean): void {
    const { map, layout } = this.found
    const node = this.editor.producer(map)
    if (!node) throw new GraphError(`the graph has no map ${map}`)
    if (this.#has('mask')) {
      const logits = this.#at.unview(this.#logits(node.input[0]!), layout, 'logits')
      this.editor.setInput(node, 0, logits)
    }
    const softmaxInput = node.input[0]!
    this.#interpose(map, (tensor) => {
      const view = this.#at.view(tensor, layout, 'map')
      let known: string | null = null
      const logits = () => (known ??= this.#at.view(softmaxInput, layout, 'logits_again'))
      const sparse = this.#has('entmax', 'sparsemax') ? this.#sparse(view, logits()) : view
      const changed = this.#changed(sparse)
      const mix = this.#mix()
      const way = this.#at.add('Sub', [this.#target(logits), changed], 'to_target')
      const mixed = this.#at.add('Add', [changed, this.#at.add('Mul', [way, mix], 'way')], 'map_mixed')
      if (read) this.#outputs(mixed)
      return this.#at.unview(mixed, layout, 'map')
    })
  }

  /** Declares the map, mean over heads, and what its keys receive, as outputs; for each window, where there are some. */
  #outputs(map: string): void {
    const { heads, windows, queries, keys } = this.found
    const own = windows > 1 ? [windows] : []
    const whole = this.#single(map)
    const each = windows > 1 ? this.#at.reshape(whole, [-1, windows, heads, queries, keys], 'map_windows') : whole
    const sum = (axis: number, base: string) =>
      this.#at.add('ReduceSum', [each, this.#at.ints([axis], `${base}_axis`)], base, {
        attributes: { keepdims: { int: 0 } },
      })
    const perHead = this.editor.addInitializer(floatTensor(`${this.#prefix}/per_head`, [], [1 / heads]))
    const names = mapNames(this.layer.index)
    const mean = this.#at.add('Mul', [sum(own.length + 1, 'map_total'), perHead], 'map_mean')
    this.editor.addOutput(mean, floatValue(names.map, [this.rows, ...own, queries, keys]))
    this.editor.addOutput(
      sum(own.length + 2, 'map_received'),
      floatValue(names.received, [this.rows, ...own, heads, keys]),
    )
  }

  /** [rows, maps, 1, 1]: a head is mixed alike in every window. */
  #mix(): string {
    const { heads, windows } = this.found
    const mix = this.#input(controlNames(this.layer.index).mix, [1, heads, 1])
    if (windows === 1) return this.#at.reshape(mix, [-1, heads, 1, 1], 'mix')
    const ones = this.#constant([1, windows, 1, 1], new Float32Array(windows).fill(1), 'windows')
    return this.#at.reshape(this.#at.add('Mul', [mix, ones], 'mix_windows'), [-1, heads * windows, 1, 1], 'mix')
  }
}

/** A guided layer as its controls see it. */
function controlled(found: MapLayer, index: number): Omit<ControlledLayer, 'skippable' | 'dropoutChannels'> {
  const { image, queries, heads, scores } = found
  const grid = image?.grid ?? null
  const count = image?.count ?? queries
  return {
    index,
    heads,
    height: grid?.height ?? count,
    width: grid?.width ?? 1,
    tokens: imageAlone(found)?.count ?? queries,
    reach: scores === null ? 'map' : grid === null ? 'scores' : 'queries',
    values: false,
  }
}

/**
 * Inserts the controls into every map that can be guided, in place, and returns the layers, numbered in graph order. Throws GraphError
 * where there is none, or the graph is not the one that was searched.
 */
export function insertMapControls(
  model: ModelProto,
  maps: readonly MapLayer[],
  options: Pick<ControlOptions, 'rows' | 'features' | 'map'>,
): readonly ControlledLayer[] {
  const editor = new GraphEditor(model)
  const guided = maps.filter(guidable)
  if (guided.length === 0) throw new GraphError('the graph has no attention map that can be guided')
  const rows = bakeRows(editor, options.rows)
  const branches = guided.map((found) => gatedIn(editor, found.branches))
  const layers = guided.map((found, index) => ({ ...controlled(found, index), ...branchesOf(branches[index]!) }))
  for (const [index, found] of guided.entries()) {
    const layer = layers[index]!
    const builder = new MapBuilder(editor, found, layer, rows, options.features)
    builder.scores()
    builder.map(options.map === index)
    controlBranches(editor, branches[index]!, layer, options.features, rows)
  }
  editor.finish()
  return layers
}
