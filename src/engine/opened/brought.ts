/** What a person brings to be opened: looked at without running anything, and made ready to be run. */
import { GraphError, parseModel, type ModelProto } from '../../network/onnx'
import { countParameters, largestWeight } from '../../network/size'
import { attachWeights, readWeights, weightLocations, type Weights } from '../../network/weights'
import { guess, GuessError, type Guess, type GraphValue } from '../../model/guess'
import { interfaceOf } from '../interface'

export interface BroughtFiles {
  readonly graph: { readonly file: string; readonly bytes: Uint8Array }
  /** Other files that are no JSON, by name: weights that the graph names, embeddings of texts. */
  readonly data: Readonly<Record<string, Uint8Array>>
  /** JSON files, parsed. */
  readonly configs: readonly { readonly name: string; readonly json: unknown }[]
}

export interface Look {
  /** Of the graph and the weights that it names. */
  readonly bytes: number
  /** Values in the graph's weights. */
  readonly parameters: number
  /** Values in the largest of them. */
  readonly largest: number
  readonly opset: number
  /** Files of weights that the graph names and that were not brought. */
  readonly missing: readonly string[]
  readonly inputs: readonly GraphValue[]
  readonly outputs: readonly GraphValue[]
  readonly guess: Guess | null
  /** Why nothing could be guessed, in a sentence; null where something was. */
  readonly refusal: string | null
}

/** A file of weights, whatever folder the graph says that it is in. */
function fileOf(location: string, data: BroughtFiles['data']): Uint8Array | undefined {
  return data[location] ?? data[location.split(/[/\\]/).at(-1)!]
}

/** Runs nothing. Throws GraphError for what is no ONNX graph. */
export function lookAt({ graph, data, configs }: BroughtFiles): Look {
  const model = parseModel(graph.bytes)
  const { inputs, outputs } = interfaceOf(model)
  const named = weightLocations(model)
  const known = {
    bytes: named.reduce((sum, location) => sum + (fileOf(location, data)?.byteLength ?? 0), graph.bytes.byteLength),
    parameters: countParameters(model),
    largest: largestWeight(model),
    opset: Number(model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0),
    missing: named.filter((location) => !fileOf(location, data)),
    inputs,
    outputs,
  }
  try {
    return { ...known, guess: guess({ inputs, outputs, configs }), refusal: null }
  } catch (error) {
    if (error instanceof GuessError) return { ...known, guess: null, refusal: error.message }
    throw error
  }
}

export interface Ready {
  /** Its large weights are in `weights`. */
  readonly model: ModelProto
  readonly weights: Weights
}

/** Throws GraphError where a file of weights is missing or of another size. */
export function ready({ graph, data }: Pick<BroughtFiles, 'graph' | 'data'>): Ready {
  const model = parseModel(graph.bytes)
  const files: Record<string, Uint8Array> = {}
  for (const location of weightLocations(model)) {
    const file = fileOf(location, data)
    if (!file) throw new GraphError(`the graph’s weights are in the file ${location}; give it too`)
    files[location] = file
  }
  const weights = readWeights(model, files, 'keep', 'move')
  attachWeights(model, weights)
  return { model, weights }
}
