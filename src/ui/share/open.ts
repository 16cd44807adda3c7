/** Settings from a file, a text or a link, however they came: chosen, dropped or pasted. What is wrong is said, and nothing changes. */
import type { ModelInfo } from '../../model/types'
import { hashOf, parsePreset, presetModel } from '../../settings'
import type { Settings } from '../../settings/types'
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
      const model = opener.models.find(({ id }) => id === wanted) ?? opener.current()
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

/** What was dropped or pasted. */
export async function openBrought(opener: Opener, brought: File | string): Promise<void> {
  if (typeof brought === 'string') openText(opener, brought)
  else await openFile(opener, brought)
}
