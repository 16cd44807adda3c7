/** Files: pictures and settings saved and opened again, one that is none, and whatever else a stranger brings. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { decode, decodeApng } from 'fast-png'
import { unzipSync } from 'fflate'
import type { Frame, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { readPngTexts } from '../../../src/storage/read-png-text'
import { decodeLink, sameSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { settingsRefusals } from '../../../src/ui/method/methods'
import { tries } from '../../support/fuzz'
import { fakeDigests, fakeModel } from './fake-engine'
import { anyVisit, wantedBy, type Brought } from './hostile'
import { choice, pageSuite, part, settled } from './suite'

const suite = pageSuite()

it('saves the three pictures with their settings inside, and opens them again', async () => {
  const page = await suite.open('#v=1&method=icg&seed=5&samples=4&steps=4')
  await settled(page, { seed: 5 })
  const save = async (item: string) => {
    await part(page, 'files').click()
    const [download] = await Promise.all([page.waitForEvent('download'), part(page, item).click()])
    return { name: download.suggestedFilename(), path: await download.path() }
  }
  const picture = await save('save-png')
  const bytes = new Uint8Array(readFileSync(picture.path))
  expect(JSON.parse(readPngTexts(bytes, 'settings')[0] ?? '')).toMatchObject({ method: 'icg', seed: 5, samples: 4 })
  expect(decode(bytes).width).toBeGreaterThan(1500)
  const preset = await save('save-json')
  expect(JSON.parse(readFileSync(preset.path, 'utf8'))).toMatchObject({ method: 'icg', seed: 5 })

  const steps = unzipSync(readFileSync((await save('save-steps')).path))
  const names = ['positive', 'negative', 'guided'].flatMap((role) => [0, 1, 2, 3, 4].map((at) => `${role}/0${at}.png`))
  const animated = readFileSync((await save('save-animation')).path)
  const tensors = Object.keys(unzipSync(readFileSync((await save('save-tensors')).path)))
  expect(new Set(Object.keys(steps))).toEqual(new Set([...names, 'settings.json']))
  expect(decodeApng(animated).frames).toHaveLength(5)
  expect(tensors).toEqual(expect.arrayContaining(['noise.npy', 'x.npy', 'D_pos.npy', 'D_neg.npy', 'D.npy']))
  for (const saved of [steps['guided/04.png']!, animated])
    expect(JSON.parse(readPngTexts(saved, 'settings')[0] ?? '')).toMatchObject({ method: 'icg', seed: 5, samples: 4 })

  await part(page, 'to-share').click()
  await choice(page, 'share-ways', 'figure').click()
  await part(page, 'figure-count').fill('3')
  await part(page, 'figure-count').press('Enter')
  await part(page, 'draw-figure').filter({ hasText: '(3)' }).click()
  const [figure] = await Promise.all([page.waitForEvent('download'), part(page, 'save-figure').click()])
  expect(figure.suggestedFilename()).toBe('figure-icg-by-scale.html')
  const html = readFileSync(await figure.path(), 'utf8')
  // Of each value a guided picture, and what all have in common once.
  expect(html.match(/<img class="k k\d" [^>]*alt="Guided, 4 images of ICG/g)).toHaveLength(3)
  expect(html.match(/<img /g)).toHaveLength(5)
  expect(html).toContain(`href="${suite.url}#v=`)

  const other = await suite.open()
  await settled(other, { seed: 1 })
  for (const file of [picture, preset]) {
    const input = { name: file.name, mimeType: 'application/octet-stream', buffer: readFileSync(file.path) }
    await part(other, 'open-file').setInputFiles(input)
    await settled(other, { method: 'icg', seed: 5 })
    expect(other.url()).toContain('method=icg')
    await other.goBack()
    await settled(other, { seed: 1 })
  }

  // Dropped and pasted it is the same, whatever the file is called.
  for (const ways of [['dragover', 'drop'], ['paste']] as const) {
    for (const way of ways) {
      expect(await opensItself(other, way, readFileSync(picture.path))).toBe(false)
      if (way === 'dragover') await part(other, 'drop-zone').waitFor()
    }
    await settled(other, { method: 'icg', seed: 5 })
    expect(await part(other, 'drop-zone').count()).toBe(0)
    await other.goBack()
    await settled(other, { seed: 1 })
  }
})

/** Brings a file to the page; whether the browser would still open it in the page's place. */
function opensItself(page: Page, way: 'dragover' | 'drop' | 'paste', bytes: Buffer): Promise<boolean> {
  return page.evaluate(
    ([type, base64]) => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], 'picture'))
      const given = { bubbles: true, cancelable: true }
      if (type === 'paste')
        return !document.body.dispatchEvent(new ClipboardEvent(type, { ...given, clipboardData: data }))
      return document.body.dispatchEvent(new DragEvent(type, { ...given, dataTransfer: data }))
    },
    [way, bytes.toString('base64')] as const,
  )
}

it('refuses a file that is none, in a sentence, and changes nothing', async () => {
  const page = await suite.open()
  await settled(page)
  const url = page.url()
  const file = { name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{"scale": 99}') }
  await part(page, 'open-file').setInputFiles(file)
  await part(page, 'notice').waitFor()
  const told = await part(page, 'notice').textContent()
  expect(told).toContain('a.json: scale must be between')
  expect(told).toContain('nothing has changed')
  expect(page.url()).toBe(url)
})

/** Brings it, and waits until the page has read it. */
async function bring(frame: Frame, brought: Brought, name: string, refused: boolean): Promise<void> {
  switch (brought.kind) {
    case 'file': {
      await frame.evaluate(
        ([bytes, called]) => {
          const dataTransfer = new DataTransfer()
          dataTransfer.items.add(new File([Uint8Array.from(bytes)], called))
          document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }))
        },
        [[...brought.bytes], name] as const,
      )
      if (refused)
        await part(frame, 'notice')
          .filter({ hasText: `${name}: ` })
          .waitFor()
      return
    }
    case 'link':
      return frame.evaluate(
        (link) =>
          new Promise((resolve) => {
            addEventListener('hashchange', () => resolve(), { once: true })
            location.hash = link
          }),
        brought.link,
      )
    case 'message':
      return frame.page().evaluate(
        ([message, id]) =>
          new Promise((resolve) => {
            addEventListener('message', function hear({ data }: MessageEvent<{ readonly id?: string }>) {
              if (data.id !== id) return
              removeEventListener('message', hear)
              resolve()
            })
            // Answered after what was said before.
            for (const each of [message, { type: 'guidance-playground', version: 1, kind: 'get', id }])
              frames[0]?.postMessage(each, '*')
          }),
        [brought.message, name] as const,
      )
    default:
      return brought satisfies never
  }
}

/** All pictures of the stage, as short strings to compare. */
async function seen(frame: Frame): Promise<readonly string[]> {
  const pictures = await part(frame, 'stage')
    .locator('canvas')
    .evaluateAll((all) => all.map((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : '')))
  return pictures.map((picture) => createHash('sha256').update(picture).digest('hex'))
}

it('keeps the last good pictures, and a link that is theirs, whatever is brought to it while its worker dies', async () => {
  const { page } = await suite.session.open()
  const around = {
    contentType: 'text/html',
    body: '<iframe width="1200" height="700" src="./#v=2&amp;steps=4"></iframe>',
  }
  await page.route('**/around', (route) => route.fulfill(around))
  await page.goto(`${suite.url}around`)
  const [, frame] = page.frames()
  const asked = () => decodeLink(new URL(frame!.url()).hash, fakeModel).settings
  let now: Settings = asked()
  let shown = (await fakeDigests(now)).join(' ')
  const drawn = (digests: string) =>
    frame!.locator(`[data-part="stage"][data-origin="live"][aria-busy="false"][data-digests="${digests}"]`).waitFor()
  await drawn(shown)
  for (const [at, { brought, death }] of fc.sample(anyVisit, tries(14)).entries()) {
    const wanted = wantedBy(brought, now)
    if (wanted === 'elsewhere' || (wanted && (wanted.steps > 8 || wanted.samples > 4 || sameSettings(wanted, now))))
      continue
    const before = await seen(frame!)
    await bring(frame!, brought, `bad ${at}`, wanted === null)
    if (death !== 'none') await frame!.evaluate((name) => dispatchEvent(new Event(name)), death)
    now = wanted ?? now
    await expect.poll(() => sameSettings(asked(), now), { timeout: 30_000 }).toBe(true)
    if (wanted && settingsRefusals(now, fakeModel).length === 0) shown = (await fakeDigests(now)).join(' ')
    if (death === 'engine-failed') {
      await part(frame!, 'remedy-restart').waitFor()
      if (!wanted) expect(await seen(frame!)).toEqual(before)
      await part(frame!, 'remedy-restart').click()
    }
    await drawn(shown)
    if (!wanted) expect(await seen(frame!)).toEqual(before)
  }
})
