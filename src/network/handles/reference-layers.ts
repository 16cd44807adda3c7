/**
 * What is done round and at attentions made another way, for their proof: an addition gives its shortcut in the rows that are chosen,
 * where ours multiplies its branch by nothing; the rows of a map are taken in another order, where ours multiplies by a permutation; values
 * that dropout takes are chosen to be nothing, where ours multiplies by factors.
 */
import { dropoutFactors, shuffledSources } from '../controls/matrices'
import { GraphEditor } from '../editor'
import { elementType } from '../element-type'
import { chosenRows, queryAxes } from '../maps/reference'
import type { Branches } from '../left-out'
import { imageAlone, type GraphTensor, type MapLayer } from '../maps/types'
import { DataType, floatTensor, floatValue, intTensor, type ModelProto, type ValueInfoProto } from '../onnx'

/** What is left out, whose tokens change places, or where dropout acts. */
export type LayerChange = 'attention' | 'block' | 'tokens' | 'dropout'

/** The order that is tried: all tokens change places. */
export const TRIED_ORDER = { share: 1, seed: 11 }
/** The dropout that is tried. */
export const TRIED_DROPOUT = { rate: 0.25, seed: 12 }

const nameOf = (layer: number, change: LayerChange) => `proof_${change}_${layer}`

function boolean(name: string, dims: readonly (number | null)[]): ValueInfoProto {
  const value = floatValue(name, dims)
  if (value.type?.value.case === 'tensorType') value.type.value.value.elemType = DataType.BOOL
  return value
}

/** The tokens that change places among the queries: those of the image beside others that only it looks at, else all. */
export function orderedTokens(layer: MapLayer): { readonly start: number; readonly count: number } {
  return imageAlone(layer) ?? { start: 0, count: layer.queries }
}

function leaveOut(editor: GraphEditor, branches: Branches, name: string): void {
  if (branches.kind === 'refused') return
  const chosen = editor.addInput(boolean(name, [null]))
  for (const { sum, branch, rank } of branches.additions) {
    const shortcut = editor.producer(sum)!.input[1 - branch]!
    const dims = [-1, ...Array<number>(rank - 1).fill(1)]
    const shape = editor.addInitializer(intTensor(`${name}/shape`, [rank], dims))
    const like = editor.add('Reshape', [chosen, shape], `${name}/rows`)
    editor.interpose(sum, (own) => editor.add('Where', [like, shortcut, own], `${name}/sum`))
  }
}

function reorder(editor: GraphEditor, layer: MapLayer, name: string): void {
  const { map, layout, queries } = layer
  const { start, count } = orderedTokens(layer)
  const order = Array.from({ length: queries }, (_, i) => i)
  for (const [i, source] of shuffledSources(count, TRIED_ORDER).entries()) order[start + i] = start + source
  const axes = queryAxes(layout, queries)
  const [first] = axes as [number]
  const ints = (values: readonly number[], base: string) =>
    editor.addInitializer(intTensor(`${name}/${base}`, [values.length], values))
  const view = (tensor: string, dims: readonly number[], base: string) =>
    axes.length === 1 ? tensor : editor.add('Reshape', [tensor, ints(dims, `${base}_shape`)], `${name}/${base}`)
  const dims = layout.dims.map((length, axis) => (axis === layout.rowAxis ? -1 : length))
  const chosen = editor.addInput(
    boolean(
      name,
      dims.map((_, axis) => (axis === layout.rowAxis ? null : 1)),
    ),
  )
  editor.interpose(map, (own) => {
    const flat = view(own, [...dims.slice(0, first), queries, ...dims.slice(first + axes.length)], 'flat')
    const ordered = editor.add('Gather', [flat, ints(order, 'order')], `${name}/ordered`, {
      attributes: { axis: { int: first } },
    })
    return editor.add('Where', [chosen, view(ordered, dims, 'back'), own], `${name}/chosen`)
  })
}

function dropOut(editor: GraphEditor, { branches: { convolution }, image }: MapLayer, name: string): void {
  const node = convolution && editor.producer(convolution.made)
  const grid = image?.grid
  if (!node || !grid) return
  const dims = [1, convolution.channels, grid.height, grid.width]
  const factors = dropoutFactors(convolution.channels * grid.height * grid.width, TRIED_DROPOUT)
  const entered = node.input[0]!
  const type = elementType(editor, entered)
  const as = (tensor: string, to: DataType) =>
    editor.add('Cast', [tensor], `${name}/as`, { attributes: { to: { int: to } } })
  const number = (values: ArrayLike<number>, shape: readonly number[], base: string) =>
    editor.addInitializer(floatTensor(`${name}/${base}`, shape, values))
  const kept = as(
    number(
      factors.map((factor) => (factor > 0 ? 1 : 0)),
      dims,
      'kept',
    ),
    DataType.BOOL,
  )
  const larger = editor.add('Div', [entered, as(number([1 - TRIED_DROPOUT.rate], [], 'left'), type)], `${name}/larger`)
  const dropped = editor.add('Where', [kept, larger, as(number([0], [], 'nothing'), type)], `${name}/dropped`)
  const chosen = editor.addInput(boolean(name, [null, 1, 1, 1]))
  editor.setInput(node, 0, editor.add('Where', [chosen, dropped, entered], `${name}/chosen`))
}

/** In place. */
export function insertLayerReference(
  model: ModelProto,
  layers: readonly MapLayer[],
  changes: readonly LayerChange[],
): void {
  const editor = new GraphEditor(model)
  for (const [i, layer] of layers.entries()) {
    if (changes.includes('dropout')) dropOut(editor, layer, nameOf(i, 'dropout'))
    if (changes.includes('tokens')) reorder(editor, layer, nameOf(i, 'tokens'))
    if (changes.includes('attention')) leaveOut(editor, layer.branches.attention, nameOf(i, 'attention'))
    if (changes.includes('block')) leaveOut(editor, layer.branches.block, nameOf(i, 'block'))
  }
  editor.finish()
}

/** Of each row the layer and what is done there; null: nothing. */
export type TriedRows = readonly ({ readonly layer: number; readonly change: LayerChange } | null)[]

export function layerReferenceFeeds(
  layers: readonly MapLayer[],
  changes: readonly LayerChange[],
  tried: TriedRows,
): Record<string, GraphTensor> {
  const feeds: Record<string, GraphTensor> = {}
  for (const [i, layer] of layers.entries()) {
    const rows = (...of: readonly LayerChange[]) => tried.map((one) => one?.layer === i && of.includes(one.change))
    if (changes.includes('tokens')) feeds[nameOf(i, 'tokens')] = chosenRows(layer.layout, layer, rows('tokens'))
    if (changes.includes('dropout') && layer.branches.convolution)
      feeds[nameOf(i, 'dropout')] = {
        type: 'bool',
        dims: [tried.length, 1, 1, 1],
        data: Uint8Array.from(rows('dropout'), Number),
      }
    // With its block an attention is left out, too.
    const left = [
      ['attention', rows('attention', 'block')],
      ['block', rows('block')],
    ] as const
    for (const [change, chosen] of left)
      if (changes.includes(change) && layer.branches[change].kind === 'found')
        feeds[nameOf(i, change)] = { type: 'bool', dims: [tried.length], data: Uint8Array.from(chosen, Number) }
  }
  return feeds
}
