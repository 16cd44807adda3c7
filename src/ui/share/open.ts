/** Settings from a file, a text or a link, however they came: chosen, dropped or pasted. What is wrong is said, and nothing changes. */
import { hashOf, parsePreset, presetModel } from '../../settings'
import { MOST_BYTES, readSettingsFile, readSettingsText, type SettingsFile } from '../../storage/settings-file'
import type { Session } from '../app/session'

function refuse(session: Session, why: string) {
  session.set({ notices: { problems: [], notes: [], refusal: why } })
}

function open(session: Session, found: SettingsFile, name: string): void {
  switch (found.kind) {
    case 'fault':
      return refuse(session, `${name}: ${found.why}`)
    case 'link':
      session.openLink(hashOf(found.link))
      return session.say('Link opened.')
    case 'preset': {
      const { model: current } = session.store.getState()
      const wanted = presetModel(found.preset)
      const model = session.models.find(({ id }) => id === wanted) ?? current
      const result = parsePreset(found.preset, model)
      if (!result.ok) return refuse(session, `${name}: ${result.problem}`)
      session.openSettings(result.settings, model)
      return session.say('Settings opened.')
    }
    default:
      return found satisfies never
  }
}

export async function openFile(session: Session, file: File): Promise<void> {
  let bytes: Uint8Array
  try {
    // One byte more than is read tells that it is too large, and a file of gigabytes is not taken into memory for it.
    bytes = new Uint8Array(await file.slice(0, MOST_BYTES + 1).arrayBuffer())
  } catch {
    return refuse(session, `${file.name}: the browser could not read it. Is it a folder, or has it gone?`)
  }
  open(session, readSettingsFile(bytes), file.name)
}

/** Says nothing of a text that has nothing to do with this page. */
export function openText(session: Session, text: string): void {
  const found = readSettingsText(text)
  if (found.kind !== 'fault' || text.trim().startsWith('{')) open(session, found, 'The text')
}
