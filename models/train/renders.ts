/**
 * Writes a family's renders for the game "which is the render?": models/FAMILY/renders.png, a column a class, and its entry in the
 * manifest (`look`, written by hand, is kept).
 *
 *   npx tsx models/train/renders.ts FAMILY [--split game] [--rows 12]
 *
 * needs that split of the family's generator, `.cache/FAMILY/SPLIT.u8` and `.labels`: a split of its own, which no network, judge or
 * measurement saw, with some hundred pictures of each class. The sheet's are spread evenly over it, since pictures of neighbouring
 * seeds can be alike.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encode } from 'fast-png'
import { modelFolder, readModel } from '../../src/cli/models'
import type { ModelInfo } from '../../src/model/types'
import { runCommand, UsageError } from '../../src/cli/usage'

const FILE = 'renders.png'
/** The page fetches it before the game can begin. */
const MOST_BYTES = 400_000

/** Planar pictures as a sheet of rows, one picture of each class in a row. */
function sheetOf(
  pictures: Uint8Array,
  labels: Uint8Array,
  rows: number,
  { conditioning, image: { height, width } }: ModelInfo,
) {
  const classes = conditioning.classes.length
  const ofClass = Array.from({ length: classes }, (_, label) =>
    [...labels].flatMap((own, index) => (own === label ? [index] : [])),
  )
  if (ofClass.some(({ length }) => length < rows)) throw new UsageError(`a class has fewer than ${rows} pictures`)
  const data = new Uint8Array(rows * height * classes * width * 3)
  const area = height * width
  ofClass.forEach((indices, column) => {
    for (let row = 0; row < rows; row++) {
      const index = indices[Math.floor((row * indices.length) / rows)]!
      for (let i = 0; i < area; i++) {
        const [x, y] = [column * width + (i % width), row * height + Math.floor(i / width)]
        for (let c = 0; c < 3; c++) data[3 * (y * classes * width + x) + c] = pictures[(3 * index + c) * area + i]!
      }
    }
  })
  return { data, height: rows * height, width: classes * width }
}

async function renders(argv: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { split: { type: 'string', default: 'game' }, rows: { type: 'string', default: '12' } },
  })
  const [id] = positionals
  const rows = Number(values.rows)
  if (id === undefined || !Number.isInteger(rows) || rows < 1) {
    throw new UsageError('Usage: npx tsx models/train/renders.ts FAMILY [--split game] [--rows 12]')
  }
  const model = readModel(id)
  const out = join('.cache', id, values.split)
  const [pictures, labels] = [readFileSync(`${out}.u8`), readFileSync(`${out}.labels`)]
  const sheet = sheetOf(pictures, labels, rows, model)
  const bytes = encode({ ...sheet, channels: 3 }, { zlib: { level: 9 } })
  if (bytes.length > MOST_BYTES) throw new UsageError(`${bytes.length} bytes are too many: make fewer pictures`)
  const folder = modelFolder(id)
  writeFileSync(join(folder, FILE), bytes)
  const path = join(folder, 'manifest.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { renders?: object }
  const entry = { file: FILE, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  const told = { ...manifest, renders: { ...manifest.renders, sheet: entry, rows } }
  writeFileSync(path, `${JSON.stringify(told, null, 2)}\n`)
  return `${id}: ${rows} renders of each of ${model.conditioning.classes.length} classes, ${bytes.length} bytes`
}

await runCommand(renders)
