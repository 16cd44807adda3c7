/** On how many cores a device is fastest is found once, and holds while device and code are the same. */
import { describe, expect, it } from 'vitest'
import { bestCount, LanesUsed } from '../../../src/runner/tune'
import { keptCores, type CoresParts } from '../../../src/worker/client/kept-cores'

const DAY = 86_400_000

function device(changes: Partial<CoresParts> = {}, kept = new Map<string, string>()) {
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  return { kept, cores: keptCores({ cores: 4, usual: 2, storage: () => storage, now: () => 20_000 * DAY, ...changes }) }
}

describe('what was found', () => {
  it('is there on the next visit, of a device of as many cores, for a while', () => {
    const { kept, cores } = device()
    expect(cores.kept()).toBeNull()
    cores.keep(3)
    expect(device({}, kept).cores.kept()).toBe(3)
    expect(device({ cores: 8 }, kept).cores.kept()).toBeNull()
    expect(device({ now: () => 20_015 * DAY }, kept).cores.kept()).toBeNull()
    expect([...kept.keys()]).toEqual(['cores 1 of 4'])
  })

  it.each(['', '1 on 20000', '9 on 20000', '1.5 on 20000', 'two on 20000', '3'])('is not taken for it: %j', (value) => {
    const { cores } = device({}, new Map([['cores 1 of 4', value]]))
    expect(cores.kept()).toBeNull()
  })

  it('is found anew where nothing may be kept', () => {
    const storage = () => {
      throw new Error('forbidden')
    }
    const { cores } = device({ storage })
    cores.keep(3)
    expect(cores.kept()).toBeNull()
  })

  it('is of no more cores than there are, nor than rows of a usual step, but of as many as are used without it', () => {
    expect([2, 3, 16].map((cores) => device({ cores }).cores.most)).toEqual([2, 3, 4])
    expect(device({ cores: 1 }).cores.most).toBe(2)
  })
})

describe('the best count', () => {
  /** Each count takes what is said, and in some rounds other work as well. */
  const tried = (took: Readonly<Record<number, number>>, usual: number) => {
    let call = 0
    return bestCount(Object.keys(took).map(Number), usual, async (count) => took[count]! + (call++ % 3 === 0 ? 500 : 0))
  }

  it.each([
    [{ 2: 60, 3: 50, 4: 45 }, 2, 4],
    [{ 2: 60, 3: 50, 4: 70 }, 2, 3],
    // What is hardly any faster takes nobody's place.
    [{ 2: 51, 3: 50 }, 2, 2],
    // So short a time tells of the asking alone.
    [{ 2: 14, 3: 10 }, 2, null],
  ])('of %j, where %i is usual, is %j, whatever else the device does meanwhile', async (took, usual, best) => {
    expect(await tried(took, usual)).toBe(best)
  })

  it('is not told from the first round, in which programs are compiled', async () => {
    const seen = new Map<number, number>()
    const count = await bestCount([1, 2], 1, async (own) => {
      seen.set(own, (seen.get(own) ?? 0) + 1)
      return own === 1 && seen.get(own) === 1 ? 1 : 100 / own
    })
    expect(count).toBe(2)
  })

  it('leaves all as it was where something is asked meanwhile, and where it can’t be told', async () => {
    const used = new LanesUsed(4, 2)
    const seen: number[] = []
    const asked = used.tune(async () => {
      seen.push(used.count)
      if (seen.length === 3) throw new Error('asked')
    })
    await expect(asked).rejects.toThrow('asked')
    expect([seen, used.count]).toEqual([[2, 3, 4], 2])
    expect(await used.tune(async () => undefined)).toBe(false)
    expect(used.count).toBe(2)
  })
})
