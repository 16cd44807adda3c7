/** What a person meets on the built site, with the real engine, when the model's file does not arrive as it should. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launch, serveSite, type Session, type Site } from './harness'

let site: Site
let session: Session
/** What the server does with the next requests: for the weights, after a deploy, with a table of types that lacks scripts. */
let answer: 'missing' | 'damaged' | 'deployed' | 'untyped' | 'right' = 'right'

beforeAll(async () => {
  site = await serveSite({
    isolation: true,
    intercept: (_request, response, path) => {
      if (answer === 'right') return false
      if (answer === 'untyped') {
        if (!/\/worker-.*\.js$/.test(path)) return false
        response.setHeader('Content-Type', 'application/octet-stream').end('')
      } else if (answer === 'deployed' && path === '/index.html') {
        response.setHeader('Content-Type', 'text/html').end('<meta name="version" content="f00d" />')
      } else if (!path.endsWith('tiny/weights.fp16.bin')) return false
      else if (answer === 'damaged') response.end(Buffer.alloc(36_000, 7))
      else response.writeHead(404).end()
      return true
    },
  })
  session = await launch({ webgpu: false, quick: true, shell: true })
})
afterAll(async () => {
  await session.close()
  await site.close()
})

it.each([
  ['missing', 'Try again', /could not be downloaded/],
  ['damaged', /again/, /weights\.fp16\.bin/],
] as const)('a model file that is %s: a sentence, a button, and the button helps', async (fault, button, sentence) => {
  answer = fault
  const { page, allow } = await session.open(`${site.url}#v=1&method=pag&model=tiny`)
  allow(/404/)
  const alert = page.getByRole('alert')
  await alert.getByText(sentence).waitFor()
  expect(await page.getByRole('button', { name: /^Engine/ }).textContent()).toMatch(/not running/)
  answer = 'right'
  await alert.getByRole('button', { name: button }).click()
  await page.getByRole('button', { name: /^Engine: Processor/ }).waitFor()
  await page.locator('main p.sr-only', { hasText: 'The guided image differs' }).waitFor({ state: 'attached' })
  expect(await alert.count()).toBe(0)
  session.expectClean()
  await session.reset()
})

it.each([
  ['a new version', 'deployed', 'Load the new version', /A new version of this page is on the server/],
  ['a script of the wrong type', 'untyped', 'Try again', /worker-[\w-]+\.js came as application\/octet-stream/],
] as const)('a start that fails for %s says so, and the settings stay', async (_, fault, button, sentence) => {
  answer = fault
  const { page, allow } = await session.open(`${site.url}#v=2&method=pag&model=tiny&seed=7`)
  allow(/404|MIME/)
  const alert = page.getByRole('alert')
  await alert.getByText(sentence).waitFor()
  expect(await alert.getByRole('button').allTextContents()).toEqual([button])
  expect(new URL(page.url()).hash).toContain('seed=7')
  session.expectClean()
  await session.reset()
})
