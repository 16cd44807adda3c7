/** Builds one self-attention layer anew, with its controls as inputs of the graph. */
import type { AttentionTensor, FoundAttention } from '../attention/types'
import type { GraphEditor } from '../editor'
import { boolValue, floatTensor, floatValue, intTensor, type Dimension } from '../onnx'
import { sparseMap } from './sparse'
import { controlNames, mapNames, type ControlledLayer } from './types'

const MICROSOFT = 'com.microsoft'

/** Inputs that change the map after the softmax; null where the graph lacks them. */
export interface Changes {
  readonly left: string | null
  readonly right: string | null
  readonly keep: string | null
  readonly noise: string | null
}

export class LayerBuilder {
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
    this.#headWidth = found.headWidth
    this.#channels = layer.heads * found.headWidth
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

  /** softmax(scale · Q Kᵀ + biases), [R, heads, N, N], and from there as far as each row wants towards the sparse maps. */
  map(query: string, key: string, biases: readonly string[], sparse: readonly ('entmax' | 'sparsemax')[]): string {
    const products = this.#add(
      'MatMul',
      [this.#split(query, [0, 2, 1, 3], 'query'), this.#split(key, [0, 2, 3, 1], 'key')],
      'products',
    )
    let scores = this.#add('Mul', [products, this.#constant('scale', [], [this.found.scale])], 'scores')
    for (const bias of biases) scores = this.#add('Add', [scores, bias], 'scores_biased')
    const dense = this.#add('Softmax', [scores], 'map', { attributes: { axis: { int: -1 } } })
    let result = dense
    for (const kind of sparse) {
      const share = this.editor.addInput(floatValue(controlNames(this.layer.index)[kind], [this.rows, 1, 1, 1]))
      const there = sparseMap(this.editor, kind, scores, this.#tokens, `controls/${this.layer.index}`)
      const way = this.#add('Mul', [this.#add('Sub', [there, dense], `to_${kind}`), share], `way_to_${kind}`)
      result = this.#add('Add', [result, way], `map_${kind}`)
    }
    return result
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

  /** What `choose` makes of two tensors by their heads. */
  #byHeads(output: string, value: string, choose: (output: string, value: string) => string): string {
    const heads = [-1, this.#tokens, this.#heads, this.#headWidth]
    const o = this.#reshape(output, heads, 'output_heads')
    const chosen = choose(o, this.#reshape(value, heads, 'value_heads_mix'))
    return this.#reshape(chosen, [-1, this.#tokens, this.#channels], 'mixed_joined')
  }

  /** O + mix · (V − O): with mix 0 the very bits of O, with mix 1 V to within rounding. Per row and head. */
  mixed(output: string, value: string, mix: string): string {
    return this.#byHeads(output, value, (o, v) => {
      const difference = this.#add('Sub', [v, o], 'difference')
      return this.#add('Add', [o, this.#add('Mul', [difference, mix], 'difference_mixed')], 'mixed')
    })
  }

  /** (1 − mix) O + mix V: with mix 0 the very bits of O, with mix 1 those of V, as `whole` gives them. */
  weighed(output: string, value: string): string {
    const mix = this.mix()
    const rest = this.#add('Sub', [this.#constant('one', [1], [1]), mix], 'mix_rest')
    return this.#byHeads(output, value, (o, v) =>
      this.#add('Add', [this.#add('Mul', [o, rest], 'output_part'), this.#add('Mul', [v, mix], 'value_part')], 'mixed'),
    )
  }

  /** V where the whole head is the identity, else O. */
  whole(output: string, value: string): string {
    const dims = [this.rows, 1, this.#heads, 1]
    const whole = this.editor.addInput(boolValue(controlNames(this.layer.index).whole, dims))
    return this.#byHeads(output, value, (o, v) => this.#add('Where', [whole, v, o], 'mixed'))
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

  /** Z + blend · (Ẑ − Z): Ẑ = Z + scale (Z − V), with each token's |Ẑ|₁ at most limit · |Z|₁. With scale and blend 0 the very bits of Z. */
  extrapolated(output: string, value: string): string {
    const names = controlNames(this.layer.index)
    const input = (name: string) => this.editor.addInput(floatValue(name, [this.rows, 1, 1]))
    const length = (tensor: string, base: string) => {
      const axis = this.editor.addInitializer(intTensor(`controls/${this.layer.index}/${base}_axis`, [1], [-1]))
      return this.#add('ReduceSum', [this.#add('Abs', [tensor], `${base}_magnitude`), axis], base)
    }
    const away = this.#add('Sub', [output, value], 'away')
    const far = this.#add(
      'Add',
      [output, this.#add('Mul', [away, input(names.extrapolateScale)], 'push')],
      'extrapolated',
    )
    const allowed = this.#add('Mul', [length(output, 'length'), input(names.extrapolateLimit)], 'length_allowed')
    // A token whose result vanishes has no length to divide by.
    const own = this.#add('Max', [length(far, 'length_far'), this.#constant('tiny', [1], [1e-20])], 'length_own')
    const shrink = this.#add(
      'Min',
      [this.#add('Div', [allowed, own], 'length_ratio'), this.#constant('whole', [1], [1])],
      'shrink',
    )
    const limited = this.#add('Sub', [this.#add('Mul', [far, shrink], 'limited'), output], 'limited_away')
    return this.#add(
      'Add',
      [output, this.#add('Mul', [limited, input(names.extrapolateBlend)], 'limited_push')],
      'blended',
    )
  }
}
