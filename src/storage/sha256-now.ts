/** SHA-256 as 64 lower-case hex digits, at once: for workers, where nothing waits for it. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

export const sha256Now = (bytes: Uint8Array): string => bytesToHex(sha256(bytes))
