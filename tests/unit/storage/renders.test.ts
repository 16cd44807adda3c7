/** The renders of a family: the sheet that ships, read without a canvas, and shown by the bytes that it holds. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { decode } from 'fast-png'
import { describe, expect, it, vi } from 'vitest'
import { renderAvatar, STYLES } from '../../../models/avatars/train/generate'
import { families, modelFolder, readModel } from '../../../src/cli/models'
import { fromByte, toByte } from '../../../src/core/image'
import { normals } from '../../../src/core/random'
import { decodePng } from '../../../src/storage/png'
import { decodeRenders } from '../../../src/storage/renders'
import { encodePng } from '../../../src/storage/write-png'
import { toPixels } from '../../../src/ui/stage/pixels'

const withRenders = families()
  .map(({ id }) => readModel(id))
  .flatMap((model) => (model.renders ? [{ ...model, renders: model.renders }] : []))

const bytesOf = (file: string) => new Uint8Array(readFileSync(file))

/** A PNG file of these chunks; its check sums are left empty, which the page's reader does not look at. */
function png(width: number, height: number, rows: Uint8Array, { depth = 8, colour = 2 } = {}) {
  const chunk = (name: string, content: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(content.length)
    return Buffer.concat([length, Buffer.from(name), content, Buffer.alloc(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colour, 0, 0, 0], 8)
  const data = deflateSync(rows)
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  const [first, rest] = [data.subarray(0, 5), data.subarray(5)]
  return new Uint8Array(
    Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', first),
      chunk('IDAT', rest),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  )
}

describe('PNG files', () => {
  it('that are written are read as they were, by another reader too', async () => {
    const [width, height] = [5, 4]
    const data = Uint8Array.from(normals(4, 0, 3 * width * height), (value) => Math.abs(value) * 90)
    const file = await encodePng({ width, height, data })
    const other = decode(file, { checkCrc: true })
    expect([other.width, other.height, other.depth, other.channels]).toEqual([width, height, 8, 3])
    expect([...other.data]).toEqual([...data])
    expect([...(await decodePng(file)).data]).toEqual([...data])
  })

  it('with each of the five filters are read as another reader reads them', async () => {
    const [width, height] = [7, 10]
    const noise = normals(3, 0, height * (1 + 3 * width))
    const rows = Uint8Array.from(noise, (value, i) => (i % (1 + 3 * width) === 0 ? 0 : Math.abs(value) * 90))
    for (let y = 0; y < height; y++) rows[y * (1 + 3 * width)] = y % 5
    const file = png(width, height, rows)
    const own = await decodePng(file)
    const other = decode(file, { checkCrc: false })
    expect([own.width, own.height]).toEqual([width, height])
    expect([...own.data]).toEqual([...other.data])
  })

  it.each([
    ['something else', new TextEncoder().encode('<!doctype html>'), 'no PNG'],
    ['a grey one', png(1, 1, new Uint8Array(2), { colour: 0 }), 'not 8-bit RGB'],
    ['deep colours', png(1, 1, new Uint8Array(7), { depth: 16 }), 'not 8-bit RGB'],
    ['too few pixels', png(2, 2, new Uint8Array(7)), 'too few or too many'],
    ['a filter too many', png(1, 1, Uint8Array.of(5, 0, 0, 0)), 'filter'],
  ])('%s is refused', async (_, bytes, why) => {
    await expect(decodePng(bytes)).rejects.toThrow(why)
  })

  it('that hold more than they say are unpacked no further', async () => {
    const read = vi.spyOn(ReadableStreamDefaultReader.prototype, 'read')
    await expect(decodePng(png(1, 1, new Uint8Array(20_000_000)))).rejects.toThrow('too few or too many')
    let bytes = 0
    for (const { value } of read.mock.results) bytes += ((await value) as { value?: Uint8Array }).value?.length ?? 0
    read.mockRestore()
    expect(bytes).toBeGreaterThan(4)
    expect(bytes).toBeLessThan(1_000_000)
  })
})

it('bytes go to data values and back unchanged, by the arithmetic of files and by that of the page', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte)
  const values = Float32Array.from(bytes, fromByte)
  expect([...values].map(toByte)).toEqual(bytes)
  const shown = toPixels(values, { height: 16, width: 16 })
  expect([...shown].filter((_, i) => i % 4 === 0)).toEqual(bytes)
})

it('there are families with renders', () => expect(withRenders.length).toBeGreaterThan(0))

describe.each(withRenders)('renders of $id', (model) => {
  const { sheet, rows } = model.renders
  const bytes = bytesOf(join(modelFolder(model.id), sheet.file))

  it('are the file that the manifest names, small, and enough for several games', () => {
    expect(bytes.length).toBe(sheet.bytes)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sheet.sha256)
    expect(bytes.length).toBeLessThanOrEqual(400_000)
    expect(rows * model.conditioning.classes.length).toBeGreaterThanOrEqual(60)
  })

  it('are shown with exactly the bytes of the sheet, each in its place', async () => {
    const renders = await decodeRenders(bytes, model)
    const { data, width: wide } = decode(bytes)
    const { height, width } = model.image
    expect(renders.map((ofClass) => ofClass.length)).toEqual(model.conditioning.classes.map(() => rows))
    for (const [label, ofClass] of renders.entries()) {
      for (const [row, image] of ofClass.entries()) {
        const shown = toPixels(image, model.image)
        const stored = Buffer.alloc(4 * height * width, 255)
        for (let i = 0; i < height * width; i++) {
          const at = 3 * ((row * height + Math.floor(i / width)) * wide + label * width + (i % width))
          stored.set(data.subarray(at, at + 3), 4 * i)
        }
        // Elements are compared by Buffer: `toEqual` takes seconds for so many.
        expect(stored.compare(new Uint8Array(shown.buffer)), `${label} ${row}`).toBe(0)
      }
    }
  })

  it('are refused where the sheet is of another shape', async () => {
    const other = { ...model, renders: { ...model.renders, rows: rows + 1 } }
    await expect(decodeRenders(bytes, other)).rejects.toThrow(/arrived damaged.*pixels instead of/)
  })
})

it('the avatars are what their generator draws, of seeds of their own', async () => {
  const model = readModel('avatars')
  const renders = await decodeRenders(bytesOf(join(modelFolder('avatars'), 'renders.png')), model)
  for (const [label, style] of STYLES.entries()) {
    const { planar } = renderAvatar(style, 'game-150')
    expect(Buffer.compare(Uint8Array.from(renders[label]![3]!, toByte), planar), style).toBe(0)
  }
})
