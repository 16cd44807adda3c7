/** The judge in the page: fetched only when asked for, and the same numbers as `npm run evaluate` for the same images. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from '../../../src/cli/evaluate'
import { launch, serveSite, type Session, type Site } from '../harness'
import { goTo, live, part, settled, slider } from './suite'

let site: Site
let session: Session
beforeAll(async () => {
  site = await serveSite({ isolation: true })
  session = await launch({ webgpu: false, shell: true })
})
afterAll(async () => {
  await session.close()
  await site.close()
})
afterEach(() => session.expectClean())

interface Reported {
  readonly frechet: { readonly value: number; readonly margin: number }
  readonly agreement: { readonly value: number }
  readonly precision: { readonly value: number }
  readonly recall: { readonly value: number }
  readonly clarity: { readonly value: number }
  readonly shift: { readonly value: number }
}

describe('the judge', () => {
  let shared: Page | null = null
  /** One page for both, at a link's settings. */
  async function at(link: string): Promise<Page> {
    if (shared) await goTo(shared, link)
    else shared = (await session.open(`${site.url}${link}`)).page
    await live(shared)
    return shared
  }

  it('draws a hundred images in the background and gives the numbers of the command line', async () => {
    const link = '#v=2&model=tiny&method=pag&steps=2'
    const page = await at(link)
    const judged = () => site.requests.filter((path) => /judge/.test(path) && path.startsWith('/models/'))
    expect(judged()).toEqual([])
    await part(page, 'judge-open').click()
    await part(page, 'judge-seen').waitFor()
    expect(judged().sort()).toEqual([
      '/models/avatars/judge-attributes.fp16.bin',
      '/models/avatars/judge-real.bin',
      '/models/avatars/judge.fp16.bin',
      '/models/avatars/judge.onnx.bin',
    ])
    await part(page, 'judge-draw').click()
    await part(page, 'judge-progress')
      .getByText(/^[1-9]\d* of 100 images/)
      .waitFor()
    // A drag goes first, and the images go on after it.
    await slider(page, 'scale').press('ArrowRight')
    await part(page, 'judge-other')
      .getByText(/^From before your last change: PAG, s 1\.00 · .* classes in turn · seed 1/)
      .waitFor()
    await page.getByText('100 images each, with 95 % intervals').waitFor({ timeout: 240_000 })
    const cells = await part(page, 'judge-numbers').getByRole('cell').allTextContents()
    const numbers = cells.map((cell) => Number(/^[\d.]+/.exec(cell)?.[0]))
    const [plusFrechet, frechet, plusAgreement, agreement, plusPrecision, precision, plusRecall, recall] = numbers
    const [plusClarity, clarity, plusShift, shift] = numbers.slice(8)

    const told = async (method: string) =>
      JSON.parse(
        await evaluate([
          '--preset',
          `#v=2&model=tiny&method=${method}&steps=2`,
          '--samples',
          '100',
          '--threads',
          '1',
          '--json',
        ]),
      ) as Reported
    // One nearest neighbour in a hundred may fall the other way in the last digits.
    const [guided, positive] = [await told('pag'), await told('none')]
    expect(Math.abs(frechet! - guided.frechet.value)).toBeLessThan(0.02)
    expect(Math.abs(plusFrechet! - positive.frechet.value)).toBeLessThan(0.02)
    for (const [shown, { value }] of [
      [agreement, guided.agreement],
      [plusAgreement, positive.agreement],
      [precision, guided.precision],
      [plusPrecision, positive.precision],
      [recall, guided.recall],
      [plusRecall, positive.recall],
      [clarity, guided.clarity],
      [plusClarity, positive.clarity],
      [shift, guided.shift],
      [plusShift, positive.shift],
    ] as const) {
      expect(Math.abs(shown! - 100 * value)).toBeLessThanOrEqual(1.05)
    }
    expect(Number(/± ([\d.]+)/.exec(cells[1]!)?.[1])).toBeCloseTo(guided.frechet.margin, 1)
  }, 300_000)

  it('can be stopped and closed', async () => {
    const page = await at('#v=2&model=tiny&method=seg&steps=2')
    await settled(page, { method: 'seg' })
    if (await part(page, 'judge-open').isVisible()) await part(page, 'judge-open').click()
    await part(page, 'judge-draw').click()
    await part(page, 'judge-progress')
      .getByText(/^[1-9]\d* of 100 images/)
      .waitFor()
    await part(page, 'judge-stop').click()
    await part(page, 'judge-progress')
      .getByText(/^\d+ of 100 images, stopped$/)
      .waitFor()
    await part(page, 'judge-close').click()
    await part(page, 'judge-open').waitFor()
    expect(await part(page, 'judge-draw').count()).toBe(0)
  })
})
