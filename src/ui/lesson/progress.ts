/** Answers between two visits: in this browser, by what the lesson says, so that another version of it begins anew. */
import { belongs, noAnswers, parseAnswers, type Answer, type Answers, type Lesson } from '../../lesson'

const KEY = 'lesson answers '
/** What was answered of this lesson; what does not belong to it is as if it were not there. */
export function storedAnswers(lesson: Lesson): Answers {
  const none = noAnswers(lesson)
  const stored = storedSteps(none.lesson)
  return {
    ...none,
    steps: lesson.steps.map(({ task }, i) => {
      const own = stored[i] ?? null
      return own !== null && belongs(own, task) ? own : null
    }),
  }
}

export function storeAnswers({ lesson, steps }: Answers): void {
  try {
    localStorage.setItem(`${KEY}${lesson}`, JSON.stringify(steps))
  } catch {
    // The answers then last as long as the page.
  }
}

/** How many steps of the lesson with this id were answered here. */
export const answeredSteps = (lesson: string): number => storedSteps(lesson).filter((one) => one !== null).length

/** Nothing where storage is forbidden, or holds what another version wrote. */
function storedSteps(lesson: string): readonly (Answer | null)[] {
  try {
    return parseAnswers(JSON.parse(localStorage.getItem(`${KEY}${lesson}`) ?? '[]')) ?? []
  } catch {
    return []
  }
}
