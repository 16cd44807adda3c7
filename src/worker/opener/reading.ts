/** Reads files that a person brought, piece by piece, so that it is seen how far they are. */
import { messageOf } from '../../core/failure'
import type { BroughtFile } from './files'

/** Why files can't be used: what, why and what to do, in sentences. */
export class BroughtError extends Error {
  override readonly name = 'BroughtError'
}

const PIECE = 32e6

/** The bytes of a file. Rejects with BroughtError. */
export async function read(
  { path, file }: BroughtFile,
  onBytes: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const cannot = (why: string) =>
    new BroughtError(`${path} could not be read: ${why}. Has it gone or changed since? Drop it again.`)
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = new Uint8Array(file.size)
  } catch {
    throw new BroughtError(
      `${path} does not fit into this page’s memory (${Math.round(file.size / 1e6)} MB). Close other tabs, or open a smaller network.`,
    )
  }
  for (let at = 0; at < file.size; at += PIECE) {
    try {
      bytes.set(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()), at)
    } catch (error) {
      throw cannot(messageOf(error))
    }
    onBytes(Math.min(PIECE, file.size - at))
  }
  return bytes
}
