/**
 * Draws the pictures that the room of the article shows beside its points: for each place of its figures the first three images of the
 * measurement (classes in turn, seeds from 1), as one sheet, src/ui/rooms/article/pictures/FAMILY.webp, a row a place, and FAMILY.json,
 * which tells the rows' settings as links.
 *
 *   npx tsx models/train/article.ts FAMILY [--threads 1]
 *
 * draws what `npm run sample` draws. Resumable: what is drawn lies in .cache/article by its link, which names the weights. Chromium
 * packs the sheet.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { encode } from 'fast-png'
import { filmStrip } from '../../src/core/image'
import { findChromium } from '../../src/cli/chromium.mjs'
import { modelFolder, readModel } from '../../src/cli/models'
import { loadNodeModel, type NodeModel } from '../../src/cli/node-model'
import { runCommand, UsageError } from '../../src/cli/usage'
import { parseCurves } from '../../src/evaluation/curves'
import { parsePublished } from '../../src/evaluation/published'
import type { ModelInfo } from '../../src/model/types'
import { sample } from '../../src/sampling/sample'
import type { Settings } from '../../src/settings/types'
import { evidenceOf } from '../../src/ui/rooms/article/evidence'
import { sections } from '../../src/ui/rooms/article/sections/index.generated'
import { nth, pictured, SHOWN } from '../../src/ui/rooms/article/spots'

const CACHE = '.cache/article'
const OUT = 'src/ui/rooms/article/pictures'
const MOST_BYTES = 1_000_000
const QUALITY = 0.82

function placesOf(model: ModelInfo): ReadonlyMap<string, Settings> {
  if (model.evaluation === null) throw new UsageError(`${model.id} has no evaluation`)
  const json: unknown = JSON.parse(readFileSync(join(modelFolder(model.id), model.evaluation), 'utf8'))
  return pictured(evidenceOf(model, parsePublished(json, model), parseCurves(json, model)), sections)
}

/** The images of a place side by side, RGB. */
async function drawn({ denoiser, vision, model }: NodeModel, settings: Settings): Promise<Uint8Array> {
  const images: Float32Array[] = []
  for (let index = 0; index < SHOWN; index++) {
    const events = sample({ denoiser, settings: nth(settings, index, model), alone: [], ...(vision && { vision }) })
    for await (const event of events)
      if (event.kind === 'final') images.push(...event.samples.map(({ guided }) => guided))
  }
  return filmStrip(images, model.image)
}

/** Rows as one WebP: no encoder of it is among our packages, and every Chromium has one. */
async function packed(rows: readonly Uint8Array[], { height, width }: ModelInfo['image']): Promise<Buffer> {
  const sheet = { width: width * SHOWN, height: height * rows.length, channels: 3, data: Buffer.concat(rows) } as const
  const png = Buffer.from(encode(sheet)).toString('base64')
  const executablePath = findChromium()
  if (executablePath === null) throw new UsageError('no Chromium was found to pack the pictures')
  const browser = await chromium.launch({ executablePath })
  try {
    const page = await browser.newPage()
    const url = await page.evaluate(
      async ([data, quality]) => {
        const image = new Image()
        image.src = `data:image/png;base64,${data}`
        await image.decode()
        const canvas = document.createElement('canvas')
        canvas.width = image.width
        canvas.height = image.height
        canvas.getContext('2d')?.drawImage(image, 0, 0)
        return canvas.toDataURL('image/webp', quality)
      },
      [png, QUALITY] as const,
    )
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
  } finally {
    await browser.close()
  }
}

async function article(argv: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { threads: { type: 'string', default: '1' } },
  })
  const [id] = positionals
  if (id === undefined) throw new UsageError('Usage: npx tsx models/train/article.ts FAMILY [--threads 1]')
  const loaded = await loadNodeModel(modelFolder(readModel(id).id), { threads: Number(values.threads) })
  const places = placesOf(loaded.model)
  mkdirSync(CACHE, { recursive: true })
  const rows: Uint8Array[] = []
  try {
    for (const [link, settings] of places) {
      const file = join(CACHE, `${createHash('sha256').update(link).digest('hex').slice(0, 16)}.rgb`)
      if (!existsSync(file)) writeFileSync(file, await drawn(loaded, settings))
      rows.push(readFileSync(file))
      if (rows.length % 10 === 0) console.error(`${rows.length} of ${places.size}`)
    }
  } finally {
    await loaded.dispose()
  }
  const bytes = await packed(rows, loaded.model.image)
  if (bytes.length > MOST_BYTES) throw new UsageError(`${bytes.length} bytes are too many: show fewer places`)
  mkdirSync(OUT, { recursive: true })
  writeFileSync(join(OUT, `${id}.webp`), bytes)
  writeFileSync(join(OUT, `${id}.json`), `${JSON.stringify([...places.keys()], null, 2)}\n`)
  return `${id}: ${places.size} places, ${bytes.length} bytes`
}

await runCommand(article)
