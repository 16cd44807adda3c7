/** The things to do in a step, by kind: the compiler asks for each. */
import type { Task } from '../types'
import type { BlockFormat, TaskKind } from './block'
import { explain } from './explain'
import { find } from './find'
import { predict } from './predict'

const blocks: { readonly [K in TaskKind]: BlockFormat<K> } = { predict, find, explain }

type Reading = Pick<BlockFormat<TaskKind>, 'read'>
const readings = new Map<string, Reading>(Object.entries(blocks))

/** How the block of this name is read; undefined where it is none of these. */
export const taskFormat = (name: string): Reading | undefined => readings.get(name)

/** The name of the task's block and what stands in it; null for one that has none. */
export function writtenTask(task: Task): readonly [name: string, fields: Readonly<Record<string, unknown>>] | null {
  switch (task.kind) {
    case 'look':
      return null
    case 'predict':
      return [task.kind, blocks.predict.write(task)]
    case 'find':
      return [task.kind, blocks.find.write(task)]
    case 'explain':
      return [task.kind, blocks.explain.write(task)]
    default:
      return task satisfies never
  }
}
