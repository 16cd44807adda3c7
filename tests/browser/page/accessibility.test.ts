/**
 * axe finds nothing (all its rules, WCAG and best practice) in any state of the page, at three widths, in both themes, and a
 * browser's translator finds no number that stands alone.
 */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { choice, goTo, pageSuite, part, settled, slider } from './suite'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// It visits every state, so React may complain of each.
const suite = pageSuite({ react: 'development' })

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
  }[]
  readonly passes: readonly unknown[]
}

/** Rules that see colours, at most of the cost; all else is the same in both themes, which differ in nothing but colour. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** What axe finds of the page as it stands, or in a part of it, by all its rules, by those that see colours, or by the others. */
async function run(
  scope: Page | Locator,
  state: string,
  rules: 'all' | 'colours' | 'others',
): Promise<readonly string[]> {
  const whole = 'context' in scope
  const options = {
    // No rule that is on reads the text of style sheets.
    preload: false,
    resultTypes: ['violations'],
    ...(rules === 'colours' && { runOnly: { type: 'rule', values: COLOUR_RULES } }),
    ...(rules === 'others' && { rules: Object.fromEntries(COLOUR_RULES.map((rule) => [rule, { enabled: false }])) }),
  }
  const { violations, passes } = await (whole ? scope.locator(':root') : scope).evaluate(async (element, asked) => {
    // Defined by the injected script.
    const { axe: injected } = window as unknown as {
      axe: {
        configure(spec: object): void
        run(context: { include: Element; exclude: string[] }, options: object): Promise<AxeResult>
      }
    }
    // The text of each element takes a fifth of the time.
    injected.configure({ noHtml: true })
    // Base UI's focus guards take the focus on purpose and hand it on at once, so they are hidden and focusable.
    const found = await injected.run({ include: element, exclude: ['[data-base-ui-focus-guard]'] }, asked)
    return { violations: found.violations, passes: found.passes.length }
  }, options)
  // A page that axe could not look at has no findings either. It can't tell what lies behind text in a dialog over the page.
  const fewest = rules === 'colours' ? Number(whole) : whole ? 20 : 5
  if (passes < fewest) return [`${state}: only ${passes} rules passed`]
  return violations.map(
    ({ id, nodes }) =>
      `${state}: ${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join('\n')}`,
  )
}

const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
]

const THEMES = ['light', 'dark'] as const

/** Elements that hold a number alone and may be translated. Names of buttons and facts of a method never change. */
const translatable = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.body.querySelectorAll(':not(button, dd)')]
      .filter((element) => [...element.childNodes].some((node) => node instanceof Text && /\d/.test(node.data)))
      .filter((element) => !/[\p{L}=]/u.test(element.textContent))
      .filter((element) => element.closest('[translate="no"], svg, math, option') === null)
      .map((element) => element.outerHTML),
  )

/**
 * What axe finds in a state of the page, named by it, at each size and in both themes. It is the state in which `mark` is seen;
 * `within` a part where nothing else is new, as a menu over what was judged before.
 */
async function findings(page: Page, state: string, mark: Locator, within?: Locator): Promise<string[]> {
  const found: string[] = []
  const scope = within ?? page
  for (const size of SIZES) {
    await page.setViewportSize(size)
    // On a phone what goes deeper waits behind a button.
    const more = part(page, 'more')
    if ((await more.isVisible()) && (await more.getAttribute('aria-expanded')) === 'false') await more.click()
    await mark.first().waitFor()
    const title = `${state}, ${size.width} × ${size.height}`
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push(`${title}: too wide`)
    // Between the other two sizes nothing has colours of its own.
    if (size.width === 1024) {
      found.push(...(await run(scope, title, 'others')))
      continue
    }
    // Each size begins in the theme in which the one before has ended.
    for (const [i, colorScheme] of (size.width < 1024 ? THEMES : [...THEMES].reverse()).entries()) {
      await page.emulateMedia({ colorScheme })
      found.push(...(await run(scope, `${title}, ${colorScheme}`, i === 0 ? 'all' : 'colours')))
    }
  }
  found.push(...(await translatable(page)).map((number) => `${state}: a translator may take ${number}`))
  return found
}

it('every region, menu, dialog and failure', async () => {
  // Colours that fade from one theme to the other would be judged on their way.
  const { page } = await suite.session.open(undefined, { viewport: SIZES.at(-1)!, reducedMotion: 'reduce' })
  await page.addInitScript(axe)
  await page.goto(`${suite.url}#v=2&steps=4`)
  await settled(page)
  expect(await findings(page, 'at rest', part(page, 'equation-pictures'))).toEqual([])

  await page.locator('[data-layer="3"]').click()
  await part(page, 'equation-pictures').focus()
  await page.keyboard.press('ArrowLeft')
  expect(await findings(page, 'a map and a pixel', part(page, 'bits'))).toEqual([])

  await part(page, 'engine').click()
  await page.getByRole('radiogroup', { name: 'Backend' }).waitFor()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  expect(await findings(page, 'engine', dialog, dialog)).toEqual([])
  await page.keyboard.press('Escape')
  await part(page, 'files').click()
  await page.getByRole('menu').waitFor()
  expect(await findings(page, 'menu', page.getByRole('menu'), page.getByRole('menu'))).toEqual([])
  await page.keyboard.press('Escape')
  await part(page, 'to-share').click()
  await choice(page, 'share-ways', 'markdown').click()
  await part(page, 'markdown-picture').click()
  expect(await findings(page, 'share', part(page, 'share-card'), dialog)).toEqual([])
  await choice(page, 'share-ways', 'figure').click()
  await part(page, 'figure-count').fill('2')
  await part(page, 'figure-count').press('Enter')
  await part(page, 'draw-figure').filter({ hasText: '(2)' }).click()
  await part(page, 'save-figure').waitFor()
  expect(await findings(page, 'figure', part(page, 'figure'), dialog)).toEqual([])
  await page.keyboard.press('Escape')
  await part(page, 'method').click()
  await page.getByRole('listbox').waitFor()
  expect(await findings(page, 'chooser', page.getByRole('listbox'), page.getByRole('listbox'))).toEqual([])
  await page.keyboard.press('Escape')
  await part(page, 'ablations').click()
  await part(page, 'ablation-sag-masks').click()
  await settled(page, { method: 'sag' })
  await choice(page, 'plots', 'spectrum').click()
  expect(await findings(page, 'an ablation, a mask and a spectrum', part(page, 'ablations'))).toEqual([])
  await goTo(page, '#v=2&method=swg&network=small&stack=seg:scale=0.5;icg&steps=4')
  await settled(page, { method: 'swg' })
  await part(page, 'term-settings', 1).click()
  await part(page, 'number-clipped').click()
  expect(await findings(page, 'several negatives', part(page, 'term-settings', 1))).toEqual([])
  await page.goto(`${suite.url}?fail=not-finite#v=1&method=seg&samples=9&sigma=4&steps=4&window=0.3_6&colour=red`)
  await page.getByRole('alert').getByRole('button').first().waitFor()
  expect(await findings(page, 'failure', page.getByRole('alert'))).toEqual([])
  await page.goto(`${suite.url}#v=1&method=none&steps=4`)
  await settled(page, { method: 'none' })
  expect(await findings(page, 'no guidance', part(page, 'equation-pictures'))).toEqual([])
  await goTo(page, '#lesson=first-look&page=3')
  await part(page, 'lesson-curve').press('ArrowUp')
  expect(await findings(page, 'a lesson', part(page, 'lesson-say'))).toEqual([])
  await goTo(page, '#room=learn')
  await part(page, 'lesson-link').first().waitFor()
  expect(await findings(page, 'the lessons', part(page, 'lesson-link'))).toEqual([])
  await goTo(page, '#room=measured')
  await part(page, 'all-methods').waitFor()
  expect(await findings(page, 'all methods, measured', part(page, 'all-methods'))).toEqual([])
  await part(page, 'to-article').click()
  await part(page, 'figure').first().waitFor()
  expect(await findings(page, 'the article', part(page, 'figure'))).toEqual([])
  await goTo(page, '#room=plane')
  await part(page, 'error-main').waitFor()
  expect(await findings(page, 'the plane', part(page, 'error-main'))).toEqual([])
  await page.context().close()
})

it('the judge, a map of the second negative, masks on the large pictures, and the game', async () => {
  const { page } = await suite.session.open(undefined, { viewport: SIZES.at(-1)!, reducedMotion: 'reduce' })
  await page.addInitScript(axe)
  await page.goto(`${suite.url}#v=2&method=sag&stack=seg:scale=0.5&steps=4`)
  await settled(page, { stack: 'seg' })
  await choice(page, 'overlay', 'all').click()
  await part(page, 'term-settings', 1).click()
  await page.locator('[data-term="1"] [data-layer="6"]').click()
  await part(page, 'bits', 1).first().waitFor()
  expect(await findings(page, 'a map of the second negative', part(page, 'bits', 1))).toEqual([])

  await part(page, 'judge-open').click()
  await part(page, 'judge-seen').waitFor()
  await part(page, 'judge-draw').click()
  await part(page, 'judge-numbers').waitFor()
  expect(await findings(page, 'the judge at work', part(page, 'judge-numbers'), part(page, 'judge'))).toEqual([])
  await part(page, 'judge-stop').click()
  await slider(page, 'scale').press('ArrowRight')
  await part(page, 'judge-other').waitFor()
  expect(await findings(page, 'numbers of other settings', part(page, 'judge-other'), part(page, 'judge'))).toEqual([])

  await part(page, 'nine').click()
  await part(page, 'compare-open').click()
  await part(page, 'compare').getByRole('slider').waitFor()
  expect(await findings(page, 'a comparison of nine samples', part(page, 'compare').getByRole('slider'))).toEqual([])

  await goTo(page, '#room=game&game=5&steps=4')
  await page.locator('[data-stage="asking"]').waitFor()
  await page.keyboard.press('ArrowLeft')
  await part(page, 'next').waitFor()
  expect(await findings(page, 'a pair of the game', part(page, 'next'))).toEqual([])
  for (let pair = 1; pair < 10; pair++) {
    await part(page, 'next').click()
    await part(page, 'choose-left').click()
  }
  await part(page, 'next').click()
  await part(page, 'score').waitFor()
  expect(await findings(page, 'the score of a game', part(page, 'score'))).toEqual([])
  await page.context().close()
})

it('every tab of the lab, empty, at fault and drawn', async () => {
  const { page } = await suite.session.open(undefined, { viewport: SIZES.at(-1)!, reducedMotion: 'reduce' })
  await page.addInitScript(axe)
  await page.goto(`${suite.url}?draws=fast&judge=small#room=lab&steps=4&x=sigma:1, 5&y=method:pag, pga`)
  await part(page, 'axis-y-hint').and(page.getByRole('alert')).waitFor()
  expect(await findings(page, 'a value that is none', part(page, 'axis-y-hint'))).toEqual([])
  await part(page, 'axis-y-values').fill('pag, seg')
  await part(page, 'axis-y-values').press('Enter')
  await part(page, 'grid-draw').click()
  await part(page, 'grid').locator('td a').nth(3).waitFor()
  expect(await findings(page, 'a grid', part(page, 'grid'))).toEqual([])

  await goTo(page, '#room=lab&tab=seeds&n=4&by=harm&steps=4')
  await part(page, 'wall-draw').click()
  await part(page, 'wall-judge').click()
  await part(page, 'wall-balance').waitFor()
  expect(await findings(page, 'a wall of seeds', part(page, 'wall-balance'))).toEqual([])

  await goTo(page, '#room=lab&tab=curves&steps=4')
  await part(page, 'curve-add').click()
  await part(page, 'curve-stored').or(part(page, 'curve-none')).waitFor()
  expect(await findings(page, 'curves before any is drawn', part(page, 'curve-form'))).toEqual([])
  await goTo(page, '#room=lab&tab=curves&steps=4&curve=scale:0, 1')
  await part(page, 'curve-draw').click()
  await page.locator('[data-part="curve-progress"][data-stage="done"]').waitFor()
  await part(page, 'curve-seen').waitFor()
  expect(await findings(page, 'a curve', part(page, 'curve-numbers'))).toEqual([])

  await goTo(page, '#room=lab&tab=plane&curve=scale:0, 1, 2')
  await part(page, 'plane-seen').waitFor()
  expect(await findings(page, 'a curve of the plane', part(page, 'plane-numbers'))).toEqual([])

  await goTo(page, '#room=lab&tab=results')
  await part(page, 'results-table').locator('tbody tr').nth(1).waitFor()
  expect(await findings(page, 'results', part(page, 'results-table'))).toEqual([])
  await goTo(page, '#room=lab&tab=paper')
  await page.locator('[data-tab="paper"] button').first().waitFor()
  expect(await findings(page, 'a paper’s metrics', page.locator('[data-tab="paper"]'))).toEqual([])
  await page.context().close()
})
