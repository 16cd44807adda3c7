/** What figures do on the page, in a person's words. */
import type { Page } from 'playwright-core'

const part = (page: Page, name: string) => page.locator(`[data-part="${name}"]:not([data-term] *)`)

export const nextSeed = (page: Page): Promise<void> => part(page, 'next-seed').click()

/** Presses a key on the slider of the scale. */
export const pressScale = (page: Page, key: string): Promise<void> => part(page, 'scale').getByRole('slider').press(key)

/** Where the scale's thumb and track are, once they are seen: who was at the judge has scrolled past them. */
async function scalePlaces(page: Page) {
  const scale = part(page, 'scale')
  await scale.scrollIntoViewIfNeeded()
  return { thumb: (await scale.boundingBox())!, track: (await scale.locator('..').boundingBox())! }
}

/** Clicks far along the track of the scale. */
export async function clickScale(page: Page, share: number): Promise<void> {
  const { track } = await scalePlaces(page)
  await page.mouse.click(track.x + share * track.width, track.y + track.height / 2)
}

/** Drags the scale's thumb up the track for so long, as a hand does, and lets go. */
export async function dragScale(page: Page, milliseconds: number): Promise<void> {
  const { thumb, track } = await scalePlaces(page)
  const [x, y] = [thumb.x + thumb.width / 2, thumb.y + thumb.height / 2]
  const far = track.x + 0.9 * track.width
  await page.mouse.move(x, y)
  await page.mouse.down()
  const began = performance.now()
  for (;;) {
    const share = (performance.now() - began) / milliseconds
    if (share >= 1) break
    await page.mouse.move(x + share * (far - x), y)
    await page.waitForTimeout(30)
  }
  await page.mouse.up()
}

/** Has the judge draw many images, waits until so many are done after the first, and stops it. Milliseconds since 1970 at both. */
export async function drawMany(page: Page, count: number): Promise<{ readonly from: number; readonly to: number }> {
  if (!(await part(page, 'judge-draw').isVisible())) await part(page, 'judge-open').click()
  await part(page, 'judge-draw').click()
  const times = await page.evaluate(
    (wanted) =>
      new Promise<{ from: number; to: number }>((resolve) => {
        let [from, first]: [number, number] = [0, 0]
        const look = () => {
          const done = Number(
            /^\d+/.exec(document.querySelector('[data-part="judge-progress"]')?.textContent ?? '')?.[0],
          )
          if (!(done > 0)) return
          const at = performance.timeOrigin + performance.now()
          if (from === 0) [from, first] = [at, done]
          if (done - first < wanted) return
          observer.disconnect()
          resolve({ from, to: at })
        }
        const observer = new MutationObserver(look)
        observer.observe(document, { childList: true, subtree: true, characterData: true })
      }),
    count,
  )
  await part(page, 'judge-stop').click()
  return times
}
