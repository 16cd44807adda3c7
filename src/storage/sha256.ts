/**
 * SHA-256 as 64 lower-case hex digits: by the platform where it offers it, by @noble/hashes on pages served over plain http,
 * where `crypto.subtle` does not exist.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Undefined outside secure contexts, whatever the DOM types say.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined
  const digest = subtle
    ? new Uint8Array(await subtle.digest('SHA-256', bytes))
    : (await import('@noble/hashes/sha2.js')).sha256(bytes)
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
