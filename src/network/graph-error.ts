/** What every fault of a graph is thrown as. */

/** A graph that can't be read or rewritten. The message says which part and why. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
}
