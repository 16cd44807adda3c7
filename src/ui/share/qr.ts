/** A QR code of a link (ISO/IEC 18004), and its files. Pure. */
import encodeQR from 'qr'
import type { Rgb8 } from '../../storage/png'

/** Light modules around it, which the standard asks for. */
const BORDER = 4
/** Pixels of a module in a picture. */
const MODULE = 8

export interface QrCode {
  /** Rows of modules, with the border; true is dark. */
  readonly modules: readonly (readonly boolean[])[]
  /** As the path of an SVG whose unit is a module. */
  readonly path: string
}

/** Null where the text is too long for any. */
export function qrOf(text: string): QrCode | null {
  let modules: boolean[][]
  try {
    // The fewest modules: a screen does not get dirty.
    modules = encodeQR(text, 'raw', { ecc: 'low', border: BORDER })
  } catch {
    return null
  }
  const path = modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return { modules, path }
}

export function qrSvg({ modules, path }: QrCode): string {
  const side = modules.length
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${path}"/></svg>\n`
}

export function qrPicture({ modules }: QrCode): Rgb8 {
  const side = modules.length * MODULE
  const data = new Uint8Array(3 * side * side).fill(255)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      if (modules[Math.floor(y / MODULE)]?.[Math.floor(x / MODULE)])
        data.fill(0, 3 * (y * side + x), 3 * (y * side + x + 1))
  return { width: side, height: side, data }
}
