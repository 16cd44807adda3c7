/** One run of a graph on a person's arrays, with what is asked of its layers done to the rows that they name. */
import { widenHalf } from '../../core/half'
import { ControlInputs } from '../../network/controls/inputs'
import { mapNames } from '../../network/controls/types'
import { insertMapControls } from '../../network/maps/insert'
import type { Feeds, GraphTensor, MapLayer } from '../../network/maps/types'
import { copyModel } from '../../network/onnx'
import type { AttentionControl } from '../../network/types'
import type { NamedTensor } from '../../storage/tensors'
import type { GivenArrays } from './named-arrays'
import type { Survey } from './survey'

export interface GuidedRun {
  readonly survey: Survey
  readonly arrays: GivenArrays
  readonly control: AttentionControl
  /** Guided layers, by number. */
  readonly layers: readonly number[]
  /** Rows that are changed, by their places in the arrays. */
  readonly rows: readonly number[]
}

function values({ type, data }: GraphTensor): Float32Array | Float64Array {
  if (type === 'float32') return data
  if (type === 'float16') return widenHalf(data)
  return Float64Array.from(data, Number)
}

/** The parts of runs one after another: rows come first everywhere, but where an output has none. */
function joined(name: string, parts: readonly GraphTensor[]): NamedTensor {
  const [first] = parts
  const all = parts.map(values)
  if (!first || parts.length === 1) return { name, data: all[0]!, shape: first?.dims ?? [] }
  const data = new Float64Array(all.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const part of all) {
    data.set(part, at)
    at += part.length
  }
  const rows = parts.reduce((total, { dims }) => total + (dims[0] ?? 1), 0)
  const single = all.every((part) => part instanceof Float32Array)
  return { name, data: single ? Float32Array.from(data) : data, shape: [rows, ...first.dims.slice(1)] }
}

/** SEG with σ = ∞ is a mean, for which no grid is needed: any that has as many places will do. */
function layersFor({ survey, control }: GuidedRun): readonly MapLayer[] {
  if (control.querySigma !== Infinity) return survey.layers
  return survey.layers.map((layer) => {
    const { image } = layer
    if (!image || image.grid) return layer
    return { ...layer, image: { ...image, grid: { height: image.count, width: 1 } } }
  })
}

/** The outputs of a graph with controls; with a layer's map among them. Throws GraphError for a control that a layer does not take. */
async function runOnce(asked: GuidedRun, map: number | null): Promise<readonly NamedTensor[]> {
  const { survey, arrays, control, layers: numbers, rows: changed } = asked
  const { file, batch, proof } = survey
  const model = copyModel(survey.model)
  const layers = insertMapControls(model, layersFor(asked), { rows: batch ?? 'dynamic', features: [], map })
  const inputs = new ControlInputs(layers)
  const own = layers.map((_, i) => (numbers.includes(i) ? control : null))
  // Some graphs say that they take any number of rows, and take one.
  const step = proof.rows ?? arrays.rows
  const runs = Array.from({ length: Math.ceil(arrays.rows / step) }, (_, run) =>
    Array.from({ length: Math.min(step, arrays.rows - run * step) }, (__, i) => run * step + i),
  )
  const feedsOf = (places: readonly number[]): Feeds => {
    const controls = inputs.feeds(
      places.map((place) => (changed.includes(place) ? own : null)),
      [],
    )
    const tensors = Object.entries(controls).map(
      ([name, { data, dims }]) => [name, { type: 'float32' as const, data, dims }] as const,
    )
    return { ...arrays.rowsOf(places), ...Object.fromEntries(tensors) }
  }
  const feeds = runs.map(feedsOf)
  const session = await file.open(model)
  try {
    const results: Readonly<Record<string, GraphTensor>>[] = []
    for (const given of feeds) results.push(await session.run(given))
    const names = Object.keys(results[0] ?? {})
    return names.map((name) =>
      joined(
        name,
        results.flatMap((result) => result[name] ?? []),
      ),
    )
  } finally {
    await session.release()
  }
}

/** Every output of the graph, and the maps of the layers where they are asked for. */
export async function guidedRun(asked: GuidedRun, maps: boolean): Promise<readonly NamedTensor[]> {
  if (!maps) return runOnce(asked, null)
  const found = new Map<string, NamedTensor>()
  for (const layer of asked.layers) {
    // A graph tells one map at a time; the other outputs are the same each time.
    const { received } = mapNames(layer)
    for (const tensor of await runOnce(asked, layer)) if (tensor.name !== received) found.set(tensor.name, tensor)
  }
  return [...found.values()]
}
