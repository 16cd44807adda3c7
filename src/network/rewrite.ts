/**
 * Rewrites of a graph: the same numbers by fewer nodes, for a runtime where each node costs. A file of `rewrites/` each. They know what
 * operators mean and nothing of who exported a graph; whoever applies them checks the result on the network's golden output.
 */
import { GraphEditor } from './editor'
import type { ModelProto } from './onnx'
import { Places } from './places'

export interface Rewrite {
  /** What it does, for reports. */
  readonly name: string
  /** Rewrites run by rising order. */
  readonly order: number
  /** Changes the graph where it finds its pattern, and returns at how many places. What is not the pattern stays as it is. */
  readonly apply: (places: Places) => number
}

/** Rewrites a graph of a fixed number of rows in place, and returns how many places each rewrite found. */
export function rewrite(model: ModelProto, rewrites: readonly Rewrite[]): ReadonlyMap<string, number> {
  const editor = new GraphEditor(model)
  const counts = new Map<string, number>()
  for (const { name, apply } of [...rewrites].sort((a, b) => a.order - b.order)) {
    counts.set(name, apply(new Places(editor)))
    // What a rewrite left unread is gone before the next one asks who reads a tensor.
    editor.finish()
  }
  return counts
}
