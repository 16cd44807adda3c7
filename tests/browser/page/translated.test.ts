/** The page under a browser's translator, which wraps, replaces and moves the text nodes that React holds. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { addStyle, choice, chooseMethod, pageSuite, part, settled, slider } from './suite'

const suite = pageSuite()

/** How translators take text out of React's hands: replaced at once, beside first and then removed, moved into the wrapper. */
const WAYS = ['replaced', 'inserted', 'moved'] as const

/** Each text in the next of the ways; `shift` moves them on. */
async function translate(page: Page, shift: number): Promise<number> {
  return page.evaluate(
    ([ways, first]) => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      const found: Text[] = []
      while (walker.nextNode()) {
        const node = walker.currentNode
        if (!(node instanceof Text) || !node.data.trim()) continue
        if (!node.parentElement?.closest('script, style, noscript, svg, option, font')) found.push(node)
      }
      for (const [index, text] of found.entries()) {
        const how = ways[(index + first) % ways.length]!
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
    },
    [WAYS, shift] as const,
  )
}

/** A paragraph after an element was put before its first text, which a translator took away, and after that was removed. */
const puttingAndRemoving = (page: Page): Promise<string[]> =>
  page.evaluate(async (ways) => {
    const told: string[] = []
    for (const how of ways) {
      const paragraph = document.createElement('p')
      const font = document.createElement('font')
      const added = document.createElement('b')
      const [first, second] = [new Text('one '), new Text('two')]
      paragraph.append(first, second)
      document.body.append(paragraph)
      switch (how) {
        case 'replaced':
          font.append('eins ')
          paragraph.replaceChild(font, first)
          break
        case 'inserted':
          font.append('eins ')
          paragraph.insertBefore(font, first)
          first.remove()
          break
        case 'moved':
          // A sentence has one wrapper.
          paragraph.insertBefore(font, first)
          font.append(first, second)
          break
        default:
          how satisfies never
      }
      // The page hears of it first.
      await Promise.resolve()
      added.append('new ')
      paragraph.insertBefore(added, first)
      told.push(paragraph.textContent)
      paragraph.removeChild(first)
      told.push(paragraph.textContent)
      paragraph.remove()
    }
    return told
  }, WAYS)

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
  const translated = await suite.open(link)
  const pages = [untouched, translated]
  await Promise.all(pages.map((page) => settled(page)))
  // What nine samples would take is timed, and differs from page to page.
  await Promise.all(pages.map((page) => addStyle(page, '[data-part="nine-wait"] { display: none }')))
  expect(await translate(translated, 0)).toBeGreaterThan(80)
  for (const [index, [name, operate]] of OPERATIONS.entries()) {
    await Promise.all(
      pages.map(async (page) => {
        await operate(page)
        await settled(page)
      }),
    )
    expect(await words(translated), name).toBe(await words(untouched))
    // What is new on the page is translated, too.
    await translate(translated, index)
  }
  expect(await puttingAndRemoving(translated)).toEqual([
    'new eins two',
    'new two',
    'new eins two',
    'new two',
    'new one two',
    'new two',
  ])
})
