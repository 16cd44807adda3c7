/** What a network will cost here, said before anything heavy: from sizes alone. Pure. */

/** Seconds a row of our runner on one core: a U-Net of 36 M parameters 0.13 s, a transformer of 147 M 1.05 s. */
const SECONDS = { at: 36e6, are: 0.13, perParameter: (1.05 - 0.13) / (147e6 - 36e6) }
/** What opening takes, where onnxruntime proves the network: 147 M 3.2 GB. Running it afterwards takes a fifth of it. */
const BYTES_PER_PARAMETER = 3.2e9 / 147e6

/** What WebAssembly can address. */
export const MOST_MEMORY = 4e9
/** No file of ONNX is longer: its format counts to here. */
export const LONGEST_GRAPH = 2 ** 31
/** A graph of more is looked into only when a person says so, as reading alone takes seconds and memory. */
export const LARGE_GRAPH = 400e6

export interface Cost {
  readonly seconds: number
  readonly memory: number
}

/** Between what was measured and beyond it by the slope; below it in proportion. */
export function costOf(parameters: number): Cost {
  const more = parameters - SECONDS.at
  return {
    seconds: more < 0 ? (SECONDS.are * parameters) / SECONDS.at : SECONDS.are + more * SECONDS.perParameter,
    memory: parameters * BYTES_PER_PARAMETER,
  }
}

/** Why files of these sizes are not read, or null. */
export function refusalOf(graph: { readonly path: string; readonly size: number }): string | null {
  if (graph.size === 0) return `${graph.path} is empty. Export the network again, and drop the new file.`
  if (graph.size >= LONGEST_GRAPH)
    return `${graph.path} is longer than 2 GB, which no ONNX file can be. Export the network with its weights in a file beside it.`
  return null
}
