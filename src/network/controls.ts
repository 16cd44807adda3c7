/**
 * Makes what a guidance method does to self-attention an input of the graph, per batch row and per layer, so that positive
 * and negative share one run and no slider rebuilds a session. Each self-attention layer becomes
 *
 *   O  = softmax(scale · (B_h · Q · B_wᵀ) Kᵀ + bias) V        B: query blur, with the temperature as a factor on B_h
 *   O' = O + mix · (V − O)                                    mix 1 is the identity map (PAG)
 *
 * with the middle as one fused MultiHeadAttention node (2 GPU dispatches instead of about 10), or open where a map is
 * wanted. Neutral inputs (B the identity, mix 0, bias 0) leave every bit of a row as it is. Formulation: guidance that
 * perturbs attention, as one graph (PAG arXiv 2403.17377, SEG arXiv 2408.00760, SoftPAG arXiv 2506.10978).
 *
 * What changes the map A after the softmax, and leaving residual branches out, needs further inputs; they are features that a
 * graph has or has not. With A' = (L A R) ⊙ K + E, the product A' V is L (A (R V)) + E V where K is not among the features, so
 * that the attention in the middle stays fused; only K needs the map itself. A branch f becomes x + g · f(x).
 */
import { findAttention, type AttentionTensor, type FoundAttention } from './attention'
import {
  GraphEditor,
  GraphError,
  declaredShape,
  floatTensor,
  floatValue,
  intTensor,
  type Dimension,
  type ModelProto,
} from './onnx'
import { findResiduals, type Residual } from './residuals'
import type { AttentionControl } from './types'

export interface TokenGrid {
  readonly height: number
  readonly width: number
}

/** Fields of a control that need inputs of their own. A row that uses none of them runs in the plain graph. */
export const FEATURES = [
  'mask',
  'drop',
  'noise',
  'smooth',
  'shuffle',
  'skip',
] as const satisfies readonly (keyof AttentionControl)[]
export type Feature = (typeof FEATURES)[number]

export interface ControlOptions {
  /** Token grid of each self-attention layer in graph order. Left out: square grids of the graph's own token counts. */
  readonly grids?: readonly TokenGrid[]
  /** Bakes a batch size into the graph, or leaves it to each run. */
  readonly rows: number | 'dynamic'
  /** What the graph can do beyond mix, blur and temperature. All but `skip` add inputs that grow with the square of the tokens. */
  readonly features: readonly Feature[]
  /** Layer whose effective map and received attention become outputs; null for none. */
  readonly map: number | null
  /** `open` spells the attention out in every layer, for devices where the fused node is wrong or missing. */
  readonly form: 'fused' | 'open'
}

/** A layer as it was found, and the grid its controls act on. */
export interface ControlledLayer extends TokenGrid {
  readonly index: number
  readonly heads: number
  readonly headWidth: number
  /** What can be left out here: a network need not have a residual connection round the attention, or a block before it. */
  readonly skippable: { readonly attention: boolean; readonly block: boolean }
}

/** Names and shapes of a layer's inputs; R rows, grid h × w, N = h·w tokens. */
export const controlNames = (layer: number) => ({
  /** [R, 1, heads, 1] */
  mix: `mix_${layer}`,
  /** [R, h, h] */
  blurHeight: `blur_h_${layer}`,
  /** [R, 1, w, w] */
  blurWidth: `blur_w_${layer}`,
  /** [R, 1, N, N], added to the logits; with `mask`. */
  bias: `bias_${layer}`,
  /** L, [R, 1, N, N]; with `smooth` or `shuffle`. */
  left: `left_${layer}`,
  /** R, [R, 1, N, N]; with `smooth`. */
  right: `right_${layer}`,
  /** K, [R, 1, N, N]; with `drop`. */
  keep: `keep_${layer}`,
  /** E, [R, 1, N, N]; with `noise`. */
  noise: `noise_${layer}`,
  /** Factor on the attention's branch, [R]; with `skip`, where the layer has one. */
  gate: `gate_${layer}`,
  /** Factor on the branch of the residual block before it, [R]; with `skip`, where the layer has one. */
  gateBlock: `gate_block_${layer}`,
})

export const mapNames = (layer: number) => ({
  /** Effective map (1 − mix) A' + mix I, mean over heads: [R, N, N]. Its rows sum to 1 where nothing changes it after the softmax. */
  map: `map_${layer}`,
  /** Attention that each token receives under each head: [R, heads, N], sums of the effective map over its queries. */
  received: `received_${layer}`,
})

const MICROSOFT = 'com.microsoft'

function gridOf(found: FoundAttention, index: number, grids: readonly TokenGrid[] | undefined): TokenGrid {
  const given = grids?.[index]
  if (given) {
    if (found.tokens !== null && found.tokens !== given.height * given.width) {
      throw new GraphError(`layer ${index} has ${found.tokens} tokens, not ${given.height} × ${given.width}`)
    }
    return given
  }
  const side = found.tokens === null ? Number.NaN : Math.sqrt(found.tokens)
  if (!Number.isInteger(side))
    throw new GraphError(`layer ${index} (${found.nodes.at(-1)}): its token grid is not known; give it`)
  return { height: side, width: side }
}

/** Fixes the batch size of all inputs and outputs, and returns the dimension that stands for it. */
function bakeRows(editor: GraphEditor, rows: number | 'dynamic'): Dimension {
  const { input, output } = editor.graph
  const data = input.filter((value) => !editor.initializer(value.name))
  const batch = data.map((value) => declaredShape(value)?.[0] ?? null)
  const fixed = batch.find((length) => typeof length === 'number')
  if (fixed !== undefined && fixed !== rows) {
    throw new GraphError(`the graph was exported for a fixed batch of ${fixed}; export it with a symbolic batch size`)
  }
  const symbol = batch.find((length) => typeof length === 'string') ?? null
  if (rows === 'dynamic') return symbol
  for (const value of [...data, ...output]) {
    const shape = declaredShape(value)
    if (!shape) continue
    const dims = shape.map((length, axis) =>
      (symbol !== null && length === symbol) || (axis === 0 && length === null) ? rows : length,
    )
    if (value.type?.value.case === 'tensorType') {
      const { elemType } = value.type.value.value
      value.type = floatValue(value.name, dims).type!
      if (value.type.value.case === 'tensorType') value.type.value.value.elemType = elemType
    }
  }
  return rows
}

/** Inputs that change the map after the softmax; null where the graph lacks them. */
interface Changes {
  readonly left: string | null
  readonly right: string | null
  readonly keep: string | null
  readonly noise: string | null
}

class LayerBuilder {
  readonly #heads: number
  readonly #headWidth: number
  readonly #channels: number
  readonly #tokens: number

  constructor(
    private readonly editor: GraphEditor,
    private readonly found: FoundAttention,
    private readonly layer: ControlledLayer,
    private readonly rows: Dimension,
  ) {
    this.#heads = layer.heads
    this.#headWidth = layer.headWidth
    this.#channels = layer.heads * layer.headWidth
    this.#tokens = layer.height * layer.width
  }

  #add(op: string, inputs: readonly string[], base: string, options: Parameters<GraphEditor['add']>[3] = {}): string {
    return this.editor.add(op, inputs, `controls/${this.layer.index}/${base}`, options)
  }

  #reshape(input: string, dims: readonly number[], base: string): string {
    return this.#add(
      'Reshape',
      [input, this.editor.addInitializer(intTensor(`controls/${this.layer.index}/${base}_shape`, [dims.length], dims))],
      base,
    )
  }

  #transpose(input: string, perm: readonly number[], base: string): string {
    return this.#add('Transpose', [input], base, { attributes: { perm: { ints: perm } } })
  }

  #constant(base: string, dims: readonly number[], data: ArrayLike<number>): string {
    return this.editor.addInitializer(floatTensor(`controls/${this.layer.index}/${base}`, dims, data))
  }

  /** The tensor as [rows, N, heads·d]. */
  joined({ name, layout, rank }: AttentionTensor, base: string): string {
    const [heads, width] = [this.#heads, this.#headWidth]
    if (layout === 'joined') return rank === 3 ? name : this.#reshape(name, [-1, this.#tokens, this.#channels], base)
    const transposed = layout === 'split-transposed'
    const split =
      rank === 4
        ? name
        : this.#reshape(
            name,
            [-1, heads, ...(transposed ? [width, this.#tokens] : [this.#tokens, width])],
            `${base}_split`,
          )
    const moved = this.#transpose(split, transposed ? [0, 3, 1, 2] : [0, 2, 1, 3], `${base}_moved`)
    return this.#reshape(moved, [-1, this.#tokens, this.#channels], base)
  }

  /** Back from [rows, N, heads·d] to the layout of the graph's own output. */
  likeOutput(joined: string): string {
    const { layout, rank } = this.found.output
    if (layout === 'joined') return joined
    const split = this.#transpose(
      this.#reshape(joined, [-1, this.#tokens, this.#heads, this.#headWidth], 'out_heads'),
      [0, 2, 1, 3],
      'out_split',
    )
    return rank === 4 ? split : this.#reshape(split, [-1, this.#tokens, this.#headWidth], 'out_rows')
  }

  /** B_h · Q · B_wᵀ: the height axis as one product over [rows, h, w·C], the width axis as one over [rows, h, w, C]. */
  blurred(query: string): string {
    const { height, width } = this.layer
    const names = controlNames(this.layer.index)
    const blurHeight = this.editor.addInput(floatValue(names.blurHeight, [this.rows, height, height]))
    const blurWidth = this.editor.addInput(floatValue(names.blurWidth, [this.rows, 1, width, width]))
    const lines = this.#reshape(query, [-1, height, width * this.#channels], 'query_lines')
    const down = this.#add('MatMul', [blurHeight, lines], 'query_blurred_down')
    const grid = this.#reshape(down, [-1, height, width, this.#channels], 'query_grid')
    const across = this.#add('MatMul', [blurWidth, grid], 'query_blurred_across')
    return this.#reshape(across, [-1, this.#tokens, this.#channels], 'query_blurred')
  }

  /** An input of one N × N matrix for each row: [R, 1, N, N]. */
  matrix(name: string): string {
    return this.editor.addInput(floatValue(name, [this.rows, 1, this.#tokens, this.#tokens]))
  }

  /** The matrix of each row times its tokens: [R, 1, N, N] by [R, N, C]. */
  onTokens(matrix: string, tokens: string, base: string): string {
    return this.#add(
      'MatMul',
      [this.#reshape(matrix, [-1, this.#tokens, this.#tokens], `${base}_matrix`), tokens],
      base,
    )
  }

  sum(a: string, b: string, base: string): string {
    return this.#add('Add', [a, b], base)
  }

  fused(query: string, key: string, value: string, bias: string | null): string {
    this.editor.importOpset(MICROSOFT, 1)
    return this.#add('MultiHeadAttention', [query, key, value, ...(bias === null ? [] : ['', '', bias])], 'attention', {
      domain: MICROSOFT,
      attributes: { num_heads: { int: this.#heads }, scale: { float: this.found.scale } },
    })
  }

  #split(tensor: string, perm: readonly number[], base: string): string {
    return this.#transpose(
      this.#reshape(tensor, [-1, this.#tokens, this.#heads, this.#headWidth], `${base}_heads`),
      perm,
      `${base}_split`,
    )
  }

  /** softmax(scale · Q Kᵀ + biases), [R, heads, N, N]. */
  map(query: string, key: string, biases: readonly string[]): string {
    const products = this.#add(
      'MatMul',
      [this.#split(query, [0, 2, 1, 3], 'query'), this.#split(key, [0, 2, 3, 1], 'key')],
      'products',
    )
    let scores = this.#add('Mul', [products, this.#constant('scale', [], [this.found.scale])], 'scores')
    for (const bias of biases) scores = this.#add('Add', [scores, bias], 'scores_biased')
    return this.#add('Softmax', [scores], 'map', { attributes: { axis: { int: -1 } } })
  }

  /** (L · A · R) ⊙ K + E, of those that are there. */
  changed(map: string, { left, right, keep, noise }: Changes): string {
    let result = map
    if (right !== null) result = this.#add('MatMul', [result, right], 'map_right')
    if (left !== null) result = this.#add('MatMul', [left, result], 'map_left')
    if (keep !== null) result = this.#add('Mul', [result, keep], 'map_kept')
    if (noise !== null) result = this.#add('Add', [result, noise], 'map_noisy')
    return result
  }

  /** The map times the values, [R, N, heads·d]. */
  attended(map: string, value: string): string {
    const sums = this.#add('MatMul', [map, this.#split(value, [0, 2, 1, 3], 'value')], 'sums')
    return this.#reshape(
      this.#transpose(sums, [0, 2, 1, 3], 'sums_moved'),
      [-1, this.#tokens, this.#channels],
      'attention',
    )
  }

  /** O + mix · (V − O): with mix 0 the very bits of O, with mix 1 V to within rounding. Per row and head. */
  mixed(output: string, value: string, mix: string): string {
    const heads = [-1, this.#tokens, this.#heads, this.#headWidth]
    const o = this.#reshape(output, heads, 'output_heads')
    const difference = this.#add('Sub', [this.#reshape(value, heads, 'value_heads_mix'), o], 'difference')
    const sum = this.#add('Add', [o, this.#add('Mul', [difference, mix], 'difference_mixed')], 'mixed')
    return this.#reshape(sum, [-1, this.#tokens, this.#channels], 'mixed_joined')
  }

  mix(): string {
    return this.editor.addInput(floatValue(controlNames(this.layer.index).mix, [this.rows, 1, this.#heads, 1]))
  }

  /** Declares the effective map and what its tokens receive as outputs. */
  outputs(map: string, mix: string): void {
    const n = this.#tokens
    const identity = Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0))
    const toIdentity = this.#add('Sub', [this.#constant('identity', [n, n], identity), map], 'map_to_identity')
    const perHead = this.#reshape(mix, [-1, this.#heads, 1, 1], 'mix_heads')
    const effective = this.#add('Add', [map, this.#add('Mul', [toIdentity, perHead], 'map_mix')], 'map_effective')
    const sum = (axis: number, base: string) => {
      const axes = this.editor.addInitializer(intTensor(`controls/${this.layer.index}/${base}_axis`, [1], [axis]))
      return this.#add('ReduceSum', [effective, axes], base, { attributes: { keepdims: { int: 0 } } })
    }
    const mean = this.#add('Mul', [sum(1, 'map_total'), this.#constant('per_head', [], [1 / this.#heads])], 'map_mean')
    const names = mapNames(this.layer.index)
    this.editor.addOutput(mean, floatValue(names.map, [this.rows, n, n]))
    this.editor.addOutput(sum(2, 'map_received'), floatValue(names.received, [this.rows, this.#heads, n]))
  }

  /** Puts a factor on the branch of a residual: x + g · f(x). */
  gate({ add, branch, rank }: Residual, name: string): void {
    const gate = this.editor.addInput(floatValue(name, [this.rows]))
    const factor = this.#reshape(gate, [-1, ...Array<number>(rank - 1).fill(1)], `${name}_factor`)
    this.editor.setInput(add, branch, this.#add('Mul', [add.input[branch]!, factor], `${name}_branch`))
  }
}

/**
 * Inserts the controls into every self-attention layer of `model`, in place, and returns the layers. Cross-attention and
 * everything else stays as it is. Throws GraphError where the graph has no readable self-attention, a grid does not fit,
 * or the batch size is fixed to another.
 */
export function insertControls(model: ModelProto, options: ControlOptions): readonly ControlledLayer[] {
  const editor = new GraphEditor(model)
  if (editor.opset() < 13)
    throw new GraphError(`the graph uses opset ${editor.opset()}; export it with opset 13 or newer`)
  const survey = findAttention(editor)
  if (survey.self.length === 0) {
    const reasons = survey.unreadable.map(({ node, reason }) => `${node}: ${reason}`).join('; ')
    throw new GraphError(`no self-attention found${reasons === '' ? '' : ` (${reasons})`}`)
  }
  if (options.grids && options.grids.length !== survey.self.length) {
    throw new GraphError(
      `${options.grids.length} token grids were given for ${survey.self.length} self-attention layers`,
    )
  }
  if (options.map !== null && !(options.map in survey.self))
    throw new GraphError(`there is no self-attention layer ${options.map}`)
  const rows = bakeRows(editor, options.rows)
  // A tensor that an earlier layer replaced may be what a later one reads.
  const renamed = new Map<string, string>()
  const current = (tensor: AttentionTensor): AttentionTensor => ({
    ...tensor,
    name: renamed.get(tensor.name) ?? tensor.name,
  })
  const residuals = findResiduals(editor, survey.self, survey.cross)
  const layers = survey.self.map((found, index): ControlledLayer => {
    const { height, width } = gridOf(found, index, options.grids)
    const { attention, block } = residuals[index]!
    const skippable = { attention: attention !== null, block: attention !== null && block !== null }
    return { index, height, width, heads: found.heads, headWidth: found.headWidth, skippable }
  })
  const has = (...features: readonly Feature[]) => features.some((feature) => options.features.includes(feature))
  for (const layer of layers) {
    const found = survey.self[layer.index]!
    const builder = new LayerBuilder(editor, found, layer, rows)
    const query = builder.blurred(builder.joined(current(found.query), 'query_joined'))
    const key = builder.joined(current(found.key), 'key_joined')
    const value = builder.joined(current(found.value), 'value_joined')
    const names = controlNames(layer.index)
    const matrix = (wanted: boolean, name: string) => (wanted ? builder.matrix(name) : null)
    const bias = matrix(has('mask'), names.bias)
    const changes: Changes = {
      left: matrix(has('smooth', 'shuffle'), names.left),
      right: matrix(has('smooth'), names.right),
      keep: matrix(has('drop'), names.keep),
      noise: matrix(has('noise'), names.noise),
    }
    const mix = builder.mix()
    const biases = [found.mask, bias].filter((name) => name !== null)
    let output: string
    if (changes.keep !== null || options.map === layer.index) {
      const map = builder.changed(builder.map(query, key, biases), changes)
      output = builder.attended(map, value)
      if (options.map === layer.index) builder.outputs(map, mix)
    } else {
      const { left, right, noise } = changes
      const values = right === null ? value : builder.onTokens(right, value, 'values_right')
      output =
        options.form === 'open' || found.mask !== null
          ? builder.attended(builder.map(query, key, biases), values)
          : builder.fused(query, key, values, bias)
      if (left !== null) output = builder.onTokens(left, output, 'attention_left')
      if (noise !== null)
        output = builder.sum(output, builder.onTokens(noise, value, 'values_noise'), 'attention_noisy')
    }
    const replacement = builder.likeOutput(builder.mixed(output, value, mix))
    editor.renameUses(new Map([[found.output.name, replacement]]))
    renamed.set(found.output.name, replacement)
    if (!has('skip')) continue
    const { attention, block } = residuals[layer.index]!
    if (attention) builder.gate(attention, names.gate)
    if (attention && block) builder.gate(block, names.gateBlock)
  }
  editor.finish()
  return layers
}
