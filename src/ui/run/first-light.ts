/** Fetches the stored run that the page opens with. */
import type { ModelInfo } from '../../model/types'
import { decodeFirstLight } from '../../storage/first-light'
import type { Run } from './run'

/** The stored run, or null where the page was built without one or it does not belong to this model. */
export async function loadFirstLight(model: ModelInfo, base: string): Promise<Run | null> {
  try {
    const [json, picture] = await Promise.all([fetch(`${base}first-light.json`), fetch(`${base}first-light.png`)])
    if (!json.ok || !picture.ok) return null
    const bitmap = await createImageBitmap(await picture.blob(), {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    })
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    if (!context) return null
    context.drawImage(bitmap, 0, 0)
    const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height)
    const stored = decodeFirstLight(await json.json(), { data, width, height, channels: 4 }, model)
    return { ...stored, id: -1, origin: 'stored', pass: 'full', summary: null }
  } catch {
    // Nothing is lost: the live model draws the same images a little later.
    return null
  }
}
