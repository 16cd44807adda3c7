/** The page as a person uses it, on the imitation engine: link, keyboard, files, failures, layout. */
import { readFileSync } from 'node:fs'
import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { readPngText } from '../../../src/ui/share/png-text'
import { chooseMethod, described, live, pageSuite, settled, stagePixels } from './suite'

const suite = pageSuite()

const open = async (path = '', viewport = { width: 1440, height: 900 }) => suite.open(path, { viewport })

describe('the equation', () => {
  it('changes guided, and leaves positive and negative, when the scale is pushed', async () => {
    const page = await open()
    await live(page)
    await described(page, 's = 1')
    const before = [await stagePixels(page, 0), await stagePixels(page, 1), await stagePixels(page, 2)]
    await page.getByRole('slider', { name: 'Scale s' }).press('PageUp')
    await described(page, 's = 1.5')
    const after = [await stagePixels(page, 0), await stagePixels(page, 1), await stagePixels(page, 2)]
    expect(after[0]).toBe(before[0])
    expect(after[1]).toBe(before[1])
    expect(after[2]).not.toBe(before[2])
    expect(page.url()).toContain('scale=1.5')
    // The same scale as papers write it in D⁻ + w (D⁺ − D⁻).
    expect(await page.getByRole('slider', { name: 'Scale s' }).getAttribute('aria-valuetext')).toBe('s 1.5, w 2.5')
    await page.getByText('w 2.50', { exact: true }).waitFor()
  })

  it('follows one pixel through it, by pointer and by keyboard', async () => {
    const page = await open()
    await live(page)
    await described(page, 's = 1')
    const row = page.getByRole('application', { name: /Pixel of the equation/ })
    await row.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    const table = page.getByRole('table', { name: /^pixel/ })
    const numbers = await table
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((line) =>
          [...line.querySelectorAll('td')].map((cell) =>
            Number((cell.textContent ?? '').replace('−', '-').replace('+', '')),
          ),
        ),
      )
    const [plus, minus, difference, guided] = numbers
    for (let c = 0; c < 3; c++) {
      expect(plus![c]! - minus![c]!).toBeCloseTo(difference![c]!, 1)
      expect(plus![c]! + difference![c]!).toBeCloseTo(guided![c]!, 1)
    }
    await page.keyboard.press('Escape')
    await table.waitFor({ state: 'detached' })
    await page.mouse.move(200, 300)
    await table.waitFor()
  })
})

describe('the link', () => {
  it('holds everything: a copied link opens the same images; back and forward walk the changes', async () => {
    const page = await open()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await live(page)
    await chooseMethod(page, 'SEG')
    await described(page, 'Smoothed energy')
    await page.getByRole('button', { name: 'Next' }).click()
    await described(page, 'seed 2')
    await page.getByRole('button', { name: 'Layer middle 8×8 · 1' }).click()
    const words = await described(page, '3 of 7')
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('Link copied.').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    const guided = await stagePixels(page, 2)
    const stage = 'section[aria-label^="Positive, negative"]'
    const digest = await page.locator(stage).getAttribute('data-digests')
    expect(digest).toMatch(/^[0-9a-f]{64}$/)

    const other = await open(link.slice(suite.url.length))
    await live(other)
    expect(await described(other, '3 of 7')).toBe(words)
    expect(await stagePixels(other, 2)).toBe(guided)
    expect(await other.locator(stage).getAttribute('data-digests')).toBe(digest)

    await page.goBack()
    await described(page, '2 of 7')
    await page.goBack()
    await described(page, 'seed 1')
    await page.goForward()
    await described(page, 'seed 2')
  })

  it('says that a link was made with other weights, and follows it', async () => {
    const page = await open('#v=1&method=pag&seed=5&weights=00000000')
    await page.getByText('made with other weights').waitFor()
    expect(await page.getByText('was not understood').count()).toBe(0)
    await live(page)
    await described(page, 'seed 5')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    expect(await page.getByText('made with other weights').count()).toBe(0)
  })

  it('opens a broken link with defaults and says which part was not understood', async () => {
    const page = await open('#v=1&method=pag&scale=many&seed=7')
    await page.getByText(/scale must be a number, not "many"/).waitFor()
    await live(page)
    expect(await described(page, 'seed 7')).toContain('s = 1')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.getByText(/must be a number/).waitFor({ state: 'detached' })
  })
})

describe('files', () => {
  it('saves the three pictures with their settings inside, and opens them again', async () => {
    const page = await open('#v=1&method=icg&seed=5&samples=4')
    await live(page)
    await described(page, 'seed 5')
    const save = async (item: string) => {
      await page.getByRole('button', { name: 'Save and open' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item }).click(),
      ])
      return { name: download.suggestedFilename(), path: await download.path() }
    }
    const picture = await save('Save PNG of the three pictures')
    const bytes = new Uint8Array(readFileSync(picture.path))
    expect(JSON.parse(readPngText(bytes, 'settings') ?? '')).toMatchObject({ method: 'icg', seed: 5, samples: 4 })
    expect(decode(bytes).width).toBeGreaterThan(1500)
    const preset = await save('Save JSON of the settings')
    expect(JSON.parse(readFileSync(preset.path, 'utf8'))).toMatchObject({ method: 'icg', seed: 5 })

    for (const file of [picture, preset]) {
      const other = await open()
      await live(other)
      const input = { name: file.name, mimeType: 'application/octet-stream', buffer: readFileSync(file.path) }
      await other.getByLabel('Open settings').setInputFiles(input)
      await described(other, 'seed 5')
      expect(other.url()).toContain('method=icg')
    }
  })

  it('refuses a file that is none, in a sentence, and changes nothing', async () => {
    const page = await open()
    await live(page)
    const url = page.url()
    await page
      .getByLabel('Open settings')
      .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{"scale": 99}') })
    await page.getByText(/a\.json: scale must be between/).waitFor()
    await page.getByText('This file was not opened; nothing has changed.').waitFor()
    expect(page.url()).toBe(url)
  })
})

describe('keyboard', () => {
  it('plays with space, steps with arrows, and leaves keys to the control that has the focus', async () => {
    const page = await open()
    await live(page)
    await described(page, 's = 1')
    const playhead = page.getByRole('slider', { name: 'Playhead' })
    const at = async () => Number(await playhead.getAttribute('aria-valuenow'))
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    expect(await at()).toBe(14)
    await page.getByRole('slider', { name: 'Steps', exact: true }).focus()
    await page.keyboard.press('ArrowRight')
    await page
      .getByText(/17 Euler|of 17/)
      .first()
      .waitFor()
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page.getByRole('button', { name: 'Play' }).waitFor()
    expect(await at()).toBe(17)
    // A button that was clicked keeps the focus, and has no use for arrows.
    await page.getByRole('button', { name: 'Next' }).click()
    await described(page, 'seed 2')
    await page.keyboard.press('ArrowLeft')
    expect(await at()).toBe(16)
  })

  it('narrows the guidance window by a step with each arrow', async () => {
    const page = await open()
    await live(page)
    await page.getByRole('slider', { name: 'Guidance window, upper noise bound' }).press('ArrowRight')
    await page.getByText(/guided for 0 < σ ≤/).waitFor()
    expect(page.url()).toMatch(/window=0_\d/)
    await page.getByRole('slider', { name: 'Playhead' }).press('Home')
    await page.getByText('This σ is outside the guidance window, so D is D⁺.').waitFor()
  })

  it('reaches every control with Tab', async () => {
    const page = await open()
    await live(page)
    const names = new Set<string>()
    for (let i = 0; i < 90; i++) {
      await page.keyboard.press('Tab')
      names.add(
        await page.evaluate(
          () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
        ),
      )
    }
    for (const name of [
      'Copy link',
      'Scale s',
      'Seed',
      'Next',
      'Samples',
      'Mix',
      'Layer encoder 16×16 · 1',
      'Steps',
      'Play',
      'Playhead on the noise axis',
      'Guidance window, lower noise bound',
    ]) {
      expect([...names]).toContain(name)
    }
  })
})

describe('methods', () => {
  it('are chosen by typing, with the reason of those that can’t run, and what they would fetch', async () => {
    const page = await open('#v=2&method=pag&network=dropout&class=none')
    await live(page)
    await page.getByRole('combobox', { name: 'Guidance method PAG' }).press('Enter')
    const cfg = page.getByRole('option').filter({ has: page.getByText('CFG', { exact: true }) })
    expect(await cfg.getAttribute('aria-disabled')).toBe('true')
    await cfg.getByText('Choose a class').waitFor()
    await page.getByRole('option', { name: 'Autoguidance' }).getByText('needs 12.5 MB more').waitFor()
    await page.keyboard.type('seg')
    await page.keyboard.press('Enter')
    expect(await described(page, 'Smoothed energy')).toContain('any class')
    // The focus is back where it came from.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox')
  })

  it('fetch their network with progress; a cut connection says so, keeps the settings and is tried again', async () => {
    const page = await open('?cut')
    await live(page)
    await chooseMethod(page, 'Autoguidance')
    await page.getByRole('progressbar', { name: 'Fetching Small at 1/16' }).waitFor()
    await page.getByRole('alert').getByText('A network could not be downloaded').waitFor()
    expect(page.url()).toContain('method=autoguidance')
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
    expect(await described(page, 'Autoguidance')).toContain('s = 1')
    expect(await page.getByText(/Needs .* MB more/).count()).toBe(0)
  })

  it('say which choice each side makes', async () => {
    const page = await open('#v=2&method=cfg')
    await live(page)
    const table = page.getByRole('table', { name: 'Which choice each side makes' })
    expect(await table.getByRole('row', { name: /^Asked for/ }).textContent()).toContain('any image')
    expect(await table.getByRole('row', { name: /^Network/ }).textContent()).toContain('the same')
  })

  it('whose negative is made of the guided way say that it is not sampled alone', async () => {
    const page = await open('#v=2&method=momentum')
    await live(page)
    await page.getByText('Not sampled alone').waitFor()
    expect(await page.getByRole('button', { name: /the negative alone/ }).count()).toBe(0)
    await chooseMethod(page, 'PAG')
    await page.getByRole('button', { name: 'Hide the negative alone' }).waitFor()
    expect(await page.getByText('Not sampled alone').count()).toBe(0)
  })

  it('say what they did to many images, and a click takes the settings that were measured', async () => {
    const page = await open('#v=2&method=pag&class=2&seed=5')
    await live(page)
    const table = page.getByRole('table', { name: /FD-avatars, lower is better\. 5,000 images each/ })
    await table.waitFor()
    expect(await table.getByRole('row').allInnerTexts()).toEqual([
      expect.stringMatching(/^No guidance\s+4\.50 ± 0\.20/),
      expect.stringMatching(/^No guidance, 32 steps\s+4\.20 ± 0\.20\s+0\.30 better/),
      expect.stringMatching(/^All layers, s\s0\.50\s+4\.00 ± 0\.20\s+0\.50 better/),
    ])
    const why = /longer sampling without guidance is shown/
    expect(await table.getByRole('caption').innerText()).toMatch(why)
    await table.getByRole('button', { name: /^All layers, s\s0\.50$/ }).click()
    await described(page, 's = 0.5')
    expect(await table.getByRole('button', { pressed: true }).allTextContents()).toEqual([
      expect.stringMatching(/^All layers/),
    ])
    expect(page.url()).toContain('scale=0.5')
    expect(page.url()).toContain('seed=5')
    await chooseMethod(page, 'SEG')
    const fewer = page.getByRole('table', { name: /FD-avatars, lower is better\. 2,000 images each/ })
    await fewer.getByText('not told apart').waitFor()
    expect(await fewer.getByRole('caption').innerText()).not.toMatch(why)
    // Of as many images, and not the 4.50 of more.
    expect(await fewer.getByRole('row').first().innerText()).toMatch(/^No guidance\s+4\.80\s*$/)
    expect(await fewer.getByRole('row').last().innerText()).toMatch(/^σ\u00a0=\u00a01, s\s0\.25/)
    await chooseMethod(page, 'None')
    const mixed = page.getByRole('table', { name: /It falls with their number: compare equal ones/ })
    expect(await mixed.getByRole('row').allInnerTexts()).toEqual([
      expect.stringMatching(/^Main\s+4\.50 ± 0\.20\s+5,000 images/),
      expect.stringMatching(/^Small\s+6\.00 ± 0\.20\s+2,000 images/),
      expect.stringMatching(/^No guidance, 32 steps\s+4\.20 ± 0\.20\s+0\.30 better\s+5,000 images/),
    ])
    await mixed.getByRole('button', { name: 'No guidance, 32 steps' }).click()
    await mixed.getByRole('button', { name: 'No guidance, 32 steps', pressed: true }).waitFor()
    await page.waitForURL(/steps=32/)
    await chooseMethod(page, 'ICG')
    await page.getByRole('heading', { name: 'What makes the negative worse' }).waitFor()
    expect(await page.getByText('FD-avatars, lower is better').count()).toBe(0)
  })

  it('bring the parameters of the negative that a combiner is given', async () => {
    const page = await open('#v=2&method=apg')
    await live(page)
    await page.getByRole('combobox', { name: 'Negative', exact: true }).selectOption('seg')
    await page.getByRole('slider', { name: 'Query blur σ' }).waitFor()
    expect(await page.getByRole('slider', { name: 'Mix' }).count()).toBe(0)
    await page.getByRole('heading', { level: 1, name: /APG/ }).waitFor()
  })

  it('add up: a further negative has its own scale and its own row in the equation', async () => {
    const page = await open()
    await settled(page)
    const before = await stagePixels(page, 2)
    await page.getByRole('combobox', { name: 'Add another negative' }).click()
    await page
      .getByRole('option')
      .filter({ has: page.getByText('SEG', { exact: true }) })
      .click()
    await described(page, 'Added: Smoothed energy guidance')
    expect(await stagePixels(page, 2)).not.toBe(before)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(/negative\).*SEG\)/)
    await page.getByText('and against SEG').waitFor()
    await page.getByRole('slider', { name: 'Negative 2: Scale s' }).press('End')
    expect(page.url()).toMatch(/stack=seg/)
    await page.getByRole('button', { name: 'Remove negative 2, SEG' }).click()
    await page.getByText('and against SEG').waitFor({ state: 'detached' })
    await described(page, /s = 1\. The/)
    expect(await stagePixels(page, 2)).toBe(before)
  })

  it('are compared as the article does, a click a variant', async () => {
    const page = await open()
    await live(page)
    await page.getByRole('button', { name: 'Ablations' }).click()
    await page.getByRole('menuitem', { name: /SEG: how far to blur/ }).click()
    const variants = page.getByRole('group', { name: /Variants of SEG/ })
    await variants.getByRole('button', { name: 'σ ∞' }).click()
    expect(page.url()).toContain('sigma=inf')
    expect(await variants.getByRole('button', { pressed: true }).allTextContents()).toEqual(['σ ∞'])
    await page.getByText('every query becomes the mean of all').waitFor()
  })

  it('take a vision transformer of one’s own, and say what is wrong with a file that is none', async () => {
    const page = await open('#v=2&method=sag')
    await live(page)
    await page.getByRole('combobox', { name: 'Mask', exact: true }).selectOption('dino')
    await page.getByText('This model has no vision transformer').waitFor()
    const input = page.getByLabel('Vision transformer, ONNX file')
    await input.setInputFiles({ name: 'notes.onnx', mimeType: 'application/octet-stream', buffer: Buffer.from('no') })
    await page.getByText(/notes\.onnx: This vision transformer can’t be used/).waitFor()
    await input.setInputFiles({ name: 'dino.onnx', mimeType: 'application/octet-stream', buffer: Buffer.alloc(64) })
    await page.getByText('dino.onnx').waitFor()
    await page.getByText('This model has no vision transformer').waitFor({ state: 'detached' })
    expect(await described(page, 'Self-attention guidance')).toContain('seed 1')
  })
})

describe('from a number to its picture', () => {
  it('takes one click: the step is selected, the picture outlined, the explanation beside it', async () => {
    const page = await open()
    await live(page)
    await described(page, 's = 1')
    const playhead = page.getByRole('slider', { name: 'Playhead' })
    expect(await playhead.getAttribute('aria-valuenow')).toBe('16')
    await page.getByRole('button', { name: /^cos\(Δ, noise\)/ }).click()
    const step = Number(await playhead.getAttribute('aria-valuenow'))
    await page.getByRole('heading', { name: `At step ${step + 1} of 16` }).waitFor()
    await page.getByText(/^cos\(Δ, noise\) = /).waitFor()
    await page
      .getByRole('button', { name: /^clipped/ })
      .last()
      .click()
    await page.getByText(/of the values of D lie outside/).waitFor()
    await page.getByRole('button', { name: 'spectrum' }).click()
    await page
      .getByRole('img', { name: /Radial power spectrum of Δ: half of its power lies within \d+ waves/ })
      .waitFor()
    await page.getByRole('button', { name: /^‖Δ‖/ }).click()
    await page.getByText('The outlined picture is this difference').waitFor()
  })

  it('lays SAG’s mask over the pictures, or not', async () => {
    const page = await open('#v=2&method=sag')
    await live(page)
    await described(page, 'Self-attention')
    const laid = page.getByRole('group', { name: 'Mask laid over' })
    const counts = async () => [
      await page.locator('#moment canvas').count(),
      await page.locator('section[aria-label^="Positive, negative"] canvas').count(),
    ]
    expect(await laid.getByRole('button', { pressed: true }).allTextContents()).toEqual(['here'])
    const here = await counts()
    await laid.getByRole('button', { name: 'off' }).click()
    const off = await counts()
    expect(off).toEqual([here[0]! - 2, 3])
    // Over the positive and the guided; the negative's own way had other masks.
    await laid.getByRole('button', { name: 'above too' }).click()
    expect(await counts()).toEqual([here[0], 5])
  })
})

describe('layers', () => {
  it('picks a range with shift, a stage by its name, and says what none means', async () => {
    const page = await open()
    await live(page)
    const group = page.getByRole('group', { name: 'Choose layers' })
    await group.getByRole('button', { name: 'none' }).click()
    await page.getByText('With no layer chosen the negative equals the positive.').waitFor()
    await page.getByRole('button', { name: 'Layer encoder 8×8 · 1' }).click()
    await page.getByRole('button', { name: 'Layer decoder 8×8 · 1' }).click({ modifiers: ['Shift'] })
    await page.getByText('3 of 7', { exact: true }).waitFor()
    await group.getByRole('button', { name: 'decoder' }).click()
    expect(page.url()).toContain('layers=4_5_6')
  })

  it('are perturbed in all heads or in one, of those that they have', async () => {
    const page = await open('#v=2&method=pag&layers=0')
    await live(page)
    const head = page.getByRole('combobox', { name: 'Head' })
    await head.waitFor()
    expect(await head.getByRole('option').allTextContents()).toEqual(['all heads', 'head 0', 'head 1', 'head 2'])
    await head.selectOption('head 2')
    await page.waitForURL(/[&#]head=2/)
    await page.getByRole('group', { name: 'Choose layers' }).getByRole('button', { name: 'middle' }).click()
    await page.getByRole('option', { name: 'head 5' }).waitFor({ state: 'attached' })
  })

  it('shows what the perturbation does to one map', async () => {
    const page = await open('#v=1&method=pag&layers=0')
    await live(page)
    await page.getByRole('button', { name: 'Layer middle 8×8 · 1' }).click()
    const inspector = page.locator('aside').getByText('0.00 bits')
    await inspector.waitFor()
    await page.getByRole('application', { name: /Token that looks/ }).press('ArrowLeft')
    expect(await page.getByRole('application', { name: /column 4, row 5 of 8 by 8/ }).count()).toBe(1)
  })

  it('gives each negative its own map and kernel', async () => {
    const page = await open('#v=2&method=pag&layers=0&stack=seg:scale=0.5')
    await live(page)
    await described(page, 'Added')
    await page.getByRole('button', { name: 'Layer encoder 16×16 · 1', exact: true }).click()
    await page.getByText('0.00 bits').waitFor()
    await page.getByRole('button', { name: 'More settings of negative 2' }).click()
    const second = page.getByRole('list', { name: 'Further negatives' })
    await second.getByText(/^Kernel on 16×16 tokens/).waitFor()
    await second.getByRole('button', { name: 'Negative 2: Layer decoder 16×16 · 2' }).click()
    // The first leaves this layer alone. Its own map closes: one layer of one negative is looked into at a time.
    await second.getByText('0.00 bits').waitFor()
    expect(await page.getByText('0.00 bits').count()).toBe(1)
    expect(await page.getByRole('application', { name: /Token that looks/ }).count()).toBe(1)
  })
})

describe('failures', () => {
  it.each([
    ['download-failed', 'Try again'],
    ['integrity', 'Download again'],
    ['worker-died', 'Start again'],
    ['not-finite', 'Reset the method'],
  ])('%s: a sentence, a way on, and a page that still works', async (code, button) => {
    const page = await open(`?fail=${code}`)
    await page.getByRole('alert').getByRole('button', { name: button }).waitFor()
    await chooseMethod(page, 'SEG')
    expect(page.url()).toContain('method=seg')
    await page.getByRole('combobox', { name: 'Guidance method SEG' }).waitFor()
  })

  it('mends itself after a lost device, saying so meanwhile', async () => {
    const page = await open('?fail=device-lost#v=1&method=pag&seed=3')
    await page.getByText('The graphics device was lost.').waitFor()
    expect(await described(page, 'seed 3')).toContain('s = 1')
    expect(await page.getByText('The graphics device was lost.').count()).toBe(0)
  })

  it('says that storage is full and goes on', async () => {
    const page = await open('?fail=storage-full')
    await page.getByText('The browser has no room to keep the model.').waitFor()
    await live(page)
    expect(await described(page, 's = 1')).toContain('seed 1')
  })
})

describe('layout', () => {
  it('keeps the pictures in view on a phone while the controls scroll', async () => {
    const page = await open('', { width: 390, height: 844 })
    await live(page)
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    const box = await page.locator('section[aria-label^="Positive, negative"]').boundingBox()
    expect(box!.y).toBeGreaterThanOrEqual(0)
    expect(box!.y + box!.height).toBeLessThan(300)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })

  it('folds the controls away to present, and the pictures grow', async () => {
    const page = await open('', { width: 1920, height: 1080 })
    await live(page)
    const width = async () =>
      (await page.locator('section[aria-label^="Positive, negative"] figure').first().boundingBox())!.width
    const before = await width()
    await page.getByRole('button', { name: 'Present' }).click()
    expect(await width()).toBeGreaterThan(1.2 * before)
    await page.getByRole('button', { name: 'Show controls' }).click()
    await page.getByRole('heading', { name: 'What is wanted' }).waitFor()
  })

  it('keeps the chosen theme', async () => {
    const page = await open()
    await page.getByRole('button', { name: /Theme/ }).click()
    await page.getByRole('button', { name: /Theme/ }).click()
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    await page.reload()
    await page.getByRole('button', { name: 'Theme: Dark' }).waitFor()
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(17, 19, 21)')
  })
})
