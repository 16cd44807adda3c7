/** A model that was opened and prepared on this machine, as JSON that was kept: its manifest, and what was found of its maps. */
import * as v from 'valibot'
import type { MapLayer } from '../network/maps/types'
import type { LayerPart } from '../network/types'
import { count, text } from './entries'
import { ManifestError, parseManifest } from './manifest'
import type { ModelInfo } from './types'

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const lengths = v.pipe(v.array(whole), v.readonly())
const reasoned = <K extends string>(kind: K) => v.object({ kind: v.literal(kind), reason: v.string() })

const branches = v.variant('kind', [
  v.object({
    kind: v.literal('found'),
    additions: v.array(v.object({ sum: text, branch: v.picklist([0, 1]), rank: count })),
  }),
  reasoned('refused'),
])
const BEFORE = { kind: 'refused', reason: 'it was opened before anybody looked for its branches' } as const

const ofLayer = v.object({
  attention: branches,
  block: branches,
  convolution: v.nullable(v.object({ made: text, channels: count })),
})

const place = v.pipe(
  v.object({
    start: whole,
    keyStart: v.exactOptional(whole),
    count,
    grid: v.nullable(v.object({ height: count, width: count })),
  }),
  // What was kept before there were maps with more keys than queries has its tokens at one place.
  v.transform(({ start, keyStart = start, ...rest }) => ({ start, keyStart, ...rest })),
)

const map = v.object({
  map: text,
  node: v.string(),
  verdict: v.variant('kind', [
    v.object({ kind: v.literal('ready') }),
    v.object({ kind: v.literal('joint') }),
    reasoned('needs-grid'),
    reasoned('cross'),
    reasoned('linear'),
    reasoned('not-understood'),
  ]),
  beside: v.picklist(['nothing', 'tokens', 'text']),
  heads: count,
  windows: count,
  queries: count,
  keys: count,
  layout: v.object({ dims: lengths, order: lengths, headsFirst: v.boolean(), rowAxis: whole }),
  queriesFrom: v.nullable(v.string()),
  image: v.nullable(place),
  scores: v.nullable(v.object({ tensor: text, dims: lengths, order: lengths, rowAxis: whole })),
  branches: v.optional(ofLayer, { attention: BEFORE, block: BEFORE, convolution: null }),
}) satisfies v.GenericSchema<unknown, MapLayer>

/** Every part has to be here, since what was kept with one that is unknown could not be read. */
const PARTS = {
  grid: true,
  scores: true,
  values: true,
  map: true,
  attention: true,
  block: true,
  order: true,
  dropout: true,
} satisfies Record<LayerPart, true>
const isPart = (part: unknown): part is LayerPart => typeof part === 'string' && Object.hasOwn(PARTS, part)
const parts = v.array(v.custom<LayerPart>(isPart, 'is no part of a layer that is known here'))
const found = v.object({
  layers: v.array(v.object({ lacks: v.exactOptional(parts) })),
  brought: v.nullable(
    v.object({
      maps: v.nullable(v.array(map)),
      branches: v.optional(v.nullable(v.array(ofLayer)), null),
      searched: v.optional(v.boolean(), true),
    }),
  ),
})

/** As JSON, which `parseKept` reads. */
export const keptOf = (model: ModelInfo): unknown => ({ format: 1, ...model })

/** Throws ManifestError. */
export function parseKept(json: unknown): ModelInfo {
  const model = parseManifest(json)
  const result = v.safeParse(found, json)
  if (!result.success) {
    const [issue] = result.issues
    throw new ManifestError(`the opened model ${model.id}: ${v.getDotPath(issue) ?? ''}: ${issue.message}`)
  }
  const { layers, brought } = result.output
  return {
    ...model,
    layers: model.layers.map((layer, i) => ({ ...layer, ...layers[i] })),
    brought: brought && { grids: model.brought?.grids ?? {}, ...brought },
  }
}
