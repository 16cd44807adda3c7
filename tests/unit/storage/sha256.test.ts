import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { sha256 } from '../../../src/storage/sha256'

const hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

afterEach(() => vi.unstubAllGlobals())

describe.each([
  ['the platform', () => undefined],
  ['plain http, without crypto.subtle', () => vi.stubGlobal('crypto', {})],
])('on %s', (_, prepare) => {
  test('messages of NIST give their digests (FIPS 180-4 examples and the SHA example values)', async () => {
    prepare()
    const digests = [
      ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
      ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
      [
        'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
        '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
      ],
    ] as const
    for (const [message, digest] of digests) {
      const bytes = new Uint8Array(new TextEncoder().encode(message))
      expect(await sha256(bytes), message).toBe(digest)
    }
  })

  test('agrees with OpenSSL at every length around the block boundaries, and in a view into a larger buffer', async () => {
    prepare()
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 197 + length * 31) & 255)
      expect(await sha256(bytes)).toBe(hex(bytes))
    }
    const part = Uint8Array.from({ length: 300 }, (_, i) => i & 255).subarray(7, 207)
    expect(await sha256(part)).toBe(hex(part))
  })
})
