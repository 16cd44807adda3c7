/**
 * Save pictures and settings as files; `open.ts` opens them. Reads both: a JSON file holds what is wanted and no picture, a
 * picture holds the settings that it was made with.
 */
import type { ModelInfo } from '../../model/types'
import { toPreset } from '../../settings'
import type { Settings } from '../../settings/types'
import { isWhole } from '../run/run'
import { className } from '../../settings/words'
import type { Session } from '../app/session'
import { pngOfAll } from './pngs'

export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  // The click only begins the download; the address must outlive it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** A file is named after the settings inside, which during a run are not yet those of the controls. */
export function fileName(settings: Settings, model: ModelInfo, extension: string): string {
  const label = className(settings.class, model)
  return `${settings.method}-s${settings.scale}-${label.replace(/\W+/g, '-')}-seed${settings.seed}${settings.image === 0 ? '' : `-image${settings.image}`}.${extension}`
}

export function saveJson(session: Session): void {
  const { settings, model } = session.store.getState()
  const text = `${JSON.stringify(toPreset(settings), null, 2)}\n`
  download(new Blob([text], { type: 'application/json' }), fileName(settings, model, 'json'))
  session.say('Settings saved.')
}

/** The three pictures as they stand, captioned; the settings travel in a text chunk of the file. */
export async function savePng(session: Session): Promise<void> {
  const {
    run: { shown },
    model,
  } = session.store.getState()
  if (!shown || !isWhole(shown)) return
  download(await pngOfAll(shown, model), fileName(shown.settings, model, 'png'))
  session.say('Picture saved, with its settings inside.')
}
