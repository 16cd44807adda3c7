/**
 * `npm run bench`: how much the engine adds to the bare network, as ratios taken in one run on one machine, so that they
 * mean something on a busy one. In real Chromium, for WASM, and for WebGPU where there is a GPU.
 */
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import type { BackendId } from '../worker/protocol'
import { findChromium } from './chromium.mjs'
import { buildEnginePage } from './engine-page'
import { ROOT } from './site.mjs'
import { fileServedAs } from '../model/served'
import { defaultModel } from './models'
import { listen, sendFile, siteServer } from './static-server.mjs'

const PASSES = 3
const MODEL = defaultModel()
const DIRECTORY = join(ROOT, '.cache', 'bench')

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!
const line = (what: string, ratio: number, detail: string) =>
  console.log(`  ${what.padEnd(52)} ${ratio.toFixed(2).padStart(6)}   ${detail}`)
const ms = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`

async function benchBackend(page: Page, backend: BackendId, threads: number): Promise<void> {
  // The first visit of this backend fills the caches; the second is the warm start.
  await page.evaluate(([id]) => window.bench.whole(id, 1), [backend] as const)
  await page.reload()
  const whole = await page.evaluate(([id, repeats]) => window.bench.whole(id, repeats), [backend, PASSES] as const)
  const bare = async (batches: readonly number[]) =>
    median(
      await page.evaluate((order) => window.bench.bare(order), {
        backend,
        threads,
        batches: [...batches],
        passes: PASSES,
      }),
    )
  const evaluations = await bare(whole.rows)
  const together = await bare([4])
  const apart = await bare([1, 1, 1, 1])
  console.log(`\n${whole.backend.label} (golden error ${whole.backend.goldenError?.toExponential(1)})`)
  line(
    'whole run / its bare evaluations',
    whole.milliseconds / evaluations,
    `${ms(whole.milliseconds)} / ${ms(evaluations)}`,
  )
  line('one run of 4 rows / 4 runs of 1 row', together / apart, `${ms(together)} / ${ms(apart)}`)
  line(
    'first preview from a warm start / whole run',
    whole.firstPreview / whole.milliseconds,
    `${ms(whole.firstPreview)} / ${ms(whole.milliseconds)}`,
  )
  line(
    'full image from a warm start / whole run',
    whole.firstFull / whole.milliseconds,
    `${ms(whole.firstFull)} / ${ms(whole.milliseconds)}`,
  )
}

const executablePath = findChromium()
if (!executablePath) throw new Error('no Chromium found; npm test installs one or says how to')
await buildEnginePage({ root: join(import.meta.dirname, 'bench'), directory: DIRECTORY, minify: true })
const server = siteServer({
  directory: DIRECTORY,
  isolation: true,
  intercept: (request, response, path) =>
    path.startsWith('/models/') && sendFile(request, response, join(ROOT, fileServedAs(path))),
})
await listen(server, 0, '127.0.0.1')
const browser = await chromium.launch({
  executablePath,
  args: ['--enable-unsafe-webgpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
})
try {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?model=${MODEL}`)
  console.log(`Ratios of medians of ${PASSES}; the first picture of ${MODEL}. Chromium ${browser.version()}`)
  const threads = await page.evaluate(() => Math.max(2, Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2))))
  await benchBackend(page, 'wasm-threads', threads)
  await benchBackend(page, 'wasm', 1)
  if (await page.evaluate(() => window.bench.hasGpu())) await benchBackend(page, 'webgpu', 1)
  else console.log('\nWebGPU: left out, this machine has no GPU (software WebGPU says nothing about speed).')
} finally {
  await browser.close()
  server.close()
  server.closeAllConnections()
}
