/** All operators by their names in a graph. */
import type { Operator } from './operator'
import { definitions } from './ops/index.generated'

export const operators: ReadonlyMap<string, Operator> = new Map(
  definitions.flatMap((operator) => operator.names.map((name) => [name, operator] as const)),
)
