/** Addresses: rooms, models, and Back between them. */
import { readFileSync } from 'node:fs'
import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { choice, goTo, live, pageSuite, part, settled, slider } from './suite'

const site = pageSuite()

it('says that there is no such room, and opens the playground with what the address says', async () => {
  const page = await site.open('#room=cellar&seed=5')
  await live(page)
  await part(page, 'notice').getByText('no room “cellar”').waitFor()
  expect(await part(page, 'seed').inputValue()).toBe('5')
  // The next link is the playground's own, as it always was.
  await part(page, 'next-seed').click()
  await page.waitForURL(/[#&]seed=6/)
  expect(page.url()).not.toContain('room=')
})

it('goes to another family of models without leaving the page, and Back returns to what was there', async () => {
  const page = await site.open('#v=2&method=pag&class=7&seed=5')
  await settled(page)
  await page.evaluate(() => Object.assign(window, { stayed: true }))
  const models = part(page, 'model')
  await models.selectOption('shapes')
  await page.waitForURL(/model=shapes/)
  await settled(page)
  // Three classes, and any of them.
  expect(await part(page, 'class').getByRole('option').count()).toBe(4)
  await page.goBack()
  await settled(page)
  expect(await models.inputValue()).toBe('avatars')
  expect(await part(page, 'class').inputValue()).toBe('7')
  expect(await page.evaluate(() => 'stayed' in window)).toBe(true)
})

/** Drops a file or pastes a text; whether the browser would still do with it what it does by itself. */
function bring(page: Page, given: { readonly file: string } | { readonly text: string }): Promise<boolean> {
  return page.evaluate((what) => {
    const data = new DataTransfer()
    const common = { bubbles: true, cancelable: true }
    if ('text' in what) {
      data.setData('text/plain', what.text)
      return document.body.dispatchEvent(new ClipboardEvent('paste', { ...common, clipboardData: data }))
    }
    data.items.add(new File([what.file], 'given'))
    return ['dragover', 'drop'].some((type) =>
      document.body.dispatchEvent(new DragEvent(type, { ...common, dataTransfer: data })),
    )
  }, given)
}

it('takes files and links in every room, to the playground, and tells of a new version there, too', async () => {
  const page = await site.open('#room=measured&v=2&method=seg&seed=3')
  const back = part(page, 'to-play')
  await back.waitFor()
  expect(await bring(page, { file: '{"scale": 99}' })).toBe(false)
  await part(page, 'notice').getByText('given: scale must be between').waitFor()
  expect(page.url()).toContain('room=measured')
  await part(page, 'dismiss').click()
  await bring(page, { text: 'What a fine day.' })
  // The playground was not open.
  await bring(page, { text: 'See https://example.org/#room=game&v=2&method=pag&seed=1&steps=4.' })
  await settled(page, { method: 'pag', seed: 1 })
  expect(await part(page, 'notice').count()).toBe(0)
  await page.goBack()
  await back.waitFor()
  expect(page.url()).toContain('room=measured&v=2&method=seg&seed=3')

  await page.route('**/index.html', (route) => route.fulfill({ body: '<meta name="version" content="f00d">' }))
  await page.evaluate(() => dispatchEvent(new Event('online')))
  const version = page.locator('[data-part="load-version"]:visible')
  await version.waitFor()
  await goTo(page, '#room=game&model=shapes&game=5')
  await part(page, 'no-renders').waitFor()
  expect(await version.count()).toBe(1)
  // A file that names no model is of the one in the address.
  expect(await bring(page, { file: '{"method": "seg", "seed": 8, "steps": 4}' })).toBe(false)
  await settled(page, { method: 'seg', seed: 8 })
  expect(await part(page, 'model').inputValue()).toBe('shapes')
  await version.waitFor()
})

it('walks points in the plane, whose settings are in its address, and says what guidance does to them', async () => {
  const page = await site.open('#room=plane&v=3&model=plane&method=cfg&network=dropout&scale=3&steps=8')
  const plane = (current: boolean) => page.locator(`[data-part="plane"][data-current="${current}"]`)
  await plane(true).waitFor()
  expect(await part(page, 'verdict').textContent()).toMatch(/^Guidance overshoots/)
  // What is shown can be chosen, and the points have a name for whoever does not see them.
  await part(page, 'show-negative').click()
  expect(await part(page, 'points').getAttribute('aria-label')).toMatch(/^2000 points, negative alone, no noise left\./)
  await slider(page, 'playhead').press('Home')
  expect(await part(page, 'points').getAttribute('aria-label')).toContain('noise σ 5.')
  // No noise is nearly white; something is drawn.
  const drawn = await part(page, 'points').evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    return data.filter((value, i) => i % 4 === 3 && value > 0).length
  })
  expect(drawn).toBeGreaterThan(1000)
  await slider(page, 'scale').press('Home')
  await page.waitForURL(/^[^#]*#room=plane&v=3&model=plane&method=cfg.*&scale=-1/)
  await page.goBack()
  await page.waitForURL(/scale=3/)
  await plane(true).waitFor()
  expect(await part(page, 'verdict').textContent()).toMatch(/^Guidance overshoots/)
  // What is shared opens the room with these settings, and as it is seen where that is asked for.
  await part(page, 'to-share').click()
  const link = await part(page, 'link').inputValue()
  expect(link).toMatch(/^[^#]*#room=plane&v=3&model=plane&method=cfg&steps=8&scale=3&weights=\w+$/)
  await part(page, 'with-view').click()
  expect(await part(page, 'link').inputValue()).toBe(`${link}&at=0`)
  await choice(page, 'share-ways', 'markdown').click()
  await part(page, 'markdown-picture').click()
  expect(await part(page, 'markdown').inputValue()).toMatch(/^\[!\[2000 points, negative alone, noise σ 5\..*&at=0\)$/)
  const [saved] = await Promise.all([page.waitForEvent('download'), part(page, 'markdown-save').click()])
  const { width, data, channels } = decode(new Uint8Array(readFileSync(await saved.path())))
  expect(width).toBe(1024)
  // As high as wide, and a line that says what it is.
  const row = width * channels
  const inkIn = (rows: typeof data) => rows.filter((value, i) => i % channels === 0 && value < 200).length
  expect(inkIn(data.slice(0, width * row))).toBeGreaterThan(1000)
  expect(inkIn(data.slice(width * row))).toBeGreaterThan(100)
  await page.keyboard.press('Escape')
  // Before an audience all of the points and the way under them fit the screen, and keys work.
  await part(page, 'present').click()
  await page.waitForURL(/present=1/)
  const [points, way] = [await part(page, 'points').boundingBox(), await part(page, 'way').boundingBox()]
  expect(points!.width).toBeCloseTo(points!.height, 0)
  expect(points!.y + points!.height).toBeLessThanOrEqual(way!.y)
  expect(way!.y + way!.height).toBeLessThanOrEqual(page.viewportSize()!.height)
  await page.keyboard.press('b')
  await page.locator('[data-part="show-guided"][aria-pressed="true"]').waitFor()
  await page.keyboard.press('p')
  expect(await part(page, 'points').getAttribute('aria-label')).toMatch(/^2000 points, guided, noise σ/)
  await page.keyboard.press('Escape')
  await part(page, 'to-play').waitFor()
  // Attention is not to be had, and the address says so in the place of running something else.
  await goTo(page, '#room=plane&v=3&model=plane&method=pag&steps=8')
  await part(page, 'note').getByText('no self-attention layers').waitFor()
})

it('runs a lesson beside the pictures: predict, find, back, reload, and all of the page again', async () => {
  const page = await site.open('#room=learn')
  await part(page, 'lesson-link').first().click()
  await page.waitForURL(/scale=0\.5.*lesson=first-look$/)
  // The step shows three parts of the page, and holds two settings.
  await part(page, 'stage').waitFor()
  await part(page, 'axis').waitFor({ state: 'detached' })
  // What was measured of the scale is not told where it is still to be predicted.
  await part(page, 'best-scale').waitFor()
  await part(page, 'lesson-next').click()
  await part(page, 'best-scale').waitFor({ state: 'detached' })
  expect(await part(page, 'scale-legend').textContent()).toBe('')
  await part(page, 'lesson-choice').nth(1).click()
  await part(page, 'lesson-say').click()
  await part(page, 'lesson-verdict').getByText('It is: the positive.').waitFor()
  await part(page, 'best-scale').waitFor()
  await part(page, 'lesson-next').click()
  await settled(page, { scale: 0 })
  // What the step before has shown does not count for this one.
  expect(await page.locator('[data-part="lesson-goal"][data-met="true"]').count()).toBe(0)
  await part(page, 'lesson-facts').locator('[data-fact="scale"]').waitFor()
  // On a phone what is to be found stays in view while the rest is folded.
  await page.setViewportSize({ width: 390, height: 844 })
  await part(page, 'lesson-fold').click()
  await part(page, 'lesson-facts').waitFor({ state: 'hidden' })
  expect(await part(page, 'lesson-goal').first().isVisible()).toBe(true)
  // The next step is opened to be read.
  await part(page, 'lesson-next').click()
  await part(page, 'lesson-curve').waitFor()
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goBack()
  await part(page, 'lesson-facts').waitFor()
  await page.goBack()
  await part(page, 'lesson-verdict').waitFor()
  await page.reload()
  await part(page, 'lesson-verdict').getByText('It is: the positive.').waitFor()
  await part(page, 'lesson-close').click()
  await page.waitForURL((url) => !url.hash.includes('lesson'))
  await part(page, 'axis').waitFor()
})

it('opens a lesson that was dropped, from the link that then carries it, and lists what is wrong with another', async () => {
  const page = await site.open('#v=2&steps=4')
  await settled(page)
  const drop = (text: string) =>
    page.evaluate((what) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([what], 'mine.md'))
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }))
    }, text)
  await drop('---\ntitle: Mine\n---\n## One\n<b>two</b>\n')
  await part(page, 'lesson-mistakes').getByText('HTML is not read here').waitFor()
  await drop('---\ntitle: Mine\nminutes: 3\nlevel: first\nneeds: avatars\n---\n## One\n$x^2$\n')
  await page.getByRole('heading', { name: 'One' }).waitFor()
  expect(page.url()).toMatch(/#lesson=z:[\w-]+e$/)
  // What was shown before a lesson came to its step finds nothing of it.
  await settled(page, { steps: 16 })
  await drop(
    '---\ntitle: Mine\nminutes: 3\nlevel: first\nneeds: avatars\n---\n## Two\n~~~step\npreset: v=3&method=pag&scale=0&steps=4\n~~~\n~~~find\ntask: Find it.\ngoals: [{ say: it, when: scale > 0 }]\n~~~\n',
  )
  await page.getByRole('heading', { name: 'Two' }).waitFor()
  await settled(page, { scale: 0 })
  expect(await part(page, 'lesson-goal').getAttribute('data-met')).toBe('false')
})
