/** What a step of a lesson lays over the page. Pure. */
import { type Answer, isOpen, type Step } from '../../lesson'
import type { Overlay } from '../view/rules'

/** What was measured is not told before the student has said or found it. */
export function heldPage({ place, task }: Pick<Step, 'place' | 'task'>, answer: Answer | null): Overlay {
  return isOpen(task, answer) ? { ...place, hide: [...place.hide, 'marks', 'measured'] } : place
}
