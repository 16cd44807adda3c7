/** The parser of `models/<id>/manifest.json`: what comes from a file or a server is checked here, once. */
import * as v from 'valibot'
import { LONGEST_SIGMA_REL } from '../core/ema'
import { count, distinct, file, fileName, positive, text } from './entries'
import { conditioning, conditioningOf, describing, descriptionOf } from './manifest-description'
import type { FamilyEntry, ModelFile, ModelInfo, NetworkInfo } from './types'

/** A manifest that can't be used. The message says which entry is wrong, and what to do. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
}

/** The version of the format that this application reads. */
const FORMAT = 1

const id = v.pipe(v.string(), v.regex(/^[\w-]+$/, 'must be made of letters, digits, - and _'))
const size = { height: count, width: count }
const sigmaRel = v.pipe(
  v.number(),
  v.gtValue(0, 'must be positive'),
  v.maxValue(LONGEST_SIGMA_REL, `must be at most ${LONGEST_SIGMA_REL.toFixed(3)}: no power-function average is longer`),
)
const samples = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(0, 'must not be negative'))

const ROLES = ['main', 'snapshot', 'small', 'dropout', 'unconditional', 'sims', 'second'] as const

const network = v.object({
  id,
  name: text,
  role: v.picklist(ROLES, `must be one of ${ROLES.join(', ')}`),
  graph: file,
  weights: v.exactOptional(file),
  otherWeights: v.exactOptional(v.array(file)),
  golden: v.exactOptional(file),
  parameters: count,
  flops: count,
  heads: v.array(count),
  labelDropout: v.boolean(),
  tunedFrom: v.exactOptional(text),
  samples,
  sigmaRel: v.nullable(sigmaRel),
  averages: v.pipe(
    v.array(v.object({ sigmaRel, samples, weights: file })),
    v.check(
      (averages) => distinct(averages.map((average) => `${average.sigmaRel} ${average.samples}`)),
      'no two may have the same sigmaRel and samples',
    ),
  ),
})

/** Parts of a preset; the settings check what they say where they use them. */
const start = v.record(text, v.union([v.number(), v.string(), v.boolean(), v.array(v.union([v.number(), v.string()]))]))
const starts = v.record(text, start)

const share = v.pipe(v.number(), v.minValue(0, 'must be a share'), v.maxValue(1, 'must be a share'))
const shares = { helps: share, harms: share }
const chosen = v.object({
  preset: start,
  criterion: text,
  tried: count,
  ...shares,
  classes: v.array(v.object({ seed: v.pipe(v.number(), v.integer(), v.minValue(0)), ...shares })),
})

const family = v.optional(
  v.object({
    sentence: v.optional(v.string(), ''),
    order: v.optional(v.number(), 1000),
    hidden: v.optional(v.boolean(), false),
    thumbnail: v.optional(v.nullable(fileName), null),
    unnamedInLinks: v.optional(v.boolean(), false),
  }),
  {},
)

const schema = v.object({
  format: v.literal(FORMAT, `must be ${FORMAT}`),
  id,
  name: text,
  licence: text,
  family,
  first: v.optional(start, {}),
  chosen: v.optional(v.nullable(chosen), null),
  judge: v.optional(v.nullable(v.object({ family: v.optional(id), file: fileName, bytes: count, metric: text })), null),
  evaluation: v.optional(v.nullable(fileName), null),
  graph: file,
  weights: v.exactOptional(file),
  otherWeights: v.exactOptional(v.array(file)),
  golden: v.optional(v.nullable(file), null),
  image: v.object({ channels: count, ...size }),
  ...describing,
  sigma: v.pipe(
    v.object({
      min: positive,
      max: positive,
      rho: v.optional(positive, 7),
      spacing: v.exactOptional(v.picklist(['karras', 'time'], 'must be karras or time')),
    }),
    v.check(({ min, max }) => min < max, 'min must be below max'),
  ),
  conditioning,
  embedding: v.optional(
    v.nullable(v.object({ width: count, noiseDeviation: positive, classDeviation: v.nullable(positive) })),
    null,
  ),
  starts: v.optional(v.object({ class: v.optional(starts, {}), none: v.optional(starts, {}) }), {
    class: {},
    none: {},
  }),
  networks: v.optional(
    v.pipe(
      v.array(network),
      v.check((networks) => networks[0]?.id === 'main', 'the first must have the id main'),
      v.check((networks) => distinct(networks.map(({ id }) => id)), 'ids must differ'),
    ),
  ),
  crops: v.optional(
    v.pipe(
      v.array(v.object({ ...size, graph: file })),
      v.check(
        (crops) =>
          crops.every(({ height, width }, i) => i === 0 || height * width < crops[i - 1]!.height * crops[i - 1]!.width),
        'must be in order, largest first',
      ),
    ),
    [],
  ),
  vision: v.optional(v.nullable(v.object({ graph: file, weights: file, ...size })), null),
  renders: v.optional(
    v.nullable(v.object({ sheet: file, rows: count, look: v.optional(v.nullable(text), null) })),
    null,
  ),
  layers: v.pipe(
    v.array(
      v.object({
        index: v.pipe(v.number(), v.integer(), v.minValue(0)),
        name: text,
        stage: v.picklist(['encoder', 'middle', 'decoder'], 'must be encoder, middle or decoder'),
        height: count,
        width: count,
        heads: count,
      }),
    ),
    v.check((layers) => layers.every(({ index }, i) => index === i), 'indices must be 0, 1, 2, … in order'),
    v.check((layers) => distinct(layers.map(({ name }) => name)), 'names must differ'),
  ),
  brought: v.optional(
    v.nullable(
      v.pipe(
        v.object({
          grids: v.optional(
            v.record(v.pipe(v.string(), v.regex(/^\d+$/, 'must be by layer')), v.tuple([count, count])),
            {},
          ),
        }),
        v.transform(({ grids }): ModelInfo['brought'] => ({ grids, maps: null, branches: null, searched: false })),
      ),
    ),
    null,
  ),
  parameters: count,
  flops: count,
})

/** Every mention of a file. */
function mentions(model: ModelInfo): readonly ModelFile[] {
  return [
    model.graph,
    model.weights,
    ...(model.golden ? [model.golden] : []),
    ...model.networks.flatMap(({ graph, weights, otherWeights = [], golden, averages }) => [
      graph,
      weights,
      ...otherWeights,
      ...(golden ? [golden] : []),
      ...averages.map((average) => average.weights),
    ]),
    ...model.crops.map(({ graph }) => graph),
    ...(model.vision ? [model.vision.graph, model.vision.weights] : []),
    ...(model.renders ? [model.renders.sheet] : []),
    ...(model.latent?.decoder ? [model.latent.decoder.graph, ...model.latent.decoder.weights] : []),
    ...(model.conditioning.kind === 'text' ? [model.conditioning.embeddings] : []),
  ]
}

/** All files of the model, each once. */
export function filesOf(model: ModelInfo): readonly ModelFile[] {
  return [...new Map(mentions(model).map((entry) => [entry.file, entry])).values()]
}

function same(a: ModelFile, b: ModelFile): boolean {
  return a.file === b.file && a.bytes === b.bytes && a.sha256 === b.sha256
}

/** What is wrong between entries that are right by themselves, or null. */
function contradiction(model: ModelInfo): string | null {
  const { image, crops, networks, chosen, conditioning } = model
  const main = networks[0]!
  if (chosen && chosen.classes.length !== conditioning.classes.length)
    return `chosen.classes: must have an entry for each of the ${conditioning.classes.length} classes`
  if (!same(main.graph, model.graph) || !same(main.weights, model.weights)) {
    return 'networks.0: the files of main must be the model’s own graph and weights'
  }
  if (main.labelDropout !== model.conditioning.labelDropout)
    return 'networks.0.labelDropout: must be that of conditioning'
  for (const [i, { heads, tunedFrom, role, labelDropout, averages, otherWeights = [] }] of networks.entries()) {
    if (otherWeights.length > 0 && averages.length > 0)
      return `networks.${i}.otherWeights: averages can’t be made of weights in several files`
    if (role === 'unconditional' && !labelDropout)
      return `networks.${i}.labelDropout: must be true of a network that was trained without classes`
    if (tunedFrom !== undefined && !networks.some(({ id }) => id === tunedFrom))
      return `networks.${i}.tunedFrom: there is no network ${tunedFrom}`
    if (role !== 'second' && heads.length !== model.layers.length)
      return `networks.${i}.heads: must have an entry for each of the ${model.layers.length} layers`
  }
  if (main.heads.some((heads, i) => heads !== model.layers[i]?.heads))
    return 'networks.0.heads: must be those of layers'
  for (const [i, crop] of crops.entries()) {
    const smaller =
      crop.height <= image.height && crop.width <= image.width && crop.height * crop.width < image.height * image.width
    if (!smaller)
      return `crops.${i}: ${crop.height} × ${crop.width} must be smaller than the image of ${image.height} × ${image.width}`
    // As many tokens to a pixel as in the whole image.
    const fits = model.layers.every(
      ({ height, width }) => (height * crop.height) % image.height === 0 && (width * crop.width) % image.width === 0,
    )
    if (!fits) return `crops.${i}: the layers’ tokens do not divide an image of ${crop.height} × ${crop.width}`
  }
  const known = new Map(filesOf(model).map((entry) => [entry.file, entry]))
  const clash = mentions(model).find((entry) => !same(entry, known.get(entry.file)!))
  return clash ? `${clash.file}: is listed with different sizes or hashes` : null
}

/** The entry `family` alone, of the manifest of the model `id`. Throws ManifestError. */
export function parseFamilyEntry(id: string, value: unknown): FamilyEntry {
  const result = v.safeParse(family, value)
  if (result.success) return result.output
  throw new ManifestError(`manifest.json of ${id}: family: ${result.issues[0].message}`)
}

/**
 * Checks a parsed manifest. What a manifest may lack: `weights` (then the graph holds them), `networks` (then the model's own graph
 * and weights are all there is), `golden`, `crops`, `embedding`, `vision`, `renders`, and what people say of the model: `family`,
 * `first`, `chosen`, `starts`, `judge`, `evaluation`. Entries that this application does not use, such as training facts, are left out.
 * Throws ManifestError.
 */
export function parseManifest(value: unknown): ModelInfo {
  const name =
    typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
      ? ` of ${value.id}`
      : ''
  const wrong = (why: string) =>
    new ManifestError(
      `manifest.json${name}: ${why}. Export the model again, or use the version of this application that it was made for.`,
    )
  const result = v.safeParse(schema, value)
  if (!result.success) {
    const issue = result.issues[0]
    const path = v.getDotPath(issue)
    throw wrong(`${path === null ? '' : `${path}: `}${issue.message}`)
  }
  const { format: _format, networks, otherWeights, conditioning: entry, ...info } = result.output
  const { preconditioning: _, prediction: _p, schedule: _s, ...rest } = info
  const { graph, weights = graph, parameters, flops } = info
  const conditioning = conditioningOf(entry)
  const described = descriptionOf(info, { image: info.image, conditioning })
  if (described.fault !== null) throw wrong(described.fault)
  const alone: NetworkInfo = {
    id: 'main',
    name: 'Main',
    role: conditioning.kind === 'none' ? 'unconditional' : 'main',
    graph,
    weights,
    ...(otherWeights && { otherWeights }),
    parameters,
    flops,
    heads: info.layers.map((layer) => layer.heads),
    labelDropout: conditioning.labelDropout,
    samples: 0,
    sigmaRel: null,
    averages: [],
  }
  const judge = info.judge && { ...info.judge, family: info.judge.family ?? info.id }
  const model: ModelInfo = {
    ...rest,
    ...described.description,
    weights,
    conditioning,
    judge,
    networks: networks?.map((network) => ({ ...network, weights: network.weights ?? network.graph })) ?? [alone],
  }
  const fault = contradiction(model)
  if (fault !== null) throw wrong(fault)
  return model
}
