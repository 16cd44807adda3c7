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

/** How many letters must be changed, added or left out to make one word of the other (Levenshtein). */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + Number(letter !== b[j - 1])))
    row = next
  }
  return row.at(-1)!
}

const sorted = (word: string) => [...word].sort().join('')

/** The block whose name this one is misspelt, or null: one letter in a short name, two in a long one, or letters that were swapped. */
export function blockLike(name: string): string | null {
  const word = name.toLowerCase().slice(0, 20)
  const isLike = (known: string) => sorted(known) === sorted(word) || edits(word, known) <= (known.length > 4 ? 2 : 1)
  return ['step', ...readings.keys()].find(isLike) ?? null
}

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
