/** What `npm run inspect` found, as data: the shape of `--json`, which docs/inspect.schema.json describes. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { interfaceOf } from '../../engine/interface'
import { guess, GuessError, type Guess, type GraphValue } from '../../model/guess'
import { meaningOf } from '../../model/meanings'
import { GraphEditor } from '../../network/editor'
import { guidable, type Feeds, type MapLayer } from '../../network/maps/types'
import { countOperators, type ModelProto } from '../../network/onnx'
import { countParameters } from '../../network/size'
import { costOf } from '../../worker/opener/limits'
import type { GraphFile } from './graph-file'
import type { Survey } from './survey'

type Lengths = readonly [height: number, width: number]

export interface LayerReport {
  /** What `--layers` counts; null for a layer that can't be guided. */
  readonly layer: number | null
  /** The node of the file. */
  readonly node: string
  readonly verdict: MapLayer['verdict']['kind']
  readonly reason: string | null
  readonly heads: number
  readonly windows: number
  readonly queries: number
  readonly keys: number
  readonly beside: MapLayer['beside']
  /** Where the image's tokens lie among the queries. */
  readonly image: { readonly start: number; readonly keyStart: number; readonly count: number } | null
  readonly grid: Lengths | null
  /** Followed back to the image, or given by `--grid`. */
  readonly gridFrom: 'image' | 'given' | null
  /** The identity in place of the map; a blur of any width; the blur without end alone. */
  readonly can: readonly ('identity' | 'blur' | 'mean')[]
  /** Largest difference, in deviations of the output, from the same change made another way. */
  readonly proved: number | null
  /** How far the identity at this layer moves the output, in its deviations. */
  readonly effect: number | null
}

export interface InspectReport {
  readonly file: string
  readonly bytes: number
  readonly opset: number
  readonly producer: string
  readonly nodes: number
  readonly parameters: number
  /** A row in a browser without a graphics processor, on one core, estimated from two measured networks. */
  readonly estimate: { readonly seconds: number; readonly bytes: number }
  /** Rows of a run: the number that the file was exported for, or null for any. */
  readonly rows: number | null
  readonly inputs: readonly (Pick<GraphValue, 'name' | 'dtype' | 'dims'> & {
    readonly meaning: string | null
    readonly why: string | null
  })[]
  readonly outputs: readonly GraphValue[]
  /** Lengths of the inputs that it was run with, one row; null where it does not run. */
  readonly ranWith: Readonly<Record<string, readonly number[]>> | null
  /** What the file and those beside it tell of how the network is asked, or why nothing is. */
  readonly description:
    | {
        readonly prediction: string
        readonly schedule: string
        readonly conditioning: string
        readonly confirm: readonly string[]
      }
    | { readonly problem: string }
  /** In the order of the graph. */
  readonly layers: readonly LayerReport[]
  /** Fused nodes that could not be opened. */
  readonly closed: readonly { readonly node: string; readonly reason: string }[]
  /** Why layers could not be looked for; null where they were. */
  readonly problem: string | null
}

/** Where diffusers keeps what it knows of a network, beside an export or around it. */
const CONFIGS = [
  'config.json',
  'scheduler_config.json',
  'model_index.json',
  'scheduler/scheduler_config.json',
  'vae/config.json',
  '../model_index.json',
  '../scheduler/scheduler_config.json',
  '../vae/config.json',
]

function configsBeside(path: string): readonly { readonly name: string; readonly json: unknown }[] {
  return CONFIGS.flatMap((name) => {
    const file = join(dirname(path), name)
    if (!existsSync(file)) return []
    try {
      const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
      return [{ name, json }]
    } catch {
      // What can't be read tells nothing.
      return []
    }
  })
}

/** The guess, with lengths that were run where the graph leaves them open; or why there is none. */
function guessed(path: string, model: ModelProto, run: Feeds | null): Guess | string {
  const { inputs, outputs } = interfaceOf(model)
  const known = inputs.map((input) => ({
    ...input,
    dims: input.dims.map((dim, axis) =>
      axis === 0 || typeof dim === 'number' ? dim : (run?.[input.name]?.dims[axis] ?? dim),
    ),
  }))
  try {
    return guess({ inputs: known, outputs, configs: configsBeside(path) })
  } catch (error) {
    if (error instanceof GuessError) return error.message
    throw error
  }
}

function described(found: Guess | string): InspectReport['description'] {
  if (typeof found === 'string') return { problem: found }
  const { prediction, schedule, conditioning } = found.description
  return {
    prediction: prediction.kind,
    schedule: schedule.kind,
    conditioning: conditioning.kind,
    confirm: found.doubts.map(({ entry, text }) => `${entry}: ${text}`),
  }
}

function canOf(layer: MapLayer): LayerReport['can'] {
  if (!guidable(layer)) return []
  if (layer.scores === null) return ['identity']
  return layer.image?.grid ? ['identity', 'blur'] : ['identity', 'mean']
}

function layerReports({ layers, given, proof }: Survey): readonly LayerReport[] {
  let number = 0
  return layers.map((layer, at) => {
    const { node, verdict, heads, windows, queries, keys, beside, image, map } = layer
    const own = proof.proved.filter((one) => one.layer === at)
    return {
      layer: guidable(layer) ? number++ : null,
      node,
      verdict: verdict.kind,
      reason: 'reason' in verdict ? verdict.reason : null,
      heads,
      windows,
      queries,
      keys,
      beside,
      image: image && { start: image.start, keyStart: image.keyStart, count: image.count },
      grid: image?.grid ? [image.grid.height, image.grid.width] : null,
      gridFrom: image?.grid ? (given.has(map) ? 'given' : 'image') : null,
      can: canOf(layer),
      proved: own.length > 0 ? Math.max(...own.map(({ error }) => error)) : null,
      effect: own.find(({ change }) => change === 'identity')?.effect ?? null,
    }
  })
}

const producerOf = ({ producerName, producerVersion }: ModelProto) =>
  [producerName, producerVersion].filter(Boolean).join(' ')

/** `found`: what a survey gave, or why it could not be made. */
export function reportOf(file: GraphFile, found: Survey | string): InspectReport {
  const model = file.model()
  const survey = typeof found === 'string' ? null : found
  const run = survey?.feeds(survey.batch ?? 1) ?? null
  const guessedAs = guessed(file.path, model, run)
  const parameters = countParameters(model)
  const cost = costOf(parameters)
  const { inputs, outputs } = interfaceOf(model)
  const [sample] = inputs
  const first = sample?.dims[0]
  const meaning = (name: string) => {
    if (typeof guessedAs === 'string') return { meaning: null, why: null }
    const known = guessedAs.description.inputs.find((input) => input.name === name)
    const why = guessedAs.reasons.find(({ entry }) => entry === `inputs.${name}`)
    return { meaning: known ? meaningOf(known.meaning).name : null, why: why?.text ?? null }
  }
  return {
    file: file.path,
    bytes: file.bytes,
    opset: new GraphEditor(model).opset(),
    producer: producerOf(model),
    nodes: Object.values(countOperators(model)).reduce((total, count) => total + count, 0),
    parameters,
    estimate: { seconds: cost.seconds, bytes: cost.memory },
    rows: survey ? survey.proof.rows : typeof first === 'number' ? first : null,
    inputs: inputs.map(({ name, dtype, dims }) => ({ name, dtype, dims, ...meaning(name) })),
    outputs,
    ranWith: run && Object.fromEntries(Object.entries(run).map(([name, { dims }]) => [name, dims])),
    description: described(guessedAs),
    layers: survey ? layerReports(survey) : [],
    closed: survey?.closed ?? [],
    problem: typeof found === 'string' ? found : null,
  }
}
