import { expect, it } from 'vitest'
import { createAddress } from '../../../src/ui/app/address'

/** A window whose browser keeps an address encoded, and may refuse to write one. */
function fake(refuses: boolean) {
  const timers: (() => void)[] = []
  let hash = ''
  let asked = 0
  const write = (_entry: unknown, _title: string, url?: string | URL | null) => {
    asked++
    if (refuses) throw new DOMException('not in this document', 'SecurityError')
    hash = new URL(String(url), 'http://page/').hash
  }
  const window = {
    get parent(): unknown {
      return window
    },
    history: { state: null, pushState: write, replaceState: write },
    location: {
      href: 'http://page/',
      get hash() {
        return hash
      },
    },
    setTimeout: (callback: () => void) => timers.push(callback),
    clearTimeout: () => undefined,
  }
  return { address: createAddress(window), timers, hash: () => hash, asked: () => asked }
}

it('takes an address for written though the browser keeps it encoded', () => {
  const { address, timers, hash } = fake(false)
  address.push('#class=größe "3"', null)
  expect(hash()).not.toContain('ö')
  expect(timers).toEqual([])
})

it('gives up in the end where writing is forbidden', () => {
  const { address, timers, asked } = fake(true)
  address.push('#class=3', null)
  for (let timer = timers.pop(); timer && asked() < 1000; timer = timers.pop()) timer()
  expect(asked()).toBeGreaterThan(5)
  expect(asked()).toBeLessThan(1000)
})
