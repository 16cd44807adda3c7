/** The element `<guidance-playground>` by itself: whom it hears, and that nothing that was asked of it waits for ever. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInThisContext } from 'node:vm'
import { expect, it, vi } from 'vitest'
import { messageOf } from '../../../src/ui/embed/protocol'

const file = join(import.meta.dirname, '..', '..', '..', 'public', 'guidance-playground.js')
const HOME = 'https://play.example'

interface Element {
  ready: Promise<unknown>
  state: unknown
  connectedCallback(): void
  disconnectedCallback(): void
  get(): Promise<unknown>
}

/** One on a page of another host, whose frame only takes down what is posted to it. */
function element() {
  const posted: { message: Record<string, unknown>; to: string }[] = []
  const contentWindow = { postMessage: (message: Record<string, unknown>, to: string) => posted.push({ message, to }) }
  const frame: { style: object; src: string; contentWindow: object | null } = { style: {}, src: '', contentWindow }
  const heard = new Set<(event: object) => void>()
  const defined: (new () => Element)[] = []
  const globals = {
    HTMLElement: class {
      style = {}
      getAttribute = (name: string) => (name === 'lock' ? 'seed scale' : null)
      replaceChildren = () => undefined
      dispatchEvent = () => true
    },
    customElements: { define: (_: string, made: new () => Element) => defined.push(made) },
    document: {
      currentScript: { src: `${HOME}/guidance-playground.js` },
      baseURI: 'https://blog.example/',
      createElement: () => frame,
    },
    addEventListener: (_: string, hear: (event: object) => void) => heard.add(hear),
    removeEventListener: (_: string, hear: (event: object) => void) => heard.delete(hear),
  }
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
  runInThisContext(readFileSync(file, 'utf8'))
  const made = new defined[0]!()
  made.connectedCallback()
  return {
    made,
    frame,
    posted,
    heard,
    say: (data: object, origin = HOME, source: object = contentWindow) => {
      for (const hear of heard) hear({ data, origin, source })
    },
    leave: () => {
      frame.contentWindow = null
      made.disconnectedCallback()
    },
  }
}

const AWAY = 'not on the page'

it('hears its own frame at its own origin, and nobody else', async () => {
  const { made, frame, posted, say } = element()
  expect(frame.src).toBe(`${HOME}/#embed=1&lock=seed_scale`)
  say(messageOf({ kind: 'ready' }), 'https://evil.example')
  say(messageOf({ kind: 'ready' }), HOME, {})
  const asked = made.get()
  await Promise.resolve()
  expect(posted).toEqual([])
  say(messageOf({ kind: 'ready' }))
  await expect.poll(() => posted.length).toBe(2)
  expect(posted.map(({ to }) => to)).toEqual([HOME, HOME])
  const state = { room: 'play', link: '', settings: null, at: null, drawn: true, notes: [] }
  for (const { message } of posted) say(messageOf({ kind: 'state', id: Number(message['id']), state }))
  expect(await asked).toBe(state)
})

it('refuses what it was asked, before it was ready and later, when it is taken off the page', async () => {
  const early = element()
  const unready = early.made.get()
  early.leave()
  await expect(unready).rejects.toThrow(AWAY)

  const { made, posted, say, heard, leave } = element()
  say(messageOf({ kind: 'ready' }))
  const unanswered = made.get()
  await expect.poll(() => posted.length).toBe(2)
  leave()
  await expect(unanswered).rejects.toThrow(AWAY)
  await expect(made.get()).rejects.toThrow(AWAY)
  expect(heard.size).toBe(0)
})
