import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { encode } from 'fast-png'
import { afterAll, describe, expect, it } from 'vitest'
import { openPreset } from '../../../src/cli/preset'
import { withPngText } from '../../../src/storage/png-text'
import { crc32 } from '../../../src/storage/write-png'
import { MOST_BYTES, readSettingsFile, readSettingsText } from '../../../src/storage/settings-file'
import { toyModel as model } from '../../support/model'

const json = JSON.stringify({ method: 'seg', scale: 1.5, seed: 7 })
const folder = mkdtempSync(join(tmpdir(), 'settings-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const picture = (width = 2, height = 1) =>
  new Uint8Array(encode({ width, height, channels: 3, data: new Uint8Array(3 * width * height) }))

/** A PNG with a chunk behind its header. */
function withChunk(type: string, ...data: (string | Uint8Array)[]): Uint8Array {
  const body = Buffer.concat([type, ...data].map((part) => Buffer.from(part as string, 'latin1')))
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length - 4)
  sum.writeUInt32BE(crc32(body))
  const png = Buffer.from(picture())
  return new Uint8Array(Buffer.concat([png.subarray(0, 33), length, body, sum, png.subarray(33)]))
}

const utf16 = (text: string, mark: boolean) => Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')

const READ: Record<string, Uint8Array> = {
  JSON: Buffer.from(json),
  'JSON with a byte order mark': Buffer.from(`\ufeff${json}`),
  'JSON in UTF-16, little end first': utf16(json, true),
  'the same without a mark': utf16(json, false),
  'JSON in UTF-16, big end first': utf16(json, true).swap16(),
  'the same without its mark': utf16(json, false).swap16(),
  'JSON from Markdown, with blanks around': Buffer.from(`\r\n\`\`\`json\n${json}\n\`\`\`\u00a0\n`),
  'the same from Windows': Buffer.from(`\`\`\`json\r\n${json}\r\n\`\`\`\r\n`),
  'a PNG with plain text': withChunk('tEXt', 'settings\0', json),
  'a PNG with compressed text': withChunk('zTXt', 'settings\0\0', deflateSync(json)),
  'a PNG with international text': withPngText(picture(), 'settings', json),
  'a PNG with compressed international text': withChunk('iTXt', 'settings\0\u0001\0en\0\0', deflateSync(json)),
  'a PNG whose settings another program named in its way': withChunk('tEXt', 'Settings\0', json),
  'a PNG that was cut off behind its settings': withPngText(picture(400, 400), 'settings', json).subarray(0, 200),
}

describe('settings are read from', () => {
  it.each(Object.entries(READ))(
    '%s, on the page and on the command line, whatever the file is called',
    (name, bytes) => {
      expect(readSettingsFile(new Uint8Array(bytes))).toEqual({ kind: 'preset', preset: JSON.parse(json) as unknown })
      const file = join(folder, `${name}.jpg`)
      writeFileSync(file, bytes)
      expect(openPreset(file, {}).settings(model)).toMatchObject({ method: 'seg', scale: 1.5, seed: 7 })
    },
  )

  it.each([
    'https://example.org/play/#v=2&method=seg&seed=7',
    '[InternetShortcut]\r\nURL=https://example.org/#v=2&amp;method=seg&amp;seed=7\r\n',
    'Look at this: <https://example.org/%23v%3D2%26method%3Dseg%26seed%3D7>!',
  ])('a text that is a link: %j', (text) => {
    expect(readSettingsText(text).kind).toBe('link')
    const file = join(folder, 'link.txt')
    writeFileSync(file, text)
    expect(openPreset(file, {}).settings(model)).toMatchObject({ method: 'seg', seed: 7 })
  })
})

const again = /encoded it? ?again/
const none = /carries no settings/
const REFUSED: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['nothing', new Uint8Array(), /^it is empty/],
  ['blanks', Buffer.from(' \n'), /^it is empty/],
  ['prose', Buffer.from('# Guidance\nPush away from the worse one.'), /not JSON/],
  ['half of a preset', Buffer.from(json.slice(0, 12)), /not JSON: ./],
  ['a picture of something else', picture(), none],
  ['a picture with the size of ours', picture(1664, 670), again],
  ['a picture that ends behind its signature', picture().subarray(0, 10), none],
  ['JSON in Latin-1', Buffer.from('{"méthode": "seg"}', 'latin1'), /not JSON/],
  ['a JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), /^this is a JPEG.* again/],
  ['a WebP', Buffer.from('RIFF\0\0\0\0WEBPVP8 '), /^this is a WebP.* again/],
  ['an AVIF', Buffer.from('\0\0\0\u001cftypavif'), /^this is an AVIF.* again/],
  ['a ZIP', Buffer.from('PK\u0003\u0004'), /ZIP/],
  ['a network', Buffer.from([8, 8, 18, 7, 0]), /binary/],
  ['settings that are damaged', withChunk('tEXt', 'settings\0', json.slice(3)), /damaged/],
  ['compressed settings that are damaged', withChunk('zTXt', 'settings\0\0', deflateSync(json).subarray(4)), /damaged/],
  [
    'settings that are too much when decompressed',
    withChunk('zTXt', 'settings\0\0', deflateSync(Buffer.alloc(5e6))),
    /damaged/,
  ],
]

describe('what holds no settings is told apart', () => {
  it('what is too large', () => {
    expect(readSettingsFile(new Uint8Array(MOST_BYTES + 1))).toMatchObject({ why: expect.stringMatching(/too large/) })
  })

  it.each(REFUSED)('%s', (_, bytes, why) => {
    expect(readSettingsFile(new Uint8Array(bytes))).toEqual({ kind: 'fault', why: expect.stringMatching(why) })
  })
})
