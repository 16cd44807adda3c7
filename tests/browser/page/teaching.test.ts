/**
 * A teacher who has only the README makes, previews and shares a lesson of three steps, a student does it and hands in, and the
 * teacher opens the answers: each action is printed, with the time that it would take a person.
 */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { choice, goTo, pageSuite, part, settled, slider } from './suite'

const site = pageSuite()

/** How long a person takes to find and press something, and to type a letter. */
const SECONDS = { press: 4, letter: 0.4 }

/** Does what a person does, and says it. */
function createPerson(page: Page) {
  let seconds = 0
  const lines: string[] = []
  const tell = (words: string, more: number) => {
    seconds += more
    lines.push(`${Math.round(seconds)} s  ${words}`)
  }
  const at = (what: string | Locator) => (typeof what === 'string' ? part(page, what) : what)
  return {
    press: async (what: string | Locator, words: string) => {
      await at(what).click()
      tell(words, SECONDS.press)
    },
    write: async (what: string | Locator, text: string) => {
      await at(what).fill(text)
      tell(`writes “${text}”`, SECONDS.press + SECONDS.letter * text.length)
    },
    choose: async (what: string | Locator, value: string, words: string) => {
      await at(what).selectOption(value)
      tell(words, 2 * SECONDS.press)
    },
    keys: async (what: Locator, keys: readonly string[], words: string) => {
      for (const key of keys) await what.press(key)
      tell(words, SECONDS.press)
    },
    told: () => ({ seconds, lines }),
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds of the page as it stands. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    // Defined by the injected script.
    const { axe: injected } = window as unknown as {
      axe: {
        run(context: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
      }
    }
    const { violations } = await injected.run(document, { preload: false, resultTypes: ['violations'] })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

/** Drops files with these texts in the middle of the page. */
const drop = (page: Page, texts: readonly string[]) =>
  page.evaluate((files) => {
    const dataTransfer = new DataTransfer()
    files.forEach((text, i) => dataTransfer.items.add(new File([text], `file ${i + 1}`)))
    document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }))
  }, texts)

type Person = ReturnType<typeof createPerson>

/** What is not yet a point, or a number, stays while it is typed. */
async function typesPoints(page: Page) {
  await choice(page, 'task', 'predict').click()
  await choice(page, 'ask', 'curve').click()
  await part(page, 'curve-measured').selectOption('(my own points)')
  await part(page, 'curve-points').pressSequentially('0 1.5')
  await part(page, 'curve-from').fill('')
  await part(page, 'curve-from').pressSequentially('-2')
  expect(await part(page, 'curve-points').inputValue()).toBe('0 1.5')
  expect(await part(page, 'curve-from').inputValue()).toBe('-2')
}

async function makeThreeSteps(page: Page, teacher: Person) {
  const toMake = async () => {
    await teacher.press('files', 'opens the menu “Save and open”')
    await teacher.press(page.getByRole('menuitem', { name: 'Make a lesson…' }), 'chooses “Make a lesson…”')
  }
  await toMake()
  await teacher.press('add-step', 'adds what the page shows as the first step')
  await teacher.write('title', 'Better by a worse one')
  await teacher.write('step-title', 'Three pictures')
  await teacher.write('step-text', 'The **guided** picture is $D^+ + s\\,(D^+ - D^-)$. Move the scale and look.')
  await teacher.press('hold-seed', 'holds the seed')
  await teacher.press('to-page', 'goes to the pictures for the next step')
  await teacher.keys(slider(page, 'scale'), ['Home'], 'sets the scale as low as it goes')
  await settled(page, { scale: -1 })
  await toMake()
  await teacher.press('add-step', 'adds it as the second step')
  await teacher.write('step-title', 'Below zero')
  await teacher.press(choice(page, 'task', 'predict'), 'lets students predict')
  await teacher.write('question', 'Which picture is the guided one at $s = -1$?')
  await teacher.write(part(page, 'choice-text').nth(0), 'the negative')
  await teacher.write(part(page, 'choice-text').nth(1), 'the positive')
  await teacher.write('because', 'The whole difference is taken away.')
  await teacher.press('see-scale', 'hides the scale')
  await teacher.press('add-step', 'adds a third step')
  await teacher.write('step-title', 'Your words')
  await typesPoints(page)
  await teacher.press(choice(page, 'task', 'explain'), 'lets students explain')
  expect(await part(page, 'lacks').innerText()).toContain('Step 3')
  await teacher.write('question', 'Why a *similar* network?')
  await teacher.write('points', 'the same mistakes')
}

async function answer(page: Page) {
  // The step hides the scale, and nothing of the truth is told before.
  await part(page, 'lesson-next').click()
  await page.waitForURL(/page=1/)
  await part(page, 'scale').waitFor({ state: 'hidden' })
  await page.getByLabel('the negative').check()
  await part(page, 'lesson-say').click()
  await part(page, 'lesson-because').waitFor()
  await part(page, 'lesson-next').click()
  await part(page, 'lesson-explain').fill('Because it errs alike.')
  await part(page, 'lesson-next').click()
  await part(page, 'hand-in-by').fill('Table 4')
  return part(page, 'hand-in-code').inputValue()
}

it('makes, previews, shares, does and opens a lesson of three steps in under ten minutes', async () => {
  const page = await site.open('#v=2', { permissions: ['clipboard-read', 'clipboard-write'] })
  await settled(page)
  const teacher = createPerson(page)
  await makeThreeSteps(page, teacher)
  expect(await findings(page)).toEqual([])
  // What is written stays over a reload.
  await page.reload()
  await part(page, 'open-step').nth(2).click()
  await teacher.press('preview', 'previews it')
  await part(page, 'lesson-explain').waitFor()
  await page.goBack()
  await teacher.press('copy-lesson', 'comes back and copies the link')
  await page.getByText('Link copied').waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const { seconds, lines } = teacher.told()
  console.info(lines.join('\n'))
  expect(seconds).toBeLessThan(600)

  await goTo(page, new URL(link).hash)
  const code = await answer(page)

  await goTo(page, '#room=make')
  await part(page, 'to-answers').click()
  await part(page, 'answer-codes').fill(`Here: ${code}\nBye`)
  await part(page, 'add-codes').click()
  await part(page, 'class-size').getByText('Better by a worse one: 1 sheet').waitFor()
  // Files are dropped anywhere, several at once, and are not taken for settings; the same sheet again is the same.
  await drop(page, [code, code.slice(0, 30)])
  await page.getByText('1 of 1 codes in file 2 were damaged').waitFor()
  expect(await part(page, 'class-size').getAttribute('data-sheets')).toBe('1')
  expect(await part(page, 'answer-bars').locator('li').nth(0).getAttribute('data-count')).toBe('1')
  await part(page, 'answer-texts').getByText('Because it errs alike.').waitFor()
  expect(await findings(page)).toEqual([])
  await goTo(page, '#room=make')
  await part(page, 'to-handout').click()
  await part(page, 'handout-step').nth(2).waitFor()
})
