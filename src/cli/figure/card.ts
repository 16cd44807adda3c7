/** Takes the picture of a card in a Chromium. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { CARD, cardHtml, type Figure } from '../../figure'
import { findHeadlessShell } from '../chromium.mjs'
import { UsageError } from '../usage'

const LETTERS = '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'

function letters(): string {
  const file = readFileSync(createRequire(import.meta.url).resolve(LETTERS)).toString('base64')
  return `@font-face{font-family:'Inter Variable';font-weight:100 900;src:url(data:font/woff2;base64,${file})}`
}

/** The bytes of a PNG of 1200 × 630. Throws UsageError where there is no Chromium. */
export async function cardPng(figure: Figure): Promise<Uint8Array> {
  const executablePath = findHeadlessShell()
  if (executablePath === null)
    throw new UsageError('--card takes its picture in a Chromium, and there is none: install one, or set CHROMIUM_PATH')
  // Chromium refuses its sandbox to root, as in a container.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args })
  try {
    const page = await browser.newPage({ viewport: CARD })
    await page.setContent(await cardHtml(figure, letters()), { waitUntil: 'load' })
    await page.evaluate('document.fonts.ready.then(() => frames.forEach(paint))')
    return await page.screenshot({ type: 'png' })
  } finally {
    await browser.close()
  }
}
