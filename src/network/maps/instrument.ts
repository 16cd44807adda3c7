/**
 * A graph with controls, for any runtime and any program: its inputs say how long they are, and its metadata, as JSON under the key
 * `guidance`, what each control is. docs/any-network.md specifies both.
 */
import { create } from '@bufbuild/protobuf'
import { StringStringEntryProtoSchema } from 'onnx-buf'
import { controlNames, mapNames, type ControlledLayer } from '../controls/types'
import { copyModel, DataType, declaredShape, floatValue, type ModelProto } from '../onnx'
import { insertMapControls } from './insert'
import { guidable, type Feeds, type MapLayer } from './types'

/** The key of the metadata. */
export const GUIDANCE = 'guidance'

/** A layer as the metadata tells of it. */
export interface ControlledMap {
  readonly layer: number
  /** The node of the file that it came from. */
  readonly node: string
  readonly heads: number
  readonly queries: number
  readonly keys: number
  /** Tokens of the image among the queries and the keys, and their grid; null where that is not known. */
  readonly image: { readonly start: number; readonly keyStart: number; readonly count: number } | null
  readonly grid: readonly [height: number, width: number] | null
  /** What is beside them in the map: nothing, other tokens, or those of a text. */
  readonly beside: MapLayer['beside']
  /** Lengths of its inputs after the rows, by name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  /** Outputs that tell of it. */
  readonly outputs: readonly string[]
}

export interface Instrumented {
  readonly model: ModelProto
  readonly layers: readonly ControlledLayer[]
  readonly maps: readonly ControlledMap[]
}

export interface InstrumentOptions {
  /** As a search left it; it is not changed. */
  readonly model: ModelProto
  readonly layers: readonly MapLayer[]
  /** The number of rows that the graph was exported for; null: any. */
  readonly batch: number | null
  /** What it was searched with: controls fit these lengths. */
  readonly feeds: Feeds
  /** The guided layer whose map becomes an output; null: none. */
  readonly map: number | null
}

function describe(found: MapLayer, layer: ControlledLayer, told: boolean): ControlledMap {
  const { index, heads, height, width, reach } = layer
  const names = controlNames(index)
  const blurs = { [names.blurHeight]: [height, height], [names.blurWidth]: [1, width, width] }
  const { image, node, queries, keys, beside } = found
  return {
    layer: index,
    node,
    heads,
    queries,
    keys,
    image: image && { start: image.start, keyStart: image.keyStart, count: image.count },
    grid: image?.grid ? [image.grid.height, image.grid.width] : null,
    beside,
    inputs: { [names.mix]: [1, heads, 1], ...(reach === 'map' ? {} : blurs) },
    outputs: told ? [mapNames(index).map, mapNames(index).received] : [],
  }
}

/** Lengths that were open are those that the controls fit. */
function fixLengths({ graph }: ModelProto, feeds: Feeds, batch: number | null): void {
  for (const value of graph!.input) {
    const dims = feeds[value.name]?.dims
    const declared = declaredShape(value)
    if (!dims || !declared || value.type?.value.case !== 'tensorType') continue
    const fixed = declared.map((dim, axis) =>
      axis === 0 && batch === null && typeof dim !== 'number' ? dim : dims[axis]!,
    )
    const elemType: DataType = value.type.value.value.elemType
    value.type = floatValue(value.name, fixed).type!
    if (value.type.value.case === 'tensorType') value.type.value.value.elemType = elemType
  }
}

/** Throws GraphError where no layer can be guided, or a name is taken. */
export function instrument({ model, layers: found, batch, feeds, map }: InstrumentOptions): Instrumented {
  const copy = copyModel(model)
  fixLengths(copy, feeds, batch)
  const layers = insertMapControls(copy, found, { rows: batch ?? 'dynamic', features: [], map })
  const guided = found.filter(guidable)
  const maps = layers.map((layer, i) => describe(guided[i]!, layer, map === i))
  const value = JSON.stringify({ version: 1, layers: maps })
  copy.metadataProps.push(create(StringStringEntryProtoSchema, { key: GUIDANCE, value }))
  return { model: copy, layers, maps }
}
