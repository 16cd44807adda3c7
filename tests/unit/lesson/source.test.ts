import { afterEach, describe, expect, it, vi } from 'vitest'
import { PACKED_CHARACTERS } from '../../../src/lesson'
import { keyOf, load } from '../../../src/ui/lesson/source'
import { LESSON } from '../../support/lesson'

/** A lesson with so many letters, by chance, that no link has room for it. */
function longLesson(seed: number): string {
  let state = seed
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24
  const words = Array.from({ length: 500 }, () =>
    Array.from({ length: 60 }, () => String.fromCharCode(97 + (next() % 26))).join(''),
  )
  return LESSON.replace('# For the teacher', `## More\n\n${words.join('\n\n')}\n\n# For the teacher`)
}

function storageOf(kept: Record<string, string>) {
  return new Proxy(kept, {
    get: (target, name: string) =>
      ({
        getItem: (key: string) => target[key] ?? null,
        setItem: (key: string, value: string) => void (target[key] = value),
        removeItem: (key: string) => void delete target[key],
      })[name],
  })
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('a file that is too long for a link', () => {
  it('is there as long as the page where the browser keeps nothing', async () => {
    vi.stubGlobal('localStorage', undefined)
    const text = longLesson(1)
    const key = keyOf(text)
    expect(key.length).toBeLessThan(PACKED_CHARACTERS)
    expect(await load(key)).toMatchObject({ kind: 'lesson', text })
  })

  it('is kept once, and of many only the latest', () => {
    vi.useFakeTimers({ now: 1_800_000_000_000 })
    const kept: Record<string, string> = { theme: 'dark' }
    vi.stubGlobal('localStorage', storageOf(kept))
    const keys = Array.from({ length: 12 }, (_, i) => {
      vi.advanceTimersByTime(1000)
      const key = keyOf(longLesson(10 + i))
      vi.advanceTimersByTime(1000)
      expect(keyOf(longLesson(10 + i))).toBe(key)
      return key
    })
    expect(Object.keys(kept)).toEqual(['theme', ...keys.slice(2).map((key) => `lesson file ${key}`)])
  })
})

it('says that a lesson of another host comes over https, and fetches one of its own host as it is', async () => {
  vi.stubGlobal('location', { origin: 'http://localhost:5173' })
  const fetched = vi.fn<() => Promise<Response>>(() =>
    Promise.resolve(new Response(LESSON, { headers: { 'Content-Type': 'text/markdown' } })),
  )
  vi.stubGlobal('fetch', fetched)
  const other = await load('http://localhost:5173.example.org/mine.md')
  expect(other).toMatchObject({ kind: 'failed', message: expect.stringContaining('over https://') })
  expect(fetched).not.toHaveBeenCalled()
  expect(await load('http://localhost:5173/mine.md')).toMatchObject({ kind: 'lesson' })
  expect(await load('https://example.org/mine.md')).toMatchObject({ kind: 'lesson' })
})
