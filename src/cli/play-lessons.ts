/**
 * `npm run play-lessons`: plays the lessons that come with the page from start to end, as a student would, in Chromium on the built page with the
 * real networks on WASM. Every prediction is made, every goal must be met by the solution that stands in the lesson.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Browser, type Locator, type Page } from 'playwright-core'
import { parseLesson, type Ask, type Lesson, type Step, type Task } from '../lesson'
import { findChromium } from './chromium.mjs'
import { buildSite, ROOT } from './site.mjs'
import { listen, siteServer } from './static-server.mjs'
import { runCommand, UsageError } from './usage'

const HELP = `Usage: npm run play-lessons [-- NAME ...] [--width N] [--height N] [--shots DIR]

Plays lessons of public/lessons in Chromium, all of them or those named.

  --width N     of the page (390)
  --height N    of the page (844)
  --shots DIR   keeps a picture of every step there`

const FOLDER = join(ROOT, 'public', 'lessons')
/** A run of nine pictures on a busy machine takes that long. */
const SETTLE_MS = 240_000

const part = (page: Page | Locator, name: string) => page.locator(`[data-part="${name}"]`)

function lessonNamed(name: string): Lesson {
  const parsed = parseLesson(readFileSync(join(FOLDER, `${name}.md`), 'utf8'))
  if (parsed.ok) return parsed.lesson
  throw new UsageError(parsed.mistakes.map(({ line, message }) => `${name}.md:${line}: ${message}`).join(' '))
}

async function predict(page: Page, ask: Ask): Promise<void> {
  const task = part(page, 'lesson-task')
  switch (ask.kind) {
    case 'choice':
      await part(task, 'lesson-choice').nth(ask.right).locator('input').check()
      break
    case 'number':
      await task.locator('input[type=range]').press('ArrowRight')
      break
    case 'curve':
      await part(task, 'lesson-curve').press('ArrowDown')
      break
    default:
      ask satisfies never
  }
  await part(task, 'lesson-say').click()
  await part(task, 'lesson-verdict').waitFor()
}

/** What is found already by what a step begins with, once all of it was measured. */
async function foundAtOnce(page: Page): Promise<readonly string[]> {
  await part(page, 'lesson-facts').and(page.locator('[data-known="true"]')).waitFor({ timeout: SETTLE_MS })
  const met = await part(page, 'lesson-goal').and(page.locator('[data-met="true"]')).allInnerTexts()
  return met.map((text) => text.replaceAll('\n', ' '))
}

/** Goes to each solution by the address, as a student comes there by the controls. */
async function find(page: Page, { place }: Step, solution: readonly string[]): Promise<void> {
  const atOnce = await foundAtOnce(page)
  for (const [i, change] of solution.entries()) {
    const met = part(page, 'lesson-goal').nth(i).and(page.locator('[data-met="true"]'))
    await page.evaluate((hash) => (location.hash = hash), addressWith(page.url(), place.preset, change))
    await met.waitFor({ timeout: SETTLE_MS }).catch(async () => {
      const facts = (await part(page, 'lesson-facts').innerText()).replaceAll('\n', ' ')
      throw new Error(`${change} does not reach goal ${i + 1}: ${facts}`)
    })
  }
  if (atOnce.length > 0) throw new Error(`there before anything was done: ${atOnce.join('; ')}`)
}

/** The settings, with the lesson and the step of the address as they are. */
function addressWith(url: string, preset: string | null, change: string): string {
  const parts = new URL(url).hash.slice(1).split('&')
  const isView = (part: string) => /^(?:lesson|page)=/.test(part)
  // A step without settings of its own goes on with those that are there.
  const before = preset ?? parts.filter((part) => !isView(part)).join('&')
  return [before, change, ...parts.filter(isView)].join('&')
}

async function work(page: Page, step: Step, task: Task): Promise<void> {
  switch (task.kind) {
    case 'look':
      return
    case 'predict':
      return predict(page, task.ask)
    case 'find':
      return find(page, step, task.solution)
    case 'explain':
      return part(page, 'lesson-explain').fill('Because both make the same mistakes.')
    default:
      return task satisfies never
  }
}

interface Wanted {
  readonly origin: string
  readonly viewport: { readonly width: number; readonly height: number }
  readonly shots: string | undefined
}

/** What went wrong, step by step. */
async function play(browser: Browser, name: string, { origin, viewport, shots }: Wanted): Promise<readonly string[]> {
  const lesson = lessonNamed(name)
  const faults: string[] = []
  const context = await browser.newContext({ viewport })
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`))
  await page.goto(`${origin}/#lesson=${name}`)
  for (const [i, step] of lesson.steps.entries()) {
    const fault = (why: unknown) => faults.push(`step ${i + 1}, ${step.title}: ${String(why)}`)
    await page.locator(`[data-part="lesson"][data-page="${i}"]`).waitFor({ timeout: SETTLE_MS })
    await work(page, step, step.task).catch(fault)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) fault(`the page is ${wide} pixels too wide`)
    const says = (await page.locator('[role="alert"]:not(:empty)').allInnerTexts()).filter((text) => text !== '')
    if (says.length > 0) fault(`the page says: ${says.join(' ')}`)
    if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}-${i + 1}-${viewport.width}.png`) })
    await part(page, 'lesson-next').click()
  }
  await part(page, 'lesson-outcomes').waitFor()
  const left = await part(page, 'lesson-outcomes').getByText('not answered').count()
  if (left > 0) faults.push(`${left} steps are not answered at the end`)
  await context.close()
  return faults
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      width: { type: 'string', default: '390' },
      height: { type: 'string', default: '844' },
      shots: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  const all = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.md') ? [file.slice(0, -3)] : []))
  const unknown = positionals.find((name) => !all.includes(name))
  if (unknown !== undefined) throw new UsageError(`There is no lesson ${unknown}. There are: ${all.join(', ')}.`)
  // A lesson without solutions is one to look at.
  const solved = (name: string) =>
    lessonNamed(name).steps.every(({ task }) => task.kind !== 'find' || task.solution.length > 0)
  const names = positionals.length > 0 ? positionals : all.filter(solved)
  return { ...values, names, viewport: { width: Number(values.width), height: Number(values.height) } }
}

export async function playLessons(argv: readonly string[]): Promise<string> {
  const { help, names, viewport, shots } = readArguments(argv)
  if (help) return HELP
  const executablePath = findChromium()
  if (executablePath === null) throw new UsageError('No Chromium was found; npm test installs one or says how to.')
  const server = siteServer({ directory: buildSite(), isolation: true })
  const port = await listen(server, 0, '127.0.0.1')
  const browser = await chromium.launch({
    executablePath,
    args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
  const failed: string[] = []
  try {
    for (const name of names) {
      const begun = performance.now()
      const faults = await play(browser, name, { origin: `http://127.0.0.1:${port}`, viewport, shots })
      console.log(
        `${faults.length === 0 ? 'passed' : 'FAILED'} ${name}, ${Math.round((performance.now() - begun) / 1000)} s`,
      )
      for (const fault of faults) console.log(`  ${fault}`)
      if (faults.length > 0) failed.push(name)
    }
  } finally {
    await browser.close()
    server.close()
  }
  if (failed.length > 0) throw new Error(`Lessons that can't be played to the end: ${failed.join(', ')}.`)
  return `${names.length} lessons were played to the end at ${viewport.width} × ${viewport.height}.`
}

if (process.argv[1]?.endsWith('play-lessons.ts')) await runCommand(playLessons)
