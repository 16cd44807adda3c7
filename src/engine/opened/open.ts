/**
 * Opens a network that somebody brought: finds its attention maps, proves on this machine that guidance does there what it says, and
 * prepares the graph that the engine runs. What fails inside refuses nothing else: methods that need nothing from inside run anyway.
 */
import { parseManifest } from '../../model/manifest'
import { insertControls } from '../../network/controls/insert'
import { findMaps, type MapSurvey } from '../../network/maps/find'
import { holdTogether, proveMaps, type Proof } from '../../network/maps/prove'
import { plain } from '../../network/maps/trial'
import { guidable, type MapLayer } from '../../network/maps/types'
import { copyModel, GraphError, type ModelProto } from '../../network/onnx'
import { bench, type Bench, branchesOf, type OpenOptions, type Packed, packed, type Proved, withBrought } from './bench'
import type { BroughtFiles } from './brought'
import { withGrids } from './grids'
import { handled } from './handles'
import { layersOf } from './manifest'

export interface Opened extends Packed {
  /** All maps that were found, with their verdicts after the proof. */
  readonly layers: readonly MapLayer[]
  /** Fused attentions that could not be opened, and why. */
  readonly closed: MapSurvey['closed']
  /** Why no map could be looked for; null where it was done. */
  readonly unread: string | null
  /** What beside the maps guidance can't take hold of, and why, in sentences. */
  readonly refused: readonly string[]
  readonly proof: Proof
}

/** A copy with controls at queries, keys and values. Throws GraphError where the graph does not tell what they need. */
function atQueries(original: ModelProto, guided: readonly MapLayer[], batch: number | null) {
  const model = copyModel(original)
  const layers = insertControls(model, {
    grids: guided.flatMap(({ image }) => image?.grid ?? []),
    branches: branchesOf(guided),
    rows: batch ?? 'dynamic',
    features: [],
    map: null,
    form: 'fused',
  })
  if (layers.some(({ heads }, i) => heads !== guided[i]!.heads))
    throw new GraphError('these are not the layers of the maps')
  return { model, layers }
}

/**
 * Controls at queries, keys and values, which leave fused attentions whole: taken where the same proof holds for them, since they are
 * faster. Null where it does not. `model`: as `findMaps` left it, in which the maps are.
 */
async function faster(
  { original, ask, progress }: Bench,
  guided: readonly MapLayer[],
  model: ModelProto,
): Promise<Proved | null> {
  if (guided.length === 0 || guided.some(({ image }) => !image?.grid)) return null
  progress.more(4 + Math.ceil(guided.length * 1.4))
  try {
    // Made before anything runs, since most graphs that can't be read so show it here.
    const made = atQueries(original, guided, ask.batch)
    const holds = await holdTogether({ ...ask, original, model, layers: guided, insert: () => made })
    return holds
      ? { graph: original, maps: null, layers: layersOf(guided, true), searched: true, embedding: null }
      : null
  } catch {
    return null
  }
}

/**
 * `manifest`: of the files as they came, as `manifestOf` makes it. Rejects with ManifestError, GraphError, RangeError for grids or
 * embeddings that don't fit, and with what the runtime rejects with where the graph itself does not run.
 */
export async function openModel(
  brought: BroughtFiles,
  manifest: Readonly<Record<string, unknown>>,
  options: OpenOptions,
): Promise<Opened> {
  const told = parseManifest(manifest)
  const own = bench(brought, told, options)
  const { original, ask, progress } = own
  const model = copyModel(original)
  const sample = told.inputs.find(({ meaning }) => meaning === 'sample')!.name
  const survey = await surveyed(() => findMaps({ ...ask, model, sample }))
  const found = typeof survey === 'string' ? [] : withGrids(survey.layers, told.brought?.grids ?? {})
  progress.more(3 + Math.ceil(found.filter(guidable).length * 1.4))
  const proof = await proveMaps({
    ...ask,
    original,
    model: typeof survey === 'string' ? original : model,
    layers: found,
  })
  const guided = proof.layers.filter(guidable)
  const atMaps: Proved =
    guided.length === 0
      ? { graph: original, maps: null, layers: [], searched: true, embedding: null }
      : { graph: model, maps: guided, layers: layersOf(guided, false), searched: true, embedding: null }
  const proved = (await faster(own, guided, model)) ?? atMaps
  const { whole, refused } =
    typeof survey === 'string'
      ? { whole: proved, refused: [] }
      : ((await withHandles(own, proved, guided, model)) ?? (await withHandles(own, atMaps, guided, model))!)
  return {
    ...withBrought(await packed(own, manifest, whole, guided, proof, options), brought),
    layers: proof.layers,
    closed: typeof survey === 'string' ? [] : survey.closed,
    unread: typeof survey === 'string' ? survey : null,
    refused,
    proof,
  }
}

/**
 * As it came: nothing is looked for inside, so that it is there as soon as it denoises, for methods that need nothing from there. Rejects
 * as `openModel` does.
 */
export async function openOutside(
  brought: BroughtFiles,
  manifest: Readonly<Record<string, unknown>>,
  options: OpenOptions,
): Promise<Packed & { readonly proof: Pick<Proof, 'rows' | 'dependent'> }> {
  const own = bench(brought, parseManifest(manifest), options)
  const { original, ask } = own
  const proof = await plain({ ...ask, original, model: original, layers: [], most: 2 })
  const whole: Proved = { graph: original, maps: null, layers: [], searched: false, embedding: null }
  return { ...withBrought(await packed(own, manifest, whole, [], proof, options), brought), proof }
}

function isReadable(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

/** Noise levels, spread over the whole range, whose embeddings are looked at. */
const LEVELS = 9

/**
 * With what guidance takes hold of beside the maps; null where controls at queries can't be read any more for it, as an input that is
 * added hides lengths. `model`: as `findMaps` left it.
 */
async function withHandles(
  { told, original, weights, ask, progress }: Bench,
  proved: Proved,
  guided: readonly MapLayer[],
  model: ModelProto,
): Promise<{ readonly whole: Proved; readonly refused: readonly string[] } | null> {
  progress.more(8 + guided.length)
  const noise = told.inputs.find(({ meaning }) => meaning === 'noise-level')?.name ?? null
  const { min, max } = told.sigma
  const rows = ask.batch ?? 1
  const levels = Array.from({ length: LEVELS }, (_, i) => ask.feeds(rows, min * (max / min) ** (i / (LEVELS - 1))))
  const { kind, labelDropout, classes: all } = told.conditioning
  const sample = told.inputs.find(({ meaning }) => meaning === 'sample')!.name
  // Weights of classes that are all zero ask for none, whatever it was trained with.
  const asksForNone = labelDropout || told.inputs.some(({ meaning }) => meaning === 'class-weights')
  const classes = kind === 'class' && asksForNone ? { count: all.length, feeds: ask.classes } : null
  const request = { ...ask, original, model, layers: guided, noise, weights, levels, sample, classes }
  const { layers, embedding, insert, refused } = await handled(request, proved.layers)
  const graph = insert(proved.graph)
  if (proved.maps === null && guided.length > 0 && !isReadable(() => atQueries(graph, guided, ask.batch))) return null
  return { whole: { ...proved, graph, layers, embedding }, refused }
}

/** What the search found, or why there could be none. */
async function surveyed(search: () => Promise<MapSurvey>): Promise<MapSurvey | string> {
  try {
    return await search()
  } catch (error) {
    // Where the graph itself does not run, the proof tells.
    return error instanceof Error ? error.message : String(error)
  }
}
