/** Reads a person's ONNX file with the weights that lie beside it, and loads graphs with onnxruntime-node. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { totalmem } from 'node:os'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { graphSession, openGraph } from '../../engine/open-graph'
import type { GraphSession, OpenGraph } from '../../network/maps/types'
import { copyModel, DataLocation, GraphError, parseModel, type ModelProto } from '../../network/onnx'
import { attachWeights, readWeights, type Weights } from '../../network/weights'
import { UsageError } from '../usage'

export interface GraphFile {
  readonly path: string
  /** Of the file and those that its weights lie in. */
  readonly bytes: number
  /** Those of the graph that are large, wherever they lay. */
  readonly weights: Weights
  /** The graph as read, to be edited: another one at each call. */
  model(): ModelProto
  /** Loads a graph that was made of it. */
  readonly open: OpenGraph
  /** Loads the file itself, as any other program would. */
  openFile(path: string): Promise<GraphSession>
}

/** A read that Node's own function refuses above 2 GiB. */
const PIECE = 2 ** 30

/** All bytes of a file. Throws UsageError where it can't be read. */
export function readWhole(path: string, what: string): Uint8Array {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    throw new UsageError(
      code === 'ENOENT'
        ? `there is no ${what} ${path}`
        : `${path} can't be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) throw new UsageError(`${path} is no file; give the ${what} itself`)
    if (stat.size > 0.8 * totalmem())
      throw new UsageError(
        `${path} has ${gigabytes(stat.size)}, more than the ${gigabytes(totalmem())} of this machine hold`,
      )
    const bytes = new Uint8Array(stat.size)
    for (let at = 0; at < bytes.length;) {
      const read = readSync(file, bytes, at, Math.min(PIECE, bytes.length - at), at)
      if (read === 0) throw new UsageError(`${path} became shorter while it was read`)
      at += read
    }
    return bytes
  } finally {
    closeSync(file)
  }
}

export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

/** Says of which file a fault is. */
export function ofFile<T>(path: string, task: () => T): T {
  try {
    return task()
  } catch (error) {
    if (error instanceof GraphError) throw new UsageError(`${path}: ${error.message}`)
    throw error
  }
}

/** Files of weights by the location that the graph gives: beside it or below, never elsewhere on a person's disk. */
function outside(path: string, model: ModelProto): Readonly<Record<string, Uint8Array>> {
  const tensors = model.graph!.initializer.filter(({ dataLocation }) => dataLocation === DataLocation.EXTERNAL)
  const entries = tensors.flatMap(({ externalData }) => externalData.filter(({ key }) => key === 'location'))
  const files: Record<string, Uint8Array> = {}
  for (const location of new Set(entries.map(({ value }) => value))) {
    if (isAbsolute(location) || normalize(location).startsWith('..'))
      throw new UsageError(`${path} keeps weights in ${location}, outside its own folder; put them beside it`)
    const file = join(dirname(path), location)
    try {
      statSync(file)
    } catch {
      throw new UsageError(`${path} keeps its weights in ${location}, which is not beside it; put it there`)
    }
    files[location] = readWhole(file, 'file of weights')
  }
  return files
}

const RUNTIME = { InferenceSession, Tensor }

/** Throws UsageError for a file that is no graph, or whose weights are missing. */
export function readGraphFile(path: string, threads = 0): GraphFile {
  const bytes = readWhole(path, 'ONNX file')
  const first = ofFile(path, () => parseModel(bytes))
  const files = outside(path, first)
  const external = Object.values(files)
  const weights = ofFile(path, () => readWeights(first, files, 'keep', 'move'))
  ofFile(path, () => attachWeights(first, weights))
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    // What goes wrong is said once, by us.
    logSeverityLevel: 4,
  }
  return {
    path,
    bytes: external.reduce((total, { byteLength }) => total + byteLength, bytes.byteLength),
    weights,
    model: () => copyModel(first),
    open: openGraph(RUNTIME, weights, options),
    openFile: async (file) => graphSession(await InferenceSession.create(file, options), RUNTIME),
  }
}
