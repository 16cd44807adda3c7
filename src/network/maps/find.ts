/**
 * Finds attention maps in anybody's network by what it computes: every softmax over a product of two tensors, its rows, heads and
 * tokens read off by running the graph with two rows and with one, its tokens followed back to where they come from. No names, no
 * patterns of projections.
 */
import { GraphEditor, checkOpset } from '../editor'
import { Flow } from '../flow'
import type { ModelProto, NodeProto } from '../onnx'
import { NO_BRANCHES } from '../left-out'
import { isFused, openAttention, unopened, type Opened } from '../opening'
import { blurPlace } from './blur-place'
import { branchesOfMaps } from './branches'
import { wholeAxis } from './digit'
import { judge } from './judge'
import { Layouts } from './layout'
import { measured, type Measured, type Ran } from './measure'
import { mapOf, openWritten, overLast, unopenedExponentials } from './opening-softmax'
import { openSums } from './opening-sums'
import type { Origin } from './origin'
import { ScoreFinder, type Scores } from './scores'
import { Sums } from './summed'
import { Tracer } from './trace'
import type { MapLayer, MapLayout, Verdict } from './types'
import { Unmapped } from './unmapped'

export interface MapSearch extends Ran {
  /** The input that is the noisy image. */
  readonly sample: string
}

export interface MapSurvey {
  /** The graph with its fused attentions opened, in which the maps are. */
  readonly model: ModelProto
  readonly layers: readonly MapLayer[]
  /** Fused nodes that could not be opened, and why. */
  readonly closed: readonly { readonly node: string; readonly reason: string }[]
}

/** A layer at which nothing acts, as far as its node tells. */
const refusedLayer = (map: string, node: string, verdict: Verdict): MapLayer => ({
  map,
  node,
  verdict,
  beside: 'nothing',
  heads: 0,
  windows: 1,
  queries: 0,
  keys: 0,
  layout: { dims: [], order: [], headsFirst: false, rowAxis: 0 },
  queriesFrom: null,
  image: null,
  scores: null,
  branches: NO_BRANCHES,
})

class Finder {
  readonly #flow: Flow
  readonly #tracer: Tracer
  readonly #scores: ScoreFinder
  readonly #sums: Sums
  readonly #unmapped: Unmapped
  readonly #layouts: Layouts

  constructor(
    private readonly editor: GraphEditor,
    private readonly measured: Measured,
    private readonly sample: string,
  ) {
    this.#flow = new Flow(editor)
    this.#tracer = new Tracer(editor, measured.full, sample)
    this.#scores = new ScoreFinder(editor, this.#flow, measured.full)
    this.#layouts = new Layouts(measured, this.#tracer, sample)
    this.#sums = new Sums(editor, this.#flow, measured.full)
    this.#unmapped = new Unmapped({
      editor,
      flow: this.#flow,
      shapes: measured.full,
      ofImage: (tensor, axis) => {
        const dims = measured.full.of(tensor) ?? []
        return (dims[axis] ?? 0) > 1 && this.#ofImage(this.#tracer.origin(tensor, wholeAxis(dims, axis)))
      },
    })
  }

  #origin(scores: Scores, map: string, axes: readonly number[]): Origin {
    const dims = this.measured.full.of(map)!
    const digits = axes.map((axis) => this.#scores.down(scores, wholeAxis(dims, axis)))
    const made = scores.path.at(-1)!
    if (!digits.every((some) => some !== null)) return { kind: 'unknown' }
    const all = digits.flat()
    const [only] = all
    if (all.length === 1 && only) return this.#tracer.origin(made, only)
    return this.#tracer.imageOf(made, all) ?? { kind: 'unknown' }
  }

  /** Exponentials of scores that make no map here. */
  unopened(): MapSurvey['closed'] {
    return unopenedExponentials(this.editor, (tensor) => this.#scores.find(tensor) !== null)
  }

  /** An attention whose product of keys, with values or with queries, this node is, where no softmax follows; else null. */
  unmapped(node: NodeProto): MapLayer | null {
    const found = this.#unmapped.of(node)
    if (!found) return null
    const map = node.output[0]!
    const { verdict, tokens } = found
    return { ...refusedLayer(map, node.name || map, verdict), queries: tokens, keys: tokens, queriesFrom: null }
  }

  /** Null for a softmax that has nothing to do with attention. */
  layer(node: NodeProto, name: string): MapLayer | null {
    const map = node.output[0]!
    const scores = this.#scores.find(node.input[0]!)
    const layout = this.#layouts.of(map)
    const refused = (verdict: Verdict): MapLayer => ({
      ...refusedLayer(map, name, verdict),
      ...(layout && { heads: layout.heads, queries: layout.queries, keys: layout.keys, layout }),
      queriesFrom: scores?.operands[0] ?? null,
    })
    const between = scores ? null : this.#unfollowed(node, layout)
    if (between !== null)
      return refused({
        kind: 'not-understood',
        reason: `what lies between its queries and keys and its softmax, ${between}, is not followed`,
      })
    if (!scores) return this.#withoutScores(map, refused)
    if (!layout) return refused({ kind: 'not-understood', reason: 'its maps do not come row by row' })
    const query = layout.order.slice(layout.order.length - 1 - this.#queryAxes(layout), -1)
    const summed = this.#sums.axes(map)
    if (query.some((axis) => summed.has(axis)) && !summed.has(layout.order.at(-1)!))
      return refused({
        kind: 'not-understood',
        reason: 'its weights sum to 1 over the tokens that ask, not over those that are asked',
      })
    const judged = judge({
      queries: layout.queries,
      keys: layout.keys,
      query: this.#origin(scores, map, query),
      key: this.#origin(scores, map, [layout.order.at(-1)!]),
      sample: this.sample,
    })
    const cut = this.#windows(map, layout) ?? judged.windows
    const windows = layout.heads % cut === 0 ? cut : 1
    return {
      ...refused(judged.verdict),
      heads: layout.heads / windows,
      windows,
      beside: judged.beside,
      image: judged.image,
      scores: blurPlace(this.editor, this.measured, scores, map, layout),
    }
  }

  /** The operator for which no product of queries and keys is known behind a softmax that is over one. */
  #unfollowed({ input }: NodeProto, layout: MapLayout | null): string | null {
    if (!layout || layout.order.length < 3) return null
    const dims = this.measured.full.of(input[0]!) ?? []
    const [query, key] = layout.order.slice(-2).map((axis) => wholeAxis(dims, axis))
    return query && key && query.length > 1 ? this.#scores.unfollowed(input[0]!, query, key) : null
  }

  /** How many windows a row is cut into, where its maps lie window by window along an axis of their own. */
  #windows(map: string, { dims, rowAxis }: MapLayout): number | null {
    const length = dims[rowAxis] ?? 1
    const origin = length > 1 ? this.#tracer.origin(map, { axis: rowAxis, length, inner: 1 }) : null
    return origin?.kind === 'image' ? length : null
  }

  #queryAxes({ dims, order, queries }: MapLayout & { readonly queries: number }): number {
    return dims[order.at(-2)!] === queries ? 1 : 2
  }

  /** A softmax of tokens of an image that is over no product of queries and keys is an attention without a map; any other is none. */
  #withoutScores(map: string, refused: (verdict: Verdict) => MapLayer): MapLayer | null {
    const dims = this.measured.full.of(map) ?? []
    const ofImage = dims.map(
      (length, axis) => axis > 0 && length > 1 && this.#ofImage(this.#tracer.origin(map, wholeAxis(dims, axis))),
    )
    if (!ofImage.includes(true)) return null
    return refused(
      ofImage.at(-1)
        ? {
            kind: 'linear',
            reason: 'its softmax is over no product of queries and keys, so there is no map of tokens',
          }
        : {
            kind: 'cross',
            reason: 'its tokens are weighed against learned keys, or its channels by each other: none looks at another',
          },
    )
  }

  #ofImage(origin: Origin): boolean {
    return (
      origin.kind === 'image' ||
      (origin.kind === 'pieces' && origin.pieces.some((piece) => this.#ofImage(piece.origin)))
    )
  }
}

/** Surveys the maps of a graph, which it opens fused attentions of, in place. Rejects with GraphError, or with what the runtime rejects with. */
export async function findMaps(search: MapSearch): Promise<MapSurvey> {
  const { model, sample } = search
  const editor = new GraphEditor(model)
  checkOpset(editor)
  const places = new Map(editor.graph.node.map(({ output }, place) => [output[0]!, place]))
  /** Of the file's own node, whose name the map's begins with. */
  const placeOf = ({ map }: MapLayer) =>
    places.get(map) ?? places.get(map.slice(0, map.lastIndexOf('/'))) ?? places.size
  let shapes = await measured(search)
  let opened: readonly Opened[] = []
  const sums = openSums(editor)
  if (sums || editor.graph.node.some(isFused)) {
    opened = openAttention(editor, shapes.full)
    editor.finish()
    shapes = await measured(search)
  }
  const softmaxes = editor.graph.node.filter(({ opType }) => opType === 'Softmax')
  const written = openWritten(editor, shapes.full)
  const moved = softmaxes.filter((node) => overLast(editor, node, shapes.full) === 'moved')
  if (moved.length > 0 || written.length > 0) {
    editor.finish()
    shapes = await measured(search)
  }
  const finder = new Finder(editor, shapes, sample)
  const fused = opened.flatMap((one) => (one.kind === 'opened' ? [one] : []))
  const turned = moved.map((node) => ({ map: mapOf(node), node: node.name || node.output[0]! }))
  const names = new Map([...fused, ...written, ...turned].map(({ map, node }) => [map, node]))
  const layers = editor.graph.node
    .flatMap(
      (node) =>
        (node.opType === 'Softmax'
          ? finder.layer(node, names.get(node.output[0]!) ?? (node.name || node.output[0]!))
          : finder.unmapped(node)) ?? [],
    )
    .sort((a, b) => placeOf(a) - placeOf(b))
  const kept = opened.flatMap((one) => (one.kind === 'kept' ? [{ node: one.node, reason: one.reason }] : []))
  const closed = [...kept, ...unopened(editor), ...finder.unopened()]
  return { model, layers: branchesOfMaps(editor, shapes, sample, layers), closed }
}
