/**
 * The changes of guidance made another way, for the proof that those of `insert.ts` are what they claim to be on this very graph: at the
 * tensors as they lie, by whole matrices, with what is chosen for which row told by inputs. Slow, and sure.
 */
import { blurMatrix } from '../../core/blur'
import type { TokenGrid } from '../controls/types'
import { GraphEditor } from '../editor'
import { elementType } from '../element-type'
import { DataType, floatTensor, floatValue, intTensor, type ModelProto } from '../onnx'
import { imageAlone, type GraphTensor, type MapLayer, type MapLayout } from './types'

export type Change = 'identity' | 'blur'

/** The input that says for which rows a layer is changed. */
const selectName = (layer: number, change: Change) => `proof_${change}_${layer}`

/** σ of the blur that is tried, in tokens; where its matrix would be too large, the blur without end, which is a mean. */
const DENSE_TOKENS = 1024
export const triedSigma = ({ queries }: MapLayer): number => (queries <= DENSE_TOKENS ? 1 : Infinity)

export type Place = Pick<MapLayout, 'dims' | 'order' | 'rowAxis'>

/** Axes of the queries in a tensor that lies so: one, or two that are it together. */
export function queryAxes({ dims, order }: Place, queries: number): readonly number[] {
  return order.slice(dims[order.at(-2)!] === queries ? -2 : -3, -1)
}

/** Lengths of something that is alike on all axes but some. */
function broadcast({ dims }: Place, axes: readonly number[], lengths: readonly number[]): number[] {
  const shape = dims.map(() => 1)
  for (const [i, axis] of axes.entries()) shape[axis] = lengths[i]!
  return shape
}

/** A function of query and key as a tensor that is alike for all rows and heads. */
function overMap(place: Place, { queries, keys }: MapLayer, value: (query: number, key: number) => number) {
  const axes = queryAxes(place, queries)
  const key = place.order.at(-1)!
  const dims = broadcast(place, [...axes, key], [...axes.map((axis) => place.dims[axis]!), keys])
  const data = new Float32Array(queries * keys)
  // The keys are the last axis: the softmax is over it.
  for (let i = 0; i < queries; i++) for (let j = 0; j < keys; j++) data[i * keys + j] = value(i, j)
  return { dims, data }
}

/** Of the image's tokens among all: the blur of a grid; of the others: as they are. */
function blurWeights(layer: MapLayer, { height, width }: TokenGrid, start: number): Float32Array {
  const { queries } = layer
  const down = blurMatrix(triedSigma(layer), height)
  const across = blurMatrix(triedSigma(layer), width)
  const count = height * width
  return Float32Array.from({ length: queries * queries }, (_, at) => {
    const [i, j] = [Math.floor(at / queries) - start, (at % queries) - start]
    const inside = (token: number) => token >= 0 && token < count
    if (!inside(i) || !inside(j)) return i === j ? 1 : 0
    const [y, x] = [Math.floor(i / width), i % width]
    return down[y * height + Math.floor(j / width)]! * across[x * width + (j % width)]!
  })
}

class Reference {
  constructor(
    private readonly editor: GraphEditor,
    private readonly layer: MapLayer,
    private readonly index: number,
  ) {}

  #add(op: string, inputs: readonly string[], base: string, options: Parameters<GraphEditor['add']>[3] = {}): string {
    return this.editor.add(op, inputs, `proof/${this.index}/${base}`, options)
  }

  #constant(dims: readonly number[], data: ArrayLike<number>, type: DataType, base: string): string {
    const single = this.editor.addInitializer(floatTensor(`proof/${this.index}/${base}`, dims, data))
    return this.#as(single, DataType.FLOAT, type, `${base}_as`)
  }

  #as(tensor: string, from: DataType, to: DataType, base: string): string {
    return from === to ? tensor : this.#add('Cast', [tensor], base, { attributes: { to: { int: to } } })
  }

  /** `there` in the rows that the input chooses, `here` in the others. */
  #chosen(change: Change, there: string, here: string, place: Place): string {
    const value = floatValue(
      selectName(this.index, change),
      place.dims.map((_, axis) => (axis === place.rowAxis ? null : 1)),
    )
    if (value.type?.value.case === 'tensorType') value.type.value.value.elemType = DataType.BOOL
    return this.#add('Where', [this.editor.addInput(value), there, here], `${change}_chosen`)
  }

  identity(): void {
    const { map, layout } = this.layer
    const image = imageAlone(this.layer)
    const type = elementType(this.editor, map)
    this.editor.interpose(map, (own) => {
      if (!image) {
        const { dims, data } = overMap(layout, this.layer, (i, j) => (i === j ? 1 : 0))
        return this.#chosen('identity', this.#constant(dims, data, type, 'identity'), own, layout)
      }
      // What is left of the map when tokens of the image do not see each other, made to sum to one again.
      const { start, keyStart, count } = image
      const inside = (token: number) => token >= 0 && token < count
      const { dims, data } = overMap(layout, this.layer, (query, key) => {
        const [i, j] = [query - start, key - keyStart]
        return i !== j && inside(i) && inside(j) ? 0 : 1
      })
      const left = this.#add('Mul', [own, this.#constant(dims, data, type, 'seen')], 'left')
      const axis = this.editor.addInitializer(intTensor(`proof/${this.index}/keys`, [1], [layout.order.at(-1)!]))
      const total = this.#add('ReduceSum', [left, axis], 'total', { attributes: { keepdims: { int: 1 } } })
      return this.#chosen('identity', this.#add('Div', [left, total], 'whole'), own, layout)
    })
  }

  blur(): void {
    const { scores, image, queries } = this.layer
    if (!scores || !image?.grid) return
    const { grid, start } = image
    const type = elementType(this.editor, scores.tensor)
    const axes = queryAxes(scores, queries)
    this.editor.interpose(scores.tensor, (own) => {
      const single = this.#as(own, type, DataType.FLOAT, 'single')
      const blurred =
        queries <= DENSE_TOKENS
          ? this.#mixed(single, scores, axes, blurWeights(this.layer, grid, start))
          : this.#mean(single, scores, axes)
      return this.#chosen('blur', this.#as(blurred, DataType.FLOAT, type, 'blurred'), own, scores)
    })
  }

  /** Queries summed with weights [queries, queries], whatever axes they lie on. */
  #mixed(own: string, { dims }: Place, axes: readonly number[], data: Float32Array): string {
    const lengths = axes.map((axis) => dims[axis]!)
    const weights = this.#constant([...lengths, ...lengths], data, DataType.FLOAT, 'weights')
    const letters = dims.map((_, axis) => String.fromCodePoint(97 + axis))
    const made = letters.map((letter, axis) => (axes.includes(axis) ? letter.toUpperCase() : letter))
    const taken = [...axes.map((axis) => made[axis]!), ...axes.map((axis) => letters[axis]!)].join('')
    return this.#add('Einsum', [weights, own], 'mixed', {
      attributes: { equation: { string: `${taken},${letters.join('')}->${made.join('')}` } },
    })
  }

  /** The mean over the image's queries for each of them, which is the blur without end. */
  #mean(own: string, { dims }: Place, axes: readonly number[]): string {
    const { image, queries } = this.layer
    const { start, count } = image!
    const inside = Float32Array.from({ length: queries }, (_, i) => (i >= start && i < start + count ? 1 : 0))
    const lengths = axes.map((axis) => dims[axis]!)
    const shape = broadcast({ dims, order: [], rowAxis: 0 }, axes, lengths)
    const share = this.#constant(
      shape,
      inside.map((value) => value / count),
      DataType.FLOAT,
      'share',
    )
    const over = this.editor.addInitializer(intTensor(`proof/${this.index}/queries`, [axes.length], axes))
    const weighed = this.#add('Mul', [own, share], 'weighed')
    const mean = this.#add('ReduceSum', [weighed, over], 'mean', { attributes: { keepdims: { int: 1 } } })
    const is = this.#add('Cast', [this.#constant(shape, inside, DataType.FLOAT, 'inside')], 'is', {
      attributes: { to: { int: DataType.BOOL } },
    })
    return this.#add('Where', [is, mean, own], 'averaged')
  }
}

/** Puts the other way of the changes into a graph, in place. `layers`: those that can be guided. */
export function insertReference(model: ModelProto, layers: readonly MapLayer[]): void {
  const editor = new GraphEditor(model)
  for (const [index, layer] of layers.entries()) {
    const reference = new Reference(editor, layer, index)
    reference.blur()
    reference.identity()
  }
  editor.finish()
}

/** Where a change is tried: layers by row, null for a row that stays as it is. */
export type Tried = readonly (readonly [layer: number, change: Change] | null)[]

/** What the inputs are given for these rows. */
export function referenceFeeds(layers: readonly MapLayer[], tried: Tried): Record<string, GraphTensor> {
  const feeds: Record<string, GraphTensor> = {}
  for (const [index, layer] of layers.entries()) {
    const rows = (change: Change) => tried.map((what) => what?.[0] === index && what[1] === change)
    feeds[selectName(index, 'identity')] = chosenRows(layer.layout, layer, rows('identity'))
    if (layer.scores && layer.image?.grid)
      feeds[selectName(index, 'blur')] = chosenRows(layer.scores, layer, rows('blur'))
  }
  return feeds
}

/** Which rows a change is made in, as far as a tensor that lies so has an axis for them. */
export function chosenRows(
  { dims, rowAxis }: Place,
  { layout: { headsFirst } }: MapLayer,
  chosen: readonly boolean[],
): GraphTensor {
  const each = dims[rowAxis]!
  const rows = chosen.length
  const data = new Uint8Array(each * rows)
  for (const [row, is] of chosen.entries())
    if (is) for (let i = 0; i < each; i++) data[headsFirst ? i * rows + row : row * each + i] = 1
  return { type: 'bool', dims: dims.map((_, axis) => (axis === rowAxis ? each * rows : 1)), data }
}
