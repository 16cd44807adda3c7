import { expect, test } from 'vitest'
import { watchVersion } from '../../../src/ui/app/new-version'

/** A window of which time and sight are set by hand. */
function fakeWindow() {
  const events = new EventTarget()
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState })
  const clock = { now: 0 }
  const ticks: (() => void)[] = []
  return {
    document,
    clock,
    performance: { now: () => clock.now },
    addEventListener: events.addEventListener.bind(events),
    dispatch: (type: string) => events.dispatchEvent(new Event(type)),
    ticks,
    setInterval: (callback: () => void) => ticks.push(callback),
    clearInterval: (timer: number) => void ticks.splice(timer - 1, 1),
  }
}

function watch() {
  const window = fakeWindow()
  const server = { other: false, asked: 0 }
  let told = 0
  const end = watchVersion(
    window,
    async () => {
      server.asked++
      return server.other
    },
    () => void told++,
  )
  return { window, server, end, told: () => told }
}

const soon = () => new Promise((resolve) => setImmediate(resolve))

test.each(['online', 'vite:preloadError'])('asks at once after %s, and tells once', async (event) => {
  const { window, server, told } = watch()
  window.dispatch(event)
  await soon()
  expect([server.asked, told()]).toEqual([1, 0])
  server.other = true
  window.dispatch(event)
  await soon()
  window.dispatch(event)
  await soon()
  expect([server.asked, told()]).toEqual([2, 1])
})

test('asks when the person comes back, but not with every glance', async () => {
  const { window, server } = watch()
  const glance = (visible: boolean, now: number) => {
    window.clock.now = now
    window.document.visibilityState = visible ? 'visible' : 'hidden'
    window.document.dispatchEvent(new Event('visibilitychange'))
  }
  glance(true, 1000)
  expect(server.asked).toBe(0)
  glance(false, 100_000)
  expect(server.asked).toBe(0)
  glance(true, 100_001)
  glance(true, 100_002)
  expect(server.asked).toBe(1)
})

test('an answer that comes after its end tells nothing', async () => {
  const { window, server, end, told } = watch()
  server.other = true
  window.dispatch('online')
  end()
  await soon()
  expect(told()).toBe(0)
})

test('asks now and then, until its end', async () => {
  const { window, server, end } = watch()
  window.clock.now = 900_000
  for (const tick of window.ticks) tick()
  expect(server.asked).toBe(1)
  end()
  expect(window.ticks).toEqual([])
})
