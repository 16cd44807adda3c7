import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { decode, encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { withPngText } from '../../../src/storage/png-text'
import { readPngTexts } from '../../../src/storage/read-png-text'
import { crc32 } from '../../../src/storage/write-png'

const png = new Uint8Array(encode({ width: 2, height: 1, channels: 3, data: Uint8Array.from([1, 2, 3, 4, 5, 6]) }))

describe('text in PNG files', () => {
  it('computes the CRC that zlib computes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(crc32(bytes)).toBe(zlibCrc32(bytes))
      }),
    )
  })

  it('carries any text and leaves the picture alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const written = withPngText(png, 'settings', text)
        expect(readPngTexts(written, 'settings')).toEqual([text])
        // fast-png checks every chunk's CRC as it reads.
        expect([...decode(written, { checkCrc: true }).data]).toEqual([1, 2, 3, 4, 5, 6])
      }),
    )
  })

  it('reads the chunk that the command line writes', () => {
    const text = '{"method":"pag"}'
    const written = new Uint8Array(
      encode({ width: 1, height: 1, channels: 3, data: new Uint8Array(3), text: { settings: text } }),
    )
    expect(readPngTexts(written, 'settings')).toEqual([text])
  })

  it('finds nothing under another key, in another file, or in half a file', () => {
    const written = withPngText(png, 'settings', 'x'.repeat(100))
    expect(readPngTexts(written, 'other')).toEqual([])
    expect(readPngTexts(png, 'settings')).toEqual([])
    expect(readPngTexts(new TextEncoder().encode('{"method": "pag"}'), 'settings')).toEqual([])
    expect(readPngTexts(written.subarray(0, 60), 'settings')).toEqual([])
    expect(() => withPngText(new Uint8Array(20), 'settings', 'x')).toThrow(TypeError)
  })
})
