/** The lab in a browser: a grid and a curve in few interactions, which a reload in the middle does not lose, a wall of seeds, and the pictures behind them. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { readPngTexts } from '../../../src/storage/read-png-text'
import { readResults } from '../../../src/lab/result'
import { choice, goTo, pageSuite, part, settled, stagePixels } from './suite'

const site = pageSuite()

const cells = (page: Page) => part(page, 'grid').locator('td a')
const told = (page: Page, words: string) => part(page, 'grid-told').getByText(words).waitFor({ state: 'attached' })

/** Clicks parts of the page, and counts. */
function clicks(page: Page) {
  let count = 0
  const act = (name: string) => {
    count++
    return part(page, name).click()
  }
  return Object.assign(act, { count: () => count })
}

it('a grid of 5 × 4 over method and scale in at most six interactions, from a fresh page; it survives a reload in the middle', async () => {
  const page = await site.open('?draws=slow')
  const act = clicks(page)
  await act('explore')
  await act('to-lab')
  await act('grid-draw')
  expect(act.count()).toBeLessThanOrEqual(6)
  await cells(page).first().waitFor()
  const drawn = await cells(page).count()
  expect(drawn).toBeLessThan(20)
  await page.reload()
  await part(page, 'grid-count').getByText('of them from before').waitFor()
  await told(page, '20 pictures')
  expect(await cells(page).count()).toBe(20)
  expect(await part(page, 'grid').locator('thead th').allTextContents()).toHaveLength(5)
  expect(await part(page, 'grid').locator('tbody th').count()).toBe(4)
  // Four batches of five, each of which shared four rows of twenty.
  await part(page, 'grid-saved').getByText('64 evaluations of the network; 16 more').waitFor()

  const [download] = await Promise.all([page.waitForEvent('download'), part(page, 'grid-png').click()])
  const [text] = readPngTexts(readFileSync((await download.path())!), 'grid')
  const saved = JSON.parse(text!) as { readonly link: string; readonly cells: readonly { readonly digest?: string }[] }
  expect(saved.cells.filter(({ digest }) => digest !== undefined)).toHaveLength(20)

  // Arrows go among the pictures, and each opens live.
  await cells(page).first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await settled(page, { method: 'cfg', scale: 1 })
  // The link to the grid itself opens it with its pictures, in whatever state the lab was.
  await goTo(page, '#room=lab&tab=grid&x=seed:1, 2')
  await part(page, 'grid-draw').waitFor()
  await goTo(page, new URL(saved.link).hash)
  await part(page, 'grid-count').getByText('20 of 20 pictures').waitFor()
})

it('says what can’t be read, what can’t be drawn and what means nothing, and has pages', async () => {
  const page = await site.open('#room=lab&x=sigma:1, 5&y=method:pag, seg, autoguidance&z=seed:3..1 by 1')
  await part(page, 'axis-z-hint').getByText('backwards').waitFor()
  await part(page, 'axis-z-values').fill('3..4 by 1')
  await part(page, 'axis-z-values').press('Enter')
  await part(page, 'grid').getByText('has no').first().waitFor()
  await part(page, 'grid-draw').click()
  await told(page, '8 pictures')
  const page2 = part(page, 'grid-page').locator('[data-value="1"]')
  await page2.click()
  expect(await cells(page).first().getAttribute('href')).toContain('seed=4')
  // A step back takes back what was typed.
  await page.goBack()
  await part(page, 'axis-z-hint').getByText('backwards').waitFor()
})

it('a wall of seeds, in the order of what guidance harmed, each of which opens with its pictures', async () => {
  const page = await site.open('#room=lab&tab=seeds&n=6&seed=3')
  await part(page, 'wall-draw').click()
  await part(page, 'wall-progress').getByText('6 of 6 samples').waitFor()
  await choice(page, 'wall-order', 'harm').click()
  await part(page, 'wall-judge').click()
  await part(page, 'wall-balance').getByText('nearer to real drawings').waitFor()
  expect(page.url()).toContain('by=harm')
  await choice(page, 'wall-seen', 'both').click()
  const second = part(page, 'wall').locator('a').nth(1)
  const seed = Number(/Seed (\d+), harm/.exec((await second.getAttribute('aria-label'))!)![1])
  await second.click()
  await settled(page, { seed })
})

it('a curve of seven scales with intervals in at most eight interactions, from a fresh page; it survives a reload in the middle', async () => {
  const page = await site.open('?draws=fast&judge=small')
  const act = clicks(page)
  await act('explore')
  await act('to-lab')
  await act('tab-curves')
  await act('curve-draw')
  expect(act.count()).toBeLessThanOrEqual(8)
  const progress = part(page, 'curve-progress')
  await progress.getByText(/^[1-9]\d* of 700 images/).waitFor()
  await page.reload()
  // What was drawn before is there at once, and the rest is drawn.
  const text = await progress.textContent()
  expect(Number(/^\d+/.exec(text ?? '')?.[0])).toBeLessThan(700)
  await part(page, 'curve-plot').waitFor()
  await page.locator('[data-part="curve-progress"][data-stage="done"]').waitFor({ timeout: 60_000 })
  await choice(page, 'curve-look', 'frechet').click()
  const points = part(page, 'curve-plot').getByRole('link')
  const names = await points.evaluateAll((links) => links.map((link) => link.getAttribute('aria-label')))
  expect(names).toHaveLength(7)
  for (const name of names) expect(name).toMatch(/^Guidance scale s [\d.]+: [\d.]+ ± [\d.]+, 100 images. Open it live$/)

  const [drawing] = await Promise.all([page.waitForEvent('download'), part(page, 'curve-svg').click()])
  const svg = readFileSync((await drawing.path())!, 'utf8')
  // A file of its own: no colour of the page is left to it, and links lead back.
  expect(svg).toMatch(/^<svg [^>]*xmlns=/)
  expect(svg).not.toContain('var(--')
  expect(svg.match(/href="http[^"]*scale=/g)).toHaveLength(7)

  // Keys go among the points; each shows its pictures, and opens live.
  await points.nth(2).focus()
  await part(page, 'curve-seen').getByText('Guidance scale s 1', { exact: true }).waitFor()
  await page.keyboard.press('Enter')
  await settled(page, { method: 'pag', scale: 1 })
  await page.goBack()

  // All that was judged is a row; two rows are compared on their seeds, and files hold them.
  await part(page, 'tab-results').click()
  const rows = part(page, 'results-table').locator('tbody tr')
  await rows.nth(6).waitFor()
  await part(page, 'results-filter').fill('pag 100')
  await part(page, 'results-count').getByText('6 of 7 rows').waitFor()
  await rows.nth(0).getByRole('checkbox').check()
  await rows.nth(1).getByRole('checkbox').check()
  await part(page, 'results-comparison').locator('tr[data-kind="paired"]').waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), part(page, 'results-save-jsonl').click()])
  const saved = readResults(readFileSync((await download.path())!, 'utf8'))
  expect(saved.map(({ images, values }) => [images, Object.keys(values)])).toEqual([
    [100, ['scale']],
    [100, ['scale']],
  ])
})

it('a run that is pinned stays beside the others, under what sets it apart, and is compared with them', async () => {
  const page = await site.open('#v=2&scale=1&seed=3')
  await settled(page, { scale: 1 })
  const lines = () => part(page, 'lines-pinned').locator('path').first().getAttribute('d')
  expect(await lines()).toBe('')
  // As the pixels that they are, pictures of any size are the same.
  await part(page, 'edges').click()
  await part(page, 'pin').click()
  await part(page, 'pinned-words').getByText('the run on the stage').waitFor()
  const before = await stagePixels(page, 'guided')
  await goTo(page, '#v=2&scale=2.5&seed=3&steps=4')
  await settled(page, { scale: 2.5 })
  expect(await part(page, 'pinned-words').textContent()).toBe('PAG, s 1.00')
  expect(await lines()).not.toBe('')
  await part(page, 'pinned-compare').click()
  await part(page, 'compare-pinned').getByText('PAG, s 1.00').waitFor()
  const laid = await part(page, 'laid-pinned')
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())
  expect(laid).toBe(before)
  await part(page, 'compare-difference').getByText('apart').waitFor()
  // What was pinned is let go, and the focus is where it can be pinned again.
  await part(page, 'unpin').click()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-part'))).toBe('pin')
  expect(await part(page, 'pinned').count()).toBe(0)
  await part(page, 'laid-positive').waitFor()
})
