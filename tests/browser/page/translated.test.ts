/** The page under a browser's translator, which wraps, replaces and moves the text nodes that React holds. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { choice, chooseMethod, pageSuite, part, settled, slider } from './suite'

const suite = pageSuite()

/** How translators take text out of React's hands: replaced at once, beside first and then removed, moved into the wrapper. */
const WAYS = ['replaced', 'inserted', 'moved'] as const

async function translate(page: Page, way: (typeof WAYS)[number]): Promise<number> {
  return page.evaluate((how) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: Text[] = []
    while (walker.nextNode()) {
      const node = walker.currentNode
      if (!(node instanceof Text) || !node.data.trim()) continue
      if (!node.parentElement?.closest('script, style, noscript, svg, option, font')) found.push(node)
    }
    for (const text of found) {
      const outer = document.createElement('font')
      const inner = document.createElement('font')
      outer.append(inner)
      const parent = text.parentNode!
      switch (how) {
        case 'replaced':
          inner.append(text.data)
          parent.replaceChild(outer, text)
          break
        case 'inserted':
          inner.append(text.data)
          parent.insertBefore(outer, text)
          text.remove()
          break
        case 'moved':
          parent.insertBefore(outer, text)
          inner.append(text)
          break
        default:
          how satisfies never
      }
    }
    return found.length
  }, way)
}

/** What can be read on the page, without spaces: a wrapper in a flexible row stands apart. */
async function words(page: Page): Promise<string> {
  return (await page.locator('#root').innerText()).replace(/\s+/g, '')
}

/** Much of what a person does, each with what then stands on the page. */
const OPERATIONS: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
  ['pushes the scale', async (page) => slider(page, 'scale').press('PageUp')],
  ['chooses no layer', async (page) => choice(page, 'layer-sets', 'none').click()],
  ['goes back to an early step', async (page) => part(page, 'playhead').press('Home')],
  [
    'opens every plot',
    async (page) => {
      for (const plot of await part(page, 'plots').locator('button').all()) await plot.click()
    },
  ],
  ['narrows the window', async (page) => part(page, 'window-edge-upper').press('ArrowRight')],
  ['hides the negative', async (page) => part(page, 'hide-negative').click()],
  ['takes another seed', async (page) => part(page, 'next-seed').click()],
  ['shows the negative', async (page) => part(page, 'hide-negative').click()],
  ['chooses SEG', async (page) => chooseMethod(page, 'seg')],
  ['adds a negative', async (page) => chooseMethod(page, 'icg', part(page, 'add-term'))],
  ['asks for two samples', async (page) => slider(page, 'samples').press('ArrowRight')],
  ['removes it', async (page) => part(page, 'remove-term', 1).click()],
  ['turns guidance off', async (page) => chooseMethod(page, 'none')],
  ['chooses APG', async (page) => chooseMethod(page, 'apg')],
  ['goes back', async (page) => page.goBack()],
]

it('operates as before, however its text was taken away: all that is read stays true', async () => {
  const link = '#v=2&steps=4'
  const untouched = await suite.open(link)
  const translated = await Promise.all(WAYS.map(async (way) => ({ way, page: await suite.open(link) })))
  const pages = [untouched, ...translated.map(({ page }) => page)]
  await Promise.all(pages.map((page) => settled(page)))
  // What nine samples would take is timed, and differs from page to page.
  await Promise.all(pages.map((page) => page.addStyleTag({ content: '[data-part="nine-wait"] { display: none }' })))
  for (const { way, page } of translated) expect(await translate(page, way), way).toBeGreaterThan(80)
  for (const [name, operate] of OPERATIONS) {
    await Promise.all(
      pages.map(async (page) => {
        await operate(page)
        await settled(page)
      }),
    )
    const told = await words(untouched)
    for (const { way, page } of translated) {
      expect(await words(page), `${name}, text ${way}`).toBe(told)
      // What is new on the page is translated, too.
      await translate(page, way)
    }
  }
})
