/** The equation and its numbers, on the page: what a push changes, one pixel in it, and from a number to its picture. */
import { describe, expect, it } from 'vitest'
import { choice, chosen, pageSuite, part, pictures, settled, slider } from './suite'

const suite = pageSuite()

describe('the equation', () => {
  const at = suite.shared()

  it('changes guided, and leaves positive and negative, when the scale is pushed', async () => {
    const page = await at('#v=2&scale=1')
    const before = await pictures(page)
    await slider(page, 'scale').press('PageUp')
    await settled(page, { scale: 1.5 })
    const after = await pictures(page)
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2))
    expect(after[2]).not.toBe(before[2])
    expect(page.url()).toContain('scale=1.5')
    // The same scale as papers write it in D⁻ + w (D⁺ − D⁻).
    expect(await slider(page, 'scale').getAttribute('aria-valuetext')).toBe('s 1.5, w 2.5')
    expect(await part(page, 'scales').textContent()).toMatch(/s 1\.50.*w 2\.50/)
  })

  it('shows the best scale, where a scale overshoots and how that is known, and leads to the negative below 0', async () => {
    const page = await at('#v=3&method=pag&steps=16&scale=1')
    expect(await part(page, 'best-scale').getAttribute('data-scale')).toBe('0.5')
    const [thumb, best, zone] = await Promise.all(
      ['scale', 'best-scale', 'overshoot'].map(async (name) => (await part(page, name).boundingBox())!),
    )
    expect(best!.x + best!.width).toBeLessThan(thumb!.x + thumb!.width / 2)
    expect(zone!.x).toBeGreaterThan(thumb!.x + thumb!.width / 2)
    await part(page, 'scale-evidence').click()
    const tried = part(page, 'scale-table').locator('tbody tr')
    await tried.first().waitFor()
    expect(await tried.allTextContents()).toEqual([
      '0.25−0.30 ± 0.20better500',
      '0.5−0.50 ± 0.20best5,000',
      '1+0.10 ± 0.20not told apart500',
      '1.5+1.00 ± 0.20worse500',
      '2+3.00 ± 0.20worse500',
    ])
    await page.keyboard.press('Escape')
    await part(page, 'take-best').click()
    await settled(page, { scale: 0.5, steps: 16 })
    await slider(page, 'scale').press('Home')
    expect(await slider(page, 'scale').getAttribute('aria-valuetext')).toBe('s −1, w 0')
    await settled(page, { scale: -1 })
    const heading = page.getByRole('heading', { level: 1 })
    expect(await heading.textContent()).toBe('guided = positive − 1.00 · (positive − negative)')
    expect(await part(page, 'scale-legend').textContent()).toContain('towards the negative, which is s = −1')
    expect(await part(page, 'description').textContent()).toContain('s = −1, towards the negative.')

    await at('#v=3&method=pag&steps=4&scale=-1&rescale=0.5')
    expect(await part(page, 'scale-legend').textContent()).toBe('towards the negative')

    await at('#v=3&method=pag&steps=4&scale=1')
    expect(await part(page, 'scale-legend').textContent()).toContain('not measured')
    expect(await part(page, 'overshoot').count()).toBe(0)
  })

  it('is no sum where the push is inside the network, and the pair is of the positive and the guided', async () => {
    const page = await at('#v=3&method=pladis&steps=4&scale=2')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('guided = positive, pushed inside by 2.00')
    const pair = part(page, 'pair')
    await pair.getByRole('columnheader', { name: 'guided' }).waitFor()
    expect(await pair.locator('tr', { hasText: 'Attention' }).textContent()).toMatch(/as trained2 of the way to/)
    // A slider that can't turn round ends at 0.
    await slider(page, 'scale').press('Home')
    expect(await slider(page, 'scale').getAttribute('aria-valuetext')).toBe('s 0, w 1')
  })

  it('follows one pixel through it, by pointer and by keyboard', async () => {
    const page = await at('#v=2&scale=1')
    await part(page, 'equation-pictures').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    const table = part(page, 'plot-pixel').getByRole('table')
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

describe('from a number to its picture', () => {
  it('takes one click: the step is selected, the picture outlined, the explanation beside it', async () => {
    const page = await suite.open('#v=2&scale=1&steps=16')
    await settled(page)
    const playhead = part(page, 'playhead')
    expect(await playhead.getAttribute('aria-valuenow')).toBe('16')
    await part(page, 'number-noise').click()
    const step = Number(await playhead.getAttribute('aria-valuenow'))
    expect(await part(page, 'step').textContent()).toContain(`step ${step + 1} of 16`)
    expect(await part(page, 'plot-noise').textContent()).toMatch(/cos\(Δ, noise\) = −?0\.\d\d/)
    await part(page, 'number-clipped').click()
    expect(await part(page, 'plot-clipped').textContent()).toMatch(/^\d.* % of the values of D lie outside/)
    await choice(page, 'plots', 'spectrum').click()
    const waves = part(page, 'plot-spectrum').getByRole('img')
    expect(await waves.getAttribute('aria-label')).toMatch(/half of its power lies within \d+ waves/)
    await part(page, 'number-size').click()
    await part(page, 'plot-size').getByRole('table').waitFor()
  })

  it('lays SAG’s mask over the pictures, or not', async () => {
    const page = await suite.open('#v=2&method=sag')
    await settled(page)
    const counts = async () => [
      await part(page, 'equation-pictures').locator('canvas').count(),
      await part(page, 'stage').locator('canvas').count(),
    ]
    expect(await chosen(page, 'overlay')).toBe('equation')
    const here = await counts()
    await choice(page, 'overlay', 'off').click()
    expect(await counts()).toEqual([here[0]! - 2, 3])
    // Over the positive and the guided; the negative's own way had other masks.
    await choice(page, 'overlay', 'all').click()
    expect(await counts()).toEqual([here[0], 5])
  })
})
