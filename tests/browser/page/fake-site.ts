/** The page built on the imitation engine, served to a real Chromium: what a person does, without waiting for a model. */
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { inject } from 'vitest'
import { listen, siteServer } from '../../../src/cli/static-server.mjs'
import '../global-setup'

export interface FakeSite {
  readonly url: string
  close(): Promise<void>
}

export async function serveFakeSite(): Promise<FakeSite> {
  const server = siteServer({ directory: inject('fakeSite'), isolation: true })
  await listen(server, 0, '127.0.0.1')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The accessible description of the pictures once a live run with these words in it has finished. */
export async function described(page: Page, words: string | RegExp): Promise<string> {
  const text = page.locator('main p.sr-only', { hasText: words }).filter({ hasText: /differs from|No guidance/ })
  await text.waitFor({ state: 'attached' })
  return (await text.textContent()) ?? ''
}

/** Waits until the engine is ready and its run has taken the place of the stored one. */
export async function live(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Pictures show' }).waitFor()
}

/** Chooses a guidance method by its short name, as a person does. */
export async function chooseMethod(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Guidance method' }).click()
  await page
    .getByRole('option')
    .filter({ has: page.getByText(name, { exact: true }) })
    .click()
}

/** Bytes of the canvas of a picture on the stage, as a string to compare. */
export async function stagePixels(page: Page, panel: 0 | 1 | 2): Promise<string> {
  return page
    .locator('section[aria-label^="Positive, negative"] figure')
    .nth(panel)
    .locator('canvas')
    .first()
    .evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('not a canvas')
      return canvas.toDataURL()
    })
}
