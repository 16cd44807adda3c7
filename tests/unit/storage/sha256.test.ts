import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha256, sha256Portable } from '../../../src/storage/sha256'

const hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('the empty message and "abc" give the digests of FIPS 180-4', () => {
  expect(sha256Portable(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(sha256Portable(new TextEncoder().encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

test('both digests agree with OpenSSL at every length around the block boundaries', async () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 197 + length * 31) & 255)
    expect(sha256Portable(bytes)).toBe(hex(bytes))
    expect(await sha256(bytes)).toBe(hex(bytes))
  }
})

test('a view into a larger buffer is digested alone', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i & 255).subarray(7, 207)
  expect(sha256Portable(bytes)).toBe(hex(bytes))
})
