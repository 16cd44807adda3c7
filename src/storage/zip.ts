/** Several files as one archive, uncompressed: pictures are compressed already, and NumPy writes its own so. Pure. */
import { zipSync } from 'fflate'

export function zipped(files: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  return zipSync(files, { level: 0 })
}
