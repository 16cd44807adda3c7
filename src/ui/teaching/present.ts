/** What the page shows, as a step keeps it, and in words. */
import type { ModelInfo } from '../../model/types'
import { decodeLink, encodeLink, linkModel, linkParts, withoutRoom } from '../../settings'
import { NO_VIEW } from '../../settings/view'
import { className, seedWords, stepsWords, termWords } from '../../settings/words'

/** Of an address: its settings, written out, without how the page is shown. */
export function presetNow(hash: string, models: readonly ModelInfo[]): string {
  const address = withoutRoom(hash)
  const model = modelNamed(address, models)
  return model ? inOnePiece(encodeLink(decodeLink(address, model).settings, model)) : ''
}

/** As an address bar has it: names of weights may hold spaces. */
const inOnePiece = (link: string) => link.replace(/\s/g, '%20')

const modelNamed = (hash: string, models: readonly ModelInfo[]) => {
  const id = linkModel(hash, models)
  return models.find((each) => each.id === id)
}

/** What a person pastes as a step's place: an address of this page, or what it says after its #. */
export function presetIn(text: string): string {
  const parts = text.trim().replace(/^.*#/, '').split('&')
  return inOnePiece(parts.filter((part) => part !== '' && !Object.hasOwn(NO_VIEW, part.split('=')[0] ?? '')).join('&'))
}

/** The family of networks that a step's settings are of, or the room that it is in. */
export function needsOf(preset: string, models: readonly ModelInfo[]): string {
  const { room } = linkParts(preset)
  return room !== undefined && room !== 'play' ? room : (modelNamed(`#${preset}`, models)?.id ?? 'avatars')
}

export function presetWords(preset: string, models: readonly ModelInfo[]): string {
  const { room } = linkParts(preset)
  if (room !== undefined && room !== 'play') return `The room “${room}”, with settings of its own`
  const hash = `#${preset}`
  const model = modelNamed(hash, models)
  if (!model) return preset
  const { settings } = decodeLink(hash, model)
  const more = settings.stack.map((term) => ` + ${termWords(term)}`).join('')
  return [
    model.name,
    className(settings.class, model),
    `${termWords(settings)}${more}`,
    seedWords(settings),
    stepsWords(settings),
  ].join(' · ')
}
