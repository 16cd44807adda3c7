/** A network of the model's family, by id. */
import { absentModel, meansModel } from '../../model/opened'
import type { ModelInfo } from '../../model/types'
import { Fault, shown } from '../faults'
import type { Kind, Row } from './types'

/** The ids to choose from; nothing to name where the model has no such network. */
function idsOf(row: Row<'network'>, model: ModelInfo): readonly string[] {
  const ids = model.networks.filter((network) => row.among(network, model)).map(({ id }) => id)
  return row.default(model) === '' ? [...ids, ''] : ids
}

export const network: Kind<'network'> = {
  parse(value, row, model) {
    const ids = idsOf(row, model)
    const id = ids.find((name) => meansModel(value, name))
    if (id !== undefined) return id
    const absent = absentModel(value)
    if (absent !== null && !model.networks.some(({ id: here }) => meansModel(value, here)))
      throw new Fault(`is not here. ${absent}`)
    const named = ids.filter((name) => name !== '')
    throw new Fault(
      named.length > 0
        ? `must be one of ${named.join(', ')}, not ${shown(value)}`
        : 'can’t be chosen: this model has no such network',
    )
  },
  standard: (row, model, label) => row.default(model, label),
  holds: (value): value is string => typeof value === 'string',
  schema: (row, model) => ({ enum: idsOf(row, model) }),
}
