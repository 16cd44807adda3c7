/** A family's renders: pictures of the kind that its networks learned from, on one sheet, a column a class (`models/train/renders.ts`). */
import { EngineError, damaged, messageOf } from '../core/failure'
import { fromByte } from '../core/image'
import type { ModelInfo } from '../model/types'
import { decodePng, type Rgb8 } from './png'

/** By class, then by row of the sheet: planar images in data units, as networks draw them. */
export type Renders = readonly (readonly Float32Array[])[]

function cut({ data, width: wide }: Rgb8, left: number, top: number, { height, width }: ModelInfo['image']) {
  const area = height * width
  const image = new Float32Array(3 * area)
  for (let i = 0; i < area; i++) {
    const at = 3 * ((top + Math.floor(i / width)) * wide + left + (i % width))
    for (let c = 0; c < 3; c++) image[c * area + i] = fromByte(data[at + c]!)
  }
  return image
}

/** Rejects with EngineError where the file is no sheet of this family's pictures. */
export async function decodeRenders(bytes: Uint8Array<ArrayBuffer>, model: ModelInfo): Promise<Renders> {
  const { image, conditioning, renders } = model
  const rows = renders?.rows ?? 0
  try {
    const sheet = await decodePng(bytes)
    const [width, height] = [conditioning.classes.length * image.width, rows * image.height]
    if (image.channels !== 3 || sheet.width !== width || sheet.height !== height) {
      throw new Error(`it is ${sheet.width} × ${sheet.height} pixels instead of ${width} × ${height}`)
    }
    return conditioning.classes.map((_, label) =>
      Array.from({ length: rows }, (_, row) => cut(sheet, label * image.width, row * image.height, image)),
    )
  } catch (error) {
    throw new EngineError(damaged(renders?.sheet.file ?? 'renders', messageOf(error)))
  }
}
