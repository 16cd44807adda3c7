/**
 * `npm run dispatches`: what a step asks of a GPU, kernel by kernel: the default network of each model that is named (else of all), with
 * every second row's attention the identity. In real Chromium, where there is no GPU in software, which is slow and counts the same.
 */
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { fileServedAs } from '../model/served'
import type { AttentionControl } from '../network/types'
import { findChromium } from './chromium.mjs'
import { buildEnginePage } from './engine-page'
import { ROOT } from './site.mjs'
import { listen, sendFile, siteServer } from './static-server.mjs'

const CONTROLS: Readonly<Record<string, AttentionControl | null>> = {
  identity: { mix: 1 },
  none: null,
  part: { mix: 0.5 },
  blur: { querySigma: 1 },
}
const DIRECTORY = join(ROOT, '.cache', 'dispatches')

const asked = process.argv.slice(2)
const controls = asked.filter((word) => word in CONTROLS)
const models = asked.filter((word) => !(word in CONTROLS))
const executablePath = findChromium()
if (!executablePath) throw new Error('no Chromium found; npm test installs one or says how to')
await buildEnginePage({ root: join(import.meta.dirname, 'dispatches'), directory: DIRECTORY, minify: false })
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
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  for (const model of models.length > 0 ? models : ['tiny', 'avatars']) {
    for (const control of controls.length > 0 ? controls : ['identity']) {
      const { steps, kernels, before, error, ahead, alone, ...counts } = await page.evaluate(
        (order) => window.countDispatches(order),
        {
          model,
          control: CONTROLS[control]!,
        },
      )
      const all = Object.values(kernels).reduce((a, b) => a + b, 0)
      const each = (count: number) => Number((count / steps).toFixed(1))
      console.log(`${model}, attention ${control}: ${each(all)} dispatches a step, of ${steps} steps:`)
      const sorted = Object.entries(kernels).sort(([, a], [, b]) => b - a)
      console.log(`  ${sorted.map(([kernel, count]) => `${kernel} ${each(count)}`).join(', ')}`)
      console.log(
        `  ${Object.entries(counts)
          .map(([what, count]) => `${what} ${each(count)}`)
          .join(', ')}`,
      )
      console.log(
        `  until then: ${before.dispatches} dispatches, ${before.shaders} shaders; against PyTorch ${error?.toExponential(1)}, ahead against plain ${ahead.toExponential(1)}; alone ${alone ? 'the same to the bit' : 'OTHER BITS'}`,
      )
    }
  }
} finally {
  await browser.close()
  server.close()
  server.closeAllConnections()
}
