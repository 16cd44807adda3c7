/** Find settings for which something holds. */
import { factsOf, parseCondition } from '../condition'
import { factNamed, factsLike } from '../facts'
import type { Fields, Item } from '../fields'
import type { Goal } from '../types'
import type { BlockFormat } from './block'

const MOST_GOALS = 6

/** Why a condition can't be used, or null. */
export function conditionFault(text: string): string | null {
  const parsed = parseCondition(text)
  if (!parsed.ok) return `The condition “${text.slice(0, 60)}” can’t be read: ${parsed.message}.`
  const names = factsOf(parsed.condition)
  const unknown = names.find((name) => !factNamed(name))
  if (unknown !== undefined)
    return `“${unknown}” is nothing that is known. Perhaps one of ${factsLike(unknown).join(', ')} is meant.`
  return names.length > 0 ? null : `The condition “${text.slice(0, 60)}” asks for nothing that can change.`
}

function goalOf(item: Item): Goal | null {
  const fields = item.fields()
  if (fields === null) return null
  fields.needs('say', 'when')
  fields.only('say', 'when')
  const [say, when] = [fields.text('say'), fields.text('when')]
  const fault = when === null ? null : conditionFault(when)
  if (fault !== null) fields.say('when', fault)
  return say === null || when === null || fault !== null ? null : { say, when }
}

function goalsOf(fields: Fields): readonly Goal[] | null {
  const items = fields.items('goals')
  if (items === null) return null
  if (items.length < 1 || items.length > MOST_GOALS) {
    fields.say('goals', `There must be one to ${MOST_GOALS} goals.`)
    return null
  }
  const goals = items.flatMap((item) => goalOf(item) ?? [])
  return goals.length === items.length ? goals : null
}

export const find: BlockFormat<'find'> = {
  read: (fields) => {
    fields.needs('task', 'goals')
    fields.only('task', 'goals', 'hint', 'solution')
    const task = fields.text('task')
    const goals = goalsOf(fields)
    const hint = fields.text('hint')
    const solution = fields.texts('solution') ?? []
    if (goals !== null && solution.length > 0 && solution.length !== goals.length)
      fields.say('solution', `“solution” is a list with one entry for each of the ${goals.length} goals.`)
    return task === null || goals === null ? null : { kind: 'find', task, goals, hint, solution }
  },
  write: ({ task, goals, hint, solution }) => ({
    task,
    goals: goals.map(({ say, when }) => ({ say, when })),
    ...(hint === null ? {} : { hint }),
    ...(solution.length === 0 ? {} : { solution }),
  }),
}
