/** Settings from a file, a text or a link, however they came: chosen, dropped or pasted. What is wrong is said, and nothing changes. */
import { meansModel } from '../../model/opened'
import type { ModelInfo } from '../../model/types'
import { hashOf, parsePreset, presetModel } from '../../settings'
import type { Settings } from '../../settings/types'
import type { BroughtFile } from '../../worker/opener/files'
import { anyOfModel, bringModel } from '../rooms/open/arrivals'
import type { Brought } from './dropping'
import { filesIn } from './folders'
import { MOST_BYTES, readSettingsFile, readSettingsText, type SettingsFile } from '../../storage/settings-file'

/** Where they are opened: a session of the playground, or a room that goes there with them. */
export interface Opener {
  readonly models: readonly ModelInfo[]
  /** The model in force, which a preset means that names none. */
  current(): ModelInfo
  openSettings(settings: Settings, model: ModelInfo): void
  /** Opens the hash of a link, as leniently as one in the address. */
  openLink(hash: string): void
  /** Says why nothing was opened. */
  refuse(why: string): void
  say(message: string): void
}

/** A lesson is Markdown, and settings never are. */
const isLessonFile = ({ name }: File) => /\.(?:md|markdown)$/i.test(name)

function open(opener: Opener, found: SettingsFile, name: string): void {
  switch (found.kind) {
    case 'fault':
      return opener.refuse(`${name}: ${found.why}`)
    case 'link':
      // What is held says so over it.
      opener.say('Link opened.')
      return opener.openLink(hashOf(found.link))
    case 'preset': {
      const wanted = presetModel(found.preset)
      const model = opener.models.find(({ id }) => meansModel(wanted, id)) ?? opener.current()
      const result = parsePreset(found.preset, model)
      if (!result.ok) return opener.refuse(`${name}: ${result.problem}`)
      opener.say('Settings opened.')
      return opener.openSettings(result.settings, model)
    }
    default:
      return found satisfies never
  }
}

export async function openFile(opener: Opener, file: File): Promise<void> {
  if (isLessonFile(file)) return (await import('../lesson/open')).openLesson(file, opener.refuse)
  let bytes: Uint8Array
  try {
    // One byte more than is read tells that it is too large, and a file of gigabytes is not taken into memory for it.
    bytes = new Uint8Array(await file.slice(0, MOST_BYTES + 1).arrayBuffer())
  } catch {
    return opener.refuse(`${file.name}: the browser could not read it. Is it a folder, or has it gone?`)
  }
  open(opener, readSettingsFile(bytes), file.name)
}

/** Says nothing of a text that has nothing to do with this page. */
export function openText(opener: Opener, text: string): void {
  const found = readSettingsText(text)
  if (found.kind !== 'fault' || text.trim().startsWith('{')) open(opener, found, 'The text')
}

/** What was dropped, pasted or chosen: a network and what belongs to it goes to its room, else the first file is opened. */
export async function openBrought(opener: Opener, brought: Brought): Promise<void> {
  if (typeof brought === 'string') return openText(opener, brought)
  let files: readonly BroughtFile[]
  try {
    files = await filesIn(brought instanceof File ? [brought] : brought)
  } catch {
    return opener.refuse('The browser could not read what was dropped. Has it gone, or may this page not see it?')
  }
  if (anyOfModel(files)) return bringModel(files)
  const [first] = files
  if (!first) return opener.refuse('There is no file in what was dropped.')
  return openFile(opener, first.file)
}
