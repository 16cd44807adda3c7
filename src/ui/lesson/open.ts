/** Opens a lesson's file, wherever on the page it was brought. One with mistakes is opened, too: the panel lists them. */
import { messageOf } from '../../core/failure'
import { viewText } from '../../settings/view'
import { go } from './address'
import { keyOf, textOf } from './source'

export async function openLesson(file: File, refuse: (why: string) => void): Promise<void> {
  try {
    go(`#${viewText({ lesson: keyOf(await textOf(file)) })}`)
  } catch (error) {
    refuse(messageOf(error))
  }
}
