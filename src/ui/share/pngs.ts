/** Finished pictures as PNG files, with the settings that they were made with inside. */
import type { ModelInfo } from '../../model/types'
import { toPreset } from '../../settings'
import { caption } from '../../settings/words'
import type { Rgb8 } from '../../storage/png'
import { PNG_KEY, withPngText } from '../../storage/png-text'
import { encodePng } from '../../storage/write-png'
import { pictureAt, type Role, type Run } from '../run/run'
import { drawTriptych, lay } from '../stage/triptych'

const SIDE = 512

async function png(picture: Rgb8, run: Run): Promise<Blob> {
  const bytes = withPngText(await encodePng(picture), PNG_KEY, JSON.stringify(toPreset(run.settings)))
  return new Blob([bytes], { type: 'image/png' })
}

/** The three pictures of a run that went all the way, with a caption. */
export function pngOfAll(run: Run, model: ModelInfo): Promise<Blob> {
  return png(drawTriptych(run, model, caption(run.settings, model)), run)
}

/** One picture at a share of the way: all samples of it in a square. Null where the run has none. */
export async function pngOfRole(run: Run, model: ModelInfo, role: Role, position: number): Promise<Blob | null> {
  const { samples } = run.settings
  const columns = Math.ceil(Math.sqrt(samples))
  const cell = SIDE / columns
  const page: Rgb8 = { width: SIDE, height: SIDE, data: new Uint8Array(3 * SIDE * SIDE).fill(255) }
  let found = false
  for (let index = 0; index < samples; index++) {
    const picture = pictureAt(run, position, index, role, 'denoised', model)
    if (!picture) continue
    found = true
    lay(page, picture.image, model.image, (index % columns) * cell, Math.floor(index / columns) * cell, cell)
  }
  return found ? png(page, run) : null
}
