/** What is asked of the worker, as it follows from what the room holds. Pure. */
import { costOf, MOST_MEMORY } from '../../../worker/opener/limits'
import type { Asked } from '../../../worker/opener/messages'
import { faultOf, type Form } from './form'
import { type OpenState, valueOf } from './state'

/** Pictures of a trial are drawn at once for a network that takes a moment, and for others when they are asked for. */
const LIGHT = MOST_MEMORY / 4

/** Whether the network takes a moment only, so that it is tried unasked. */
export function isLight({ looking }: Pick<OpenState, 'looking'>): boolean {
  const looked = valueOf(looking)
  return looked !== null && costOf(looked.look.parameters).memory < LIGHT
}

export const sourceOf = ({ files, graph }: OpenState) => (graph === null ? null : { files, graph })

export interface AskedFor {
  readonly form: Form
  readonly request: Omit<Asked, 'threads'>
}

/** For the form as it is; null where that can't be. */
export function askedOf(state: OpenState): AskedFor | null {
  const { form, looking } = state
  const source = sourceOf(state)
  const looked = valueOf(looking)
  if (!form || !source || !looked || faultOf(form) !== null) return null
  return { form, request: { ...source, beside: looked.beside, description: form.description, named: form.named } }
}
