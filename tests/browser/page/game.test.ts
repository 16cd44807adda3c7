/** The game "which is the render?": a round from a failure to its score, by keys and by clicks, and the rooms beside it. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { pairsOf, type Side } from '../../../src/ui/rooms/game/pairs'
import { fakeModel } from './fake-engine'
import { goTo, pageSuite, part, settled } from './suite'

const site = pageSuite()

const stage = (page: Page, kind: string) => page.locator(`[data-part="game"][data-stage="${kind}"]`).waitFor()

/** A picture as it is drawn: where and how large, and its bytes. */
const drawn = (page: Page, side: Side) =>
  part(page, `place-${side}`)
    .locator('canvas')
    .evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('not a canvas')
      const { width, height, top } = canvas.getBoundingClientRect()
      return { look: [canvas.width, canvas.height, canvas.className, width, height, top], picture: canvas.toDataURL() }
    })

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-part'))

it('is played through: renders that come late, ten pairs, the score, and back to the pictures', async () => {
  const page = await site.open('?renders=missing#room=game&game=5&method=seg&scale=0.75')
  await part(page, 'trouble').getByText('404').waitFor()
  await part(page, 'remedy-rerun').click()
  await stage(page, 'asking')
  const [left, right] = await Promise.all([drawn(page, 'left'), drawn(page, 'right')])
  expect(left.picture).not.toBe(right.picture)
  // Nothing but the content of the pictures tells them apart.
  expect(left.look).toEqual(right.look)

  const pairs = pairsOf(5, 'guided', { classes: 10, rows: fakeModel.renders!.rows })
  for (const [index, { render }] of pairs.entries()) {
    await stage(page, 'asking')
    const other: Side = render === 'left' ? 'right' : 'left'
    // The first by a click, the others by keys; three of them wrongly.
    const side = index % 4 === 1 ? other : render
    if (index === 0) await part(page, `choose-${side}`).click()
    else await page.keyboard.press(side === 'left' ? 'ArrowLeft' : 'ArrowRight')
    await stage(page, 'told')
    expect(await part(page, 'announcement').textContent()).toContain(`the ${render} one is the render`)
    expect(await part(page, 'verdict').getAttribute('data-found')).toBe(String(side === render))
    expect(await part(page, `place-${render}`).innerText()).toContain('The render')
    // The focus is on the way on.
    await page.keyboard.press('Enter')
  }
  await stage(page, 'over')
  expect(await part(page, 'score').textContent()).toContain('7 of 10')
  await part(page, 'meaning').getByText('one time in six').waitFor()
  expect(await page.title()).toContain('Which is the render?')

  await part(page, 'go-on').click()
  await stage(page, 'asking')
  await page.keyboard.press('ArrowLeft')
  await stage(page, 'told')
  await part(page, 'to-play').click()
  await settled(page, { method: 'seg', scale: 0.75 })
  // Keys are the playground's now, and the way back leads to a new game of its settings.
  expect(await page.title()).not.toContain('Which is the render?')
  await page.goBack()
  await stage(page, 'told')
  expect(await focused(page)).toBe('to-play')
  await page.goForward()
  await part(page, 'explore').click()
  await part(page, 'to-game').click()
  await stage(page, 'asking')
  expect(page.url()).toMatch(/game=(?!5&)\d+&.*method=seg.*scale=0\.75/)

  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')

  // A family without renders says so, and offers one that has some.
  await goTo(page, '#room=game&model=shapes')
  await part(page, 'no-renders').getByRole('link').click()
  for (let pair = 0; pair < 10; pair++) {
    await stage(page, 'asking')
    await page.keyboard.press('ArrowRight')
    await stage(page, 'told')
    await page.keyboard.press('Enter')
  }
  await part(page, 'again').press('Enter')
  await stage(page, 'asking')
  // The button is gone, and the keyboard goes on from the heading.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
})
