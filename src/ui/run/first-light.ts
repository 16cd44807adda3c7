/** Fetches the stored run that the page opens with. */
import type { ModelInfo } from '../../model/types'
import { decodeFirstLight } from '../../storage/first-light'
import { decodePng } from '../../storage/png'
import type { Run } from './run'

/** The stored run, or null where the page was built without one or it does not belong to this model. */
export async function loadFirstLight(model: ModelInfo, base: string): Promise<Run | null> {
  try {
    const [json, picture] = await Promise.all([fetch(`${base}first-light.json`), fetch(`${base}first-light.png`)])
    if (!json.ok || !picture.ok) return null
    const atlas = await decodePng(new Uint8Array(await picture.arrayBuffer()))
    const stored = decodeFirstLight(await json.json(), atlas, model)
    return { ...stored, id: -1, origin: 'stored', pass: 'full', summary: null }
  } catch {
    // Nothing is lost: the live model draws the same images a little later.
    return null
  }
}
