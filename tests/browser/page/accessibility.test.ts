/** axe finds nothing (all its rules, WCAG and best practice) in any state of the page, at three widths, in both themes. */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { described, live, pageSuite } from './suite'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const suite = pageSuite()

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
  }[]
  readonly passes: readonly unknown[]
}

/** Rules that see colours; all else is the same in both themes, which differ in nothing but colour. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** What axe finds of the page as it stands, by all its rules or by some. */
async function run(page: Page, state: string, rules: readonly string[] | null): Promise<string[]> {
  const { violations, passes } = await page.evaluate(async (values) => {
    // Defined by the injected script.
    const { axe: injected } = window as unknown as {
      axe: { run(context: { include: Document; exclude: string[] }, options: object): Promise<AxeResult> }
    }
    const options = values ? { runOnly: { type: 'rule', values } } : {}
    // Base UI's focus guards take the focus on purpose and hand it on at once, so they are hidden and focusable.
    return injected.run({ include: document, exclude: ['[data-base-ui-focus-guard]'] }, options)
  }, rules)
  // A page that axe could not look at has no findings either.
  if (passes.length < (rules ? 1 : 20)) return [`${state}: only ${passes.length} rules passed`]
  return violations.map(
    ({ id, nodes }) =>
      `${state}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
  )
}

/** What axe finds in a state of the page, named by it, in both themes. */
async function findings(page: Page, state: string): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' })
  const light = await run(page, `${state}, light`, null)
  await page.emulateMedia({ colorScheme: 'dark' })
  return [...light, ...(await run(page, `${state}, dark`, COLOUR_RULES))]
}

const sizes = [
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
]

describe('axe', () => {
  it.each(sizes)('$width × $height', async (viewport) => {
    // Colours that fade from one theme to the other would be judged on their way.
    const { page } = await suite.session.open(undefined, { viewport, reducedMotion: 'reduce' })
    await page.addInitScript(axe)
    await page.goto(suite.url)
    await live(page)
    await described(page, 's = 1')
    expect(await findings(page, 'at rest')).toEqual([])

    await page.getByRole('button', { name: 'Layer middle 8×8 · 1' }).click()
    await page.getByRole('application', { name: /Pixel of the equation/ }).focus()
    await page.keyboard.press('ArrowLeft')
    expect(await findings(page, 'a map and a pixel')).toEqual([])

    await page.getByRole('button', { name: /Engine/ }).click()
    await page.getByText('Where the model runs').waitFor()
    expect(await findings(page, 'engine')).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Save and open' }).click()
    await page.getByRole('menu').waitFor()
    expect(await findings(page, 'menu')).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', { name: 'Guidance method' }).click()
    await page.getByRole('listbox').waitFor()
    expect(await findings(page, 'chooser')).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Ablations' }).click()
    await page.getByRole('menuitem', { name: /SAG/ }).click()
    await described(page, 'Self-attention')
    await page.getByRole('button', { name: 'spectrum' }).click()
    expect(await findings(page, 'an ablation, a mask and a spectrum')).toEqual([])
    await page.goto(`${suite.url}#v=2&method=swg&network=small&stack=seg:scale=0.5;icg`)
    await page.reload()
    await described(page, 'Added')
    await page.getByRole('button', { name: 'More settings of negative 2' }).click()
    await page
      .getByRole('button', { name: /^clipped/ })
      .last()
      .click()
    expect(await findings(page, 'several negatives')).toEqual([])
    await page.goto(`${suite.url}?fail=not-finite#v=1&method=seg&samples=9&sigma=4&window=0.3_6&colour=red`)
    await page.getByRole('alert').getByRole('button').first().waitFor()
    expect(await findings(page, 'failure')).toEqual([])
    await page.goto(`${suite.url}#v=1&method=none`)
    await page.reload()
    await described(page, 'No guidance')
    expect(await findings(page, 'no guidance')).toEqual([])
    await page.context().close()
  })
})

describe.each(sizes)('axe, $width × $height', (viewport) => {
  it('the judge, a map of the second negative, and masks on the large pictures', async () => {
    const { page } = await suite.session.open(undefined, { viewport, reducedMotion: 'reduce' })
    await page.addInitScript(axe)
    await page.goto(`${suite.url}#v=2&method=sag&stack=seg:scale=0.5`)
    await live(page)
    await described(page, 'Added')
    await page.getByRole('button', { name: 'above too' }).click()
    await page.getByRole('button', { name: 'More settings of negative 2' }).click()
    await page.getByRole('button', { name: 'Negative 2: Layer decoder 16×16 · 2' }).click()
    await page
      .getByRole('list', { name: 'Further negatives' })
      .getByText(/^[\d.]+ bits/)
      .first()
      .waitFor()
    expect(await findings(page, 'a map of the second negative')).toEqual([])

    await page.getByRole('button', { name: /^Ask the judge/ }).click()
    await page.getByText('The style that it sees').waitFor()
    await page.getByRole('button', { name: 'Draw 100 images and compare' }).click()
    await page.getByRole('columnheader', { name: 'positive alone' }).waitFor()
    expect(await findings(page, 'the judge at work')).toEqual([])
    await page.getByRole('button', { name: 'Stop drawing' }).click()
    await page.getByRole('slider', { name: 'Scale s', exact: true }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText('Of the settings before your last change').waitFor()
    expect(await findings(page, 'numbers of other settings')).toEqual([])
    await page.context().close()
  })
})
