/**
 * What stands beside the pictures speaks of them, not of the controls: an imitation that draws one run and holds all others
 * leaves the controls ahead for as long as a test looks.
 */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { defaultSettings, encodeLink } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { readPngTexts } from '../../../src/storage/read-png-text'
import { fakeModel } from './fake-engine'
import { goTo, pageSuite, part, pictures, settled, slider } from './suite'

const suite = pageSuite()

const base: Settings = {
  ...defaultSettings(fakeModel, 'seg', 0),
  scale: 1,
  layers: 'all',
  seed: 26,
  steps: 4,
  solver: 'ddim',
  solverParameters: { ancestral: 0.5 },
}
const pag = defaultSettings(fakeModel, 'pag', 0)
const term = { method: pag.method, scale: 0.25, layers: pag.layers, window: pag.window, parameters: pag.parameters }
const link = (settings: Settings) => `#${encodeLink(settings, fakeModel)}`

const OF_SOLVER = ['seed 26', 'SEG, seed 26', 'SEG, s 1.00, seed 26'].map(
  (words) => `${words}, 4 DDIM η steps, Fresh noise η 0.5`,
)

/** A change of each setting, and how the pictures say what they are of: those that it does not touch say nothing. */
const CHANGES: Record<Exclude<keyof Settings, 'model'>, { change: Partial<Settings>; says: readonly string[] }> = {
  scale: { change: { scale: 1.5 }, says: ['', '', 'SEG, s 1.00, seed 26'] },
  window: { change: { window: [1, 5] }, says: ['', '', 'SEG, s 1.00, seed 26, at every σ'] },
  rescale: { change: { rescale: 0.5 }, says: ['', '', 'SEG, s 1.00, seed 26, φ 0'] },
  stack: { change: { stack: [term] }, says: ['', '', 'SEG, s 1.00, seed 26, no further negative'] },
  layers: {
    change: { layers: [1] },
    says: ['', 'SEG, seed 26, all 7 attention layers', 'SEG, s 1.00, seed 26, all 7 attention layers'],
  },
  parameters: {
    change: { parameters: { ...base.parameters, sigma: 3 } },
    says: ['', 'SEG, seed 26, Query blur σ 1 tokens', 'SEG, s 1.00, seed 26, Query blur σ 1 tokens'],
  },
  method: {
    change: { ...term, scale: 1, layers: base.layers },
    says: ['', 'SEG, seed 26', 'SEG, s 1.00, seed 26'],
  },
  seed: { change: { seed: 27 }, says: ['seed 26', 'SEG, seed 26', 'SEG, s 1.00, seed 26'] },
  class: {
    change: { class: 6 },
    says: ['seed 26, adventurer', 'SEG, seed 26, adventurer', 'SEG, s 1.00, seed 26, adventurer'],
  },
  image: { change: { image: 2 }, says: ['seed 26', 'SEG, seed 26', 'SEG, s 1.00, seed 26'] },
  samples: {
    change: { samples: 2 },
    says: ['seed 26, one image', 'SEG, seed 26, one image', 'SEG, s 1.00, seed 26, one image'],
  },
  steps: {
    change: { steps: 9 },
    says: ['seed 26, 4 DDIM η steps', 'SEG, seed 26, 4 DDIM η steps', 'SEG, s 1.00, seed 26, 4 DDIM η steps'],
  },
  solver: {
    change: { solver: 'heun', solverParameters: {} },
    says: OF_SOLVER,
  },
  solverParameters: {
    change: { solverParameters: { ancestral: 1 } },
    says: OF_SOLVER,
  },
  network: {
    change: { network: 'small' },
    says: ['seed 26, Main', 'SEG, seed 26, Main', 'SEG, s 1.00, seed 26, Main'],
  },
  ema: {
    change: { ema: 0.1 },
    says: ['seed 26, weights as stored', 'SEG, seed 26, weights as stored', 'SEG, s 1.00, seed 26, weights as stored'],
  },
}

/** Controls that stand among the pictures, and what says that these are ahead. */
const APART = [
  'push',
  'nine',
  'samples-all',
  'vary',
  'window-band',
  'window-edge-upper',
  'window-edge-lower',
  'no-window',
  'behind',
]
const LABELS = ['step-behind', 'veil-positive', 'veil-negative', 'veil-guided']

/** Every text, name, title and value beside the pictures, and the card's sentence on them. */
function told(page: Page): Promise<string> {
  return page.evaluate(
    (left) => {
      const copies = ['main', '[data-part="axis"]', '[data-part="in-pictures"]'].flatMap((selector) => {
        const copy = document.querySelector(selector)?.cloneNode(true)
        return copy instanceof Element ? [copy] : []
      })
      for (const copy of copies) copy.querySelectorAll(left).forEach((element) => element.remove())
      const named = (element: Element) =>
        ['aria-label', 'aria-valuetext', 'title', 'alt', 'href'].flatMap((name) => element.getAttribute(name) ?? [])
      return copies
        .flatMap((copy) => [copy.textContent.replace(/\s+/g, ' '), ...[...copy.querySelectorAll('*')].flatMap(named)])
        .join('\n')
    },
    [...APART, ...LABELS].map((name) => `[data-part="${name}"]`).join(),
  )
}

function veils(page: Page): Promise<string[]> {
  return Promise.all(
    ['positive', 'negative', 'guided'].map(async (role) => {
      const veil = part(page, `veil-${role}`)
      return (await veil.count()) > 0 ? (await veil.innerText()).replace(/\s+/g, ' ').trim() : ''
    }),
  )
}

it('stays what the pictures are of while any setting is ahead of them', async () => {
  const page = await suite.open(`?holds=all${link(base)}`)
  await settled(page, { seed: 26 })
  await part(page, 'in-pictures').waitFor()
  const [before, seen] = [await told(page), await pictures(page)]
  expect(before).toContain('guided = positive + 1.00 · (positive − negative)')
  expect(before).toContain('SEG, s 1.00, adventurer, seed 26, 4 DDIM η steps')
  expect(before).toContain('drawn by The artist of adventurer, CC BY 4.0')
  expect(before).toContain('In the pictures (SEG, s 1.00)')
  expect(await veils(page)).toEqual(['', '', ''])
  for (const [key, { change, says }] of Object.entries(CHANGES)) {
    await goTo(page, link({ ...base, ...change }))
    await part(page, 'behind').waitFor()
    expect([key, ...(await veils(page))]).toEqual([key, ...says])
    expect([key, await told(page)]).toEqual([key, before])
    expect(await pictures(page)).toEqual(seen)
    await goTo(page, link(base))
    await part(page, 'behind').waitFor({ state: 'detached' })
  }
  // A drag.
  await slider(page, 'scale').press('ArrowRight')
  expect(await part(page, 'scales').textContent()).not.toContain('s 1.00')
  expect(await told(page)).toBe(before)
  expect(await part(page, 'behind').textContent()).toContain('new ones are being drawn')
  await part(page, 'files').click()
  const [download] = await Promise.all([page.waitForEvent('download'), part(page, 'save-png').click()])
  expect(download.suggestedFilename()).toBe('seg-s1-adventurer-seed26.png')
  const inside = readPngTexts(new Uint8Array(readFileSync(await download.path())), 'settings')[0] ?? ''
  expect(JSON.parse(inside)).toMatchObject({ method: 'seg', scale: 1, class: 0, seed: 26 })
})

it('keeps the old picture under its own scale while the new one grows beside it, from its first step', async () => {
  const page = await suite.open(`?holds=last${link({ ...base, steps: 9 })}`)
  await settled(page, { seed: 26 })
  // The next stops are drawn from a person's first sign on, and shown at once: no run that is asked for ends here.
  const ahead = page.evaluate(
    () =>
      new Promise((resolve) =>
        addEventListener('foreseen', (event) => event instanceof CustomEvent && event.detail === 1.1 && resolve(true)),
      ),
  )
  await slider(page, 'scale').press('ArrowRight')
  await slider(page, 'scale').press('ArrowLeft')
  await ahead
  await slider(page, 'scale').press('ArrowRight')
  await settled(page, { seed: 26 })
  expect(await part(page, 'stage').getAttribute('data-scale')).toBe('1.1')
  const old = await pictures(page)
  await slider(page, 'scale').press('End')
  await part(page, 'growing').getByText(', 8 of 9').waitFor()
  expect(await part(page, 'growing').textContent()).toMatch(/^s [2-9].*, 8 of 9$/)
  expect(await veils(page)).toEqual(['', '', 'SEG, s 1.10, seed 26'])
  // The old pictures are whole, and the canvas of the new one is its own.
  expect(await pictures(page)).toEqual(old)
  expect(await part(page, 'legend').textContent()).toContain('SEG, s 1.10')
  expect(await part(page, 'panel-guided').locator('canvas').count()).toBe(2)
})

it('says of a coarse preview that it is one, and saves none', async () => {
  const page = await suite.open(`?holds=full${link({ ...base, steps: 9 })}`)
  await settled(page, { seed: 26 })
  const note = (role: string) => part(page, `panel-${role}`).locator('figcaption').innerText()
  expect(await note('guided')).toContain('changed by')
  await goTo(page, link({ ...base, steps: 9, scale: 1.5, layers: [1] }))
  await part(page, 'legend').getByText('quick preview in 5 steps').waitFor()
  expect(await part(page, 'stage').getAttribute('data-scale')).toBe('1.5')
  expect(await part(page, 'legend').textContent()).toContain('SEG, s 1.50')
  // The positive is still that of the full run.
  expect(await veils(page)).toEqual(['', 'quick preview in 5 steps', 'quick preview in 5 steps'])
  expect(await note('positive')).toContain('as it is')
  expect(await note('guided')).toContain('quick preview')
  expect(await part(page, 'step').textContent()).toContain('of 5, ')
  await part(page, 'files').click()
  expect(await part(page, 'save-png').getAttribute('aria-disabled')).toBe('true')
})
