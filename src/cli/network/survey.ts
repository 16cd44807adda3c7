/**
 * Looks into a person's graph: runs it on their arrays or on made-up ones, finds its maps, lays grids on them that were given, and
 * proves on this very graph that what is done at them does what it says.
 */
import { halfBits, widenHalf } from '../../core/half'
import { runningExample, type ImageLengths } from '../../network/maps/example-feeds'
import { findMaps, type MapSurvey } from '../../network/maps/find'
import { GUIDANCE } from '../../network/maps/instrument'
import { proveMaps, type Proof } from '../../network/maps/prove'
import { guidable, type Feeds, type GraphTensor, type MapLayer } from '../../network/maps/types'
import { declaredShape, GraphError, type ModelProto } from '../../network/onnx'
import { UsageError } from '../usage'
import { readGraphFile, type GraphFile } from './graph-file'
import { withGrids, type Grids } from './grids'
import { givenArrays, type GivenArrays } from './named-arrays'

export interface SurveyOptions {
  readonly file: string
  /** The input that is the noisy image; null: found. */
  readonly sample: string | null
  /** Of the noisy image, where the graph leaves it open; null: a small one. */
  readonly size: ImageLengths | null
  /** An archive of arrays to run it with; null: made-up ones. */
  readonly inputs: string | null
  readonly grids: Grids | null
  readonly threads: number
}

/** What the graph is run with. */
export interface RunWith {
  readonly sample: string
  /** The number of rows that the graph was exported for; null: any. */
  readonly batch: number | null
  readonly feeds: (rows: number) => Feeds
  /** The person's own arrays, where there are some. */
  readonly arrays: GivenArrays | null
}

export interface Survey extends RunWith, Pick<MapSurvey, 'closed'> {
  readonly file: GraphFile
  /** With fused nodes opened. */
  readonly model: ModelProto
  /** With grids that were given, and without those that failed the proof. */
  readonly layers: readonly MapLayer[]
  /** Maps whose grid was given by hand. */
  readonly given: ReadonlySet<string>
  readonly proof: Proof
  /** The output that is the prediction. */
  readonly output: string
}

/** A fault of the graph, not of the arguments. */
export class SurveyError extends UsageError {}

/** Rows that differ, of a noisy image of which there are fewer. */
const FACTORS = [1, -1, 0.5, -0.5]

function times(tensor: GraphTensor, factors: readonly number[]): GraphTensor {
  const each = tensor.data.length / factors.length
  const factor = (i: number) => factors[Math.floor(i / each)]!
  if (tensor.type === 'float32') return { ...tensor, data: tensor.data.map((value, i) => value * factor(i)) }
  if (tensor.type === 'float16') {
    const wide = widenHalf(tensor.data)
    return { ...tensor, data: Uint16Array.from(wide, (value, i) => halfBits(value * factor(i))) }
  }
  return tensor
}

/** Rows of somebody's arrays; the image is changed where they are fewer than are run, so that rows can be told apart. */
function ofArrays(arrays: GivenArrays): RunWith {
  const feeds = (rows: number): Feeds => {
    const places = Array.from({ length: rows }, (_, row) => row)
    const given = arrays.rowsOf(places.map((row) => row % arrays.rows))
    const factors = places.map((row) => FACTORS[Math.floor(row / arrays.rows) % FACTORS.length]!)
    return { ...given, [arrays.sample]: times(given[arrays.sample]!, factors) }
  }
  return { sample: arrays.sample, batch: arrays.batch, feeds, arrays }
}

/** Bytes of maps, scores and what is made of them, that a proof may hold at a time. */
const MAP_BYTES = 1e9

/** How many rows are tried at once: fewer where maps are large. */
function rowsTogether(layers: readonly MapLayer[]): number {
  const values = layers.map(({ heads, windows, queries, keys }) => heads * windows * queries * keys)
  return Math.max(2, Math.min(4, Math.floor(MAP_BYTES / (16 * Math.max(1, ...values)))))
}

/** The first output that is shaped as the image is, else the first. */
function outputOf(model: ModelProto, rank: number): string {
  const outputs = model.graph!.output
  return (outputs.find((value) => declaredShape(value)?.length === rank) ?? outputs[0]!).name
}

/** What a graph is run with. Throws UsageError for arrays that do not fit it. */
export async function runWith(file: GraphFile, { sample, size, inputs }: SurveyOptions): Promise<RunWith> {
  const model = file.model()
  if (inputs !== null) return ofArrays(givenArrays(model, inputs, sample ?? undefined))
  return { ...(await runningExample(model, file.open, { ...(sample !== null && { sample }), size })), arrays: null }
}

/** Throws UsageError for wrong arguments, and SurveyError for a graph that can't be looked into, and why. */
export async function surveyFile(
  options: SurveyOptions,
  file = readGraphFile(options.file, options.threads),
): Promise<Survey> {
  if (file.model().metadataProps.some(({ key }) => key === GUIDANCE))
    throw new SurveyError(`${file.path}: it has controls already; give the file that it was made of`)
  try {
    const run = await runWith(file, options)
    const { batch, feeds, sample } = run
    const found = await findMaps({ model: file.model(), open: file.open, feeds, batch, sample })
    const { layers, given } = withGrids(found.layers, options.grids)
    const output = outputOf(found.model, feeds(batch ?? 1)[sample]?.dims.length ?? 0)
    const proof = await proveMaps({
      original: file.model(),
      model: found.model,
      layers,
      open: file.open,
      feeds,
      batch,
      output,
      most: rowsTogether(layers),
    })
    return { ...run, ...found, layers: proof.layers, given, proof, output, file }
  } catch (error) {
    if (error instanceof UsageError) throw error
    const said = error instanceof Error ? error.message : String(error)
    throw new SurveyError(error instanceof GraphError ? `${file.path}: ${said}` : `${file.path} does not run: ${said}`)
  }
}

/** The layers that numbers in `--layers` count. */
export const guidedLayers = (layers: readonly MapLayer[]): readonly MapLayer[] => layers.filter(guidable)
