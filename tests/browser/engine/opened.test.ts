/** Somebody's model in a real browser, from the files that are dropped to guided pictures: the tiny family's graph without its manifest. */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROOT } from '../../../src/cli/site.mjs'
import { launch, serveSite, type Session, type Site } from '../harness'
import { part } from '../page/suite'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const bytesOf = (name: string) => readFileSync(join(ROOT, 'models', 'tiny', name))

let session: Session
let site: Site
beforeAll(async () => {
  site = await serveSite({ isolation: false })
  session = await launch({ webgpu: false, quick: true, shell: true })
})
afterAll(async () => {
  await session.close()
  await site.close()
})

/** Drops a file on the page, as from the desktop. */
const drop = (page: Page, name: string, bytes: Buffer) =>
  page.evaluate(
    ([file, base64]) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], file))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    },
    [name, bytes.toString('base64')] as const,
  )

const picture = (page: Page) =>
  part(page, 'level')
    .last()
    .locator('canvas')
    .last()
    .evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''))

/** What axe finds, in both themes. */
async function findings(page: Page): Promise<unknown[]> {
  await page.evaluate(axe)
  const found: unknown[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    found.push(
      ...(await page.evaluate(async () => {
        const { axe: injected } = window as unknown as { axe: { run(): Promise<{ violations: object[] }> } }
        return (await injected.run()).violations
      })),
    )
  }
  return found
}

const live = (page: Page, method: string) =>
  page.locator(`[data-part="stage"][data-origin="live"][aria-busy="false"][data-method="${method}"]`).waitFor()

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

it('is dropped, described, tried, proved, guided by the link that waited for it, kept and forgotten', async () => {
  const hash = sha256(`${sha256(bytesOf('graph.onnx'))}\n${sha256(bytesOf('weights.fp16.bin'))}`).slice(0, 16)
  // Its file is known by its hash, whatever the link calls it.
  const link = `v=3&model=theirs_${hash}&method=seg&sigma=inf&scale=1&layers=0&steps=4`
  const { page } = await session.open(`${site.url}#room=open&${link}`, { viewport: { width: 1280, height: 720 } })
  await part(page, 'waiting')
    .filter({ hasText: `“theirs” (its SHA-256 begins ${hash})` })
    .waitFor()
  await drop(page, 'notes.onnx', Buffer.from('<!doctype html>'))
  await part(page, 'look-failed').filter({ hasText: 'notes.onnx can’t be opened' }).waitFor()
  await drop(page, 'net.onnx', bytesOf('graph.onnx'))
  await part(page, 'missing').filter({ hasText: 'weights.fp16.bin' }).waitFor()
  await drop(page, 'weights.fp16.bin', bytesOf('weights.fp16.bin'))
  await page.locator('[data-part="trial"][aria-busy="false"] [data-part="level"]').nth(2).waitFor()

  // A wrong guess is visible at once.
  const right = await picture(page)
  await part(page, 'prediction').selectOption('epsilon')
  await expect.poll(() => picture(page)).not.toBe(right)
  await part(page, 'prediction').selectOption('edm')

  await part(page, 'model-name').fill('My net')
  await part(page, 'class-names').fill('first\nsecond')
  await part(page, 'open-model').click()
  // It is there as it came before its layers are proved.
  await part(page, 'found').waitFor()
  await part(page, 'layers').waitFor()
  expect(await page.locator('[data-part="layers"] tbody tr[data-verdict="ready"]').count()).toBeGreaterThan(3)
  expect(await findings(page)).toEqual([])
  await part(page, 'use-model').click()
  await live(page, 'seg')
  expect(page.url()).toBe(`${site.url}#${link}`)
  expect(await part(page, 'class').locator('option').allTextContents()).toEqual(
    expect.arrayContaining(['first', 'second']),
  )
  const menu = await part(page, 'model').locator('option').allTextContents()
  expect(menu).toContain('My net')
  expect(menu.length).toBeGreaterThan(1)

  // On the next visit it is there, for other methods, too.
  await page.goto(`${site.url}#${link.replace('method=seg&sigma=inf', 'method=pag')}`)
  await page.reload()
  await live(page, 'pag')
  await page.evaluate((hash) => {
    history.pushState(null, '', hash)
    dispatchEvent(new PopStateEvent('popstate'))
  }, `#room=open&${link}`)
  await page.locator(`[data-part="kept"] [data-model="my-net_${hash}"]`).waitFor()
  expect(await part(page, 'waiting').count()).toBe(0)
  await part(page, 'forget-model').click()
  await part(page, 'kept').waitFor({ state: 'detached' })
  await part(page, 'waiting').waitFor()
  session.expectClean()
})
