/** The manifest of a network that somebody brought: to be shared beside its files, and that of the prepared files on this machine. */
import type { ModelFile } from '../../model/description'
import { methods } from '../../guidance'
import type { ProposedDescription } from '../../model/guess'
import { parseManifest } from '../../model/manifest'
import type { ModelInfo } from '../../model/types'
import type { LayerBranches } from '../../network/left-out'
import type { MapLayer } from '../../network/maps/types'
import { guidable } from '../../network/maps/types'
import type { AttentionLayer, LayerPart, Stage } from '../../network/types'
import { lookAt, type BroughtFiles } from './brought'

/** SHA-256 in hexadecimal. */
export type Hash = (bytes: Uint8Array) => string

/** What nobody can guess. */
export interface Named {
  readonly id: string
  readonly name: string
  /** Names of the classes; absent: numbers. */
  readonly classes?: readonly string[]
  /** Texts, and the file of `data` with their embeddings. */
  readonly texts?: { readonly file: string; readonly prompts: readonly string[] }
  /** The file of `data` that makes pictures of latents, and those with its weights. */
  readonly decoder?: { readonly graph: string; readonly weights: readonly string[] }
  /** Token grids [height, width], by guided layer. */
  readonly grids?: Readonly<Record<string, readonly [number, number]>>
}

/** A name that a manifest may have for a file. */
const fileName = (name: string) =>
  name
    .split(/[/\\]/)
    .at(-1)!
    .replaceAll(/[^\w.-]/g, '_')
    .replace(/^\.+/, '_')

/** The bytes of a file of the manifest among those that were brought. */
export function broughtAs(file: string, data: BroughtFiles['data']): Uint8Array | null {
  const key = Object.keys(data).find((name) => fileName(name) === file)
  return key === undefined ? null : data[key]!
}

/** A file as a manifest lists it. */
export const entryOf = (file: string, bytes: Uint8Array, hash: Hash): ModelFile => ({
  file: fileName(file),
  bytes: bytes.byteLength,
  sha256: hash(bytes),
})

function conditioningOf(
  { conditioning }: ProposedDescription,
  { classes, texts }: Named,
  data: BroughtFiles['data'],
  hash: Hash,
) {
  switch (conditioning.kind) {
    case 'class': {
      const names = Array.from({ length: conditioning.count }, (_, i) => ({ name: classes?.[i] ?? `Class ${i}` }))
      return { kind: 'class', labelDropout: conditioning.labelDropout, classes: names }
    }
    case 'text': {
      if (!texts || !data[texts.file])
        throw new RangeError(
          'This network is told a text by its embedding. Give a safetensors file with embeddings too.',
        )
      return { kind: 'text', prompts: texts.prompts, embeddings: entryOf(texts.file, data[texts.file]!, hash) }
    }
    case 'none':
      return { kind: 'none' }
    default:
      return conditioning satisfies never
  }
}

/** With the decoder that was brought. */
function latentOf({ latent }: ProposedDescription, { decoder }: Named, data: BroughtFiles['data'], hash: Hash) {
  if (!latent || decoder === undefined || !data[decoder.graph]) return latent
  const entry = (file: string) => entryOf(file, data[file]!, hash)
  return { ...latent, decoder: { graph: entry(decoder.graph), weights: decoder.weights.map(entry) } }
}

/** The manifest to be shared, of the files as they came. Throws RangeError where embeddings are missing, GraphError as `lookAt`. */
export function manifestOf(
  brought: BroughtFiles,
  { image, sigma, conditioning: _, ...description }: ProposedDescription,
  named: Named,
  hash: Hash,
): Readonly<Record<string, unknown>> {
  const { parameters } = lookAt(brought)
  const proposed = { image, sigma, conditioning: _, ...description }
  return {
    format: 1,
    id: named.id,
    name: named.name,
    licence: 'of whoever made it',
    family: { sentence: 'A network that somebody brought.' },
    graph: entryOf(brought.graph.file, brought.graph.bytes, hash),
    image,
    sigma,
    conditioning: conditioningOf(proposed, named, brought.data, hash),
    ...description,
    latent: latentOf(proposed, named, brought.data, hash),
    layers: [],
    brought: { grids: named.grids ?? {} },
    parameters,
    flops: 2 * parameters,
  }
}

function stagesOf(guided: readonly MapLayer[]): readonly Stage[] {
  const tokens = guided.map(({ queries, windows }) => queries * windows)
  const least = Math.min(...tokens)
  const third = guided.length / 3
  // Of a network whose layers are all alike, a third each.
  if (tokens.every((count) => count === least))
    return guided.map((_, i) =>
      i < Math.floor(third) ? 'encoder' : i >= guided.length - Math.floor(third) ? 'decoder' : 'middle',
    )
  const [first, last] = [tokens.indexOf(least), tokens.lastIndexOf(least)]
  return guided.map((_, i) => (i < first ? 'encoder' : i > last ? 'decoder' : 'middle'))
}

function lacksOf({ image, scores, windows }: MapLayer): readonly LayerPart[] {
  const lacks: LayerPart[] = ['values']
  if (!image?.grid || !scores) lacks.push('grid')
  if (!scores) lacks.push('scores')
  if (windows > 1 || !image?.grid) lacks.push('map')
  return lacks
}

/** Layers that can be guided as a model has them, with names by place and grid. */
export function layersOf(found: readonly MapLayer[], values: boolean): readonly AttentionLayer[] {
  const guided = found.filter(guidable)
  const stages = stagesOf(guided)
  const seen = new Map<string, number>()
  return guided.map((layer, index) => {
    const { image, queries, heads } = layer
    const count = image?.count ?? queries
    const { height, width } = image?.grid ?? { height: 1, width: count }
    const place = `${stages[index]!} ${image?.grid ? `${height}×${width}` : `${count} tokens`}`
    const number = (seen.get(place) ?? 0) + 1
    seen.set(place, number)
    const lacks = lacksOf(layer).filter((part) => part !== 'values' || !values)
    return {
      index,
      name: `${place} · ${number}`,
      stage: stages[index]!,
      height,
      width,
      heads,
      ...(lacks.length > 0 && { lacks }),
    }
  })
}

/** Its first picture where nothing can act inside it: by the first method that needs nothing from there. */
function withoutLayers(model: ModelInfo): ModelInfo['first'] {
  const able = methods.find(({ kind, unavailable }) => kind === 'negative' && unavailable(model) === null)
  return { method: able?.id ?? 'none' }
}

/** What was prepared on this machine. */
export interface Prepared {
  readonly graph: Uint8Array
  readonly weights: Uint8Array | null
  readonly layers: readonly AttentionLayer[]
  /** Whether layers were looked for. */
  readonly searched: boolean
  readonly maps: readonly MapLayer[] | null
  readonly branches: readonly LayerBranches[]
  readonly fixedRows: number | null
  readonly embedding: ModelInfo['embedding']
}

/** The model of the prepared files, and these by name. */
export function modelOf(
  manifest: Readonly<Record<string, unknown>>,
  { graph, weights, layers, searched, maps, branches, fixedRows, embedding }: Prepared,
  hash: Hash,
): { readonly model: ModelInfo; readonly files: Readonly<Record<string, Uint8Array>> } {
  const { otherWeights: _, weights: _w, networks: _n, golden: _g, ...told } = manifest
  const graphEntry = entryOf('prepared.onnx', graph, hash)
  const weightsEntry = weights && entryOf('prepared.bin', weights, hash)
  const model = parseManifest({
    ...told,
    graph: graphEntry,
    ...(weightsEntry && { weights: weightsEntry }),
    layers: layers.map(({ lacks: _l, ...layer }) => layer),
    fixedRows,
    ...(embedding && { embedding }),
  })
  return {
    model: {
      ...model,
      ...(layers.length === 0 && { first: withoutLayers(model) }),
      layers,
      brought: { grids: model.brought?.grids ?? {}, maps, branches, searched },
    },
    files: { [graphEntry.file]: graph, ...(weights && weightsEntry && { [weightsEntry.file]: weights }) },
  }
}
