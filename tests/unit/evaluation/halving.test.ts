import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { frechetTo, MomentSums } from '../../../src/evaluation/frechet'
import { lookAt, looksOf, ruleOf, type Candidate, type Rule } from '../../../src/evaluation/halving'
import { BLOCKS, STUDENT, type Blocked } from '../../../src/evaluation/metrics'
import { studentQuantile, studentTail } from '../../../src/evaluation/student'

describe('Student’s t', () => {
  it.each([
    [0.025, 9, 2.2621571628],
    [0.025, 1, 12.7062047362],
    [0.005, 10, 3.1692726726],
    [0.0005, 9, 4.7809125859],
    [0.05, 30, 1.6972608866],
  ])('has its tail of %d at %d degrees of freedom at the tables’ %d', (tail, freedom, t) => {
    expect(studentQuantile(tail, freedom)).toBeCloseTo(t, 8)
    expect(studentTail(t, freedom)).toBeCloseTo(tail, 10)
  })

  it('is what intervals of one number use', () => expect(studentQuantile(0.025, BLOCKS - 1)).toBeCloseTo(STUDENT, 9))
  it('refuses what is no tail', () => expect(() => studentQuantile(0.5, 9)).toThrow(RangeError))
})

/** A setting by its mean: features of two numbers, mostly those of the seed's noise. */
const WIDTH = 2
const reference = { mean: new Float64Array(WIDTH), covariance: Float64Array.of(1, 0, 0, 1) }
const distance = frechetTo(reference)

/** What intervals follow from, of the images so far. */
function blockedOf(features: readonly Float32Array[]): Blocked {
  const sums = Array.from({ length: BLOCKS }, () => new MomentSums(reference.mean))
  features.forEach((own, i) => sums[Math.floor((i * BLOCKS) / features.length)]!.add(own))
  const of = (without: number) => {
    const all = new MomentSums(reference.mean)
    sums.forEach((sum, block) => void (block !== without && all.include(sum)))
    return distance(all.moments())
  }
  return { whole: of(-1), without: sums.map((_, block) => of(block)) }
}

/** One search from look to look: who is left, and how many images were drawn. */
function search(trial: number, shifts: readonly number[], looks: readonly number[], rule: Rule) {
  const most = looks.at(-1)!
  const shared = normals(trial, 0, most * WIDTH)
  const sets = shifts.map((shift, k) => {
    const own = normals(trial, k + 1, most * WIDTH)
    return Array.from({ length: most }, (_, i) =>
      Float32Array.from(
        { length: WIDTH },
        (__, j) => 0.9 * shared[i * WIDTH + j]! + 0.44 * own[i * WIDTH + j]! + shift,
      ),
    )
  })
  let left = shifts.map((_, k) => String(k))
  let drawn = 0
  for (const [at, images] of looks.entries()) {
    drawn += left.length * (images - (looks[at - 1] ?? 0))
    const look = lookAt(
      left.map((id): Candidate => ({ id, value: blockedOf(sets[Number(id)]!.slice(0, images)) })),
      rule,
    )
    left = look.left.map(({ id }) => id)
    if (left.length === 1) break
  }
  return { left, drawn }
}

describe('successive halving on the same seeds', () => {
  const looks = looksOf(400)
  const TRIALS = 100
  it('looks at 100 images first, and at twice as many each time', () => {
    expect(looks).toEqual([100, 200, 400])
    expect(looksOf(100)).toEqual([100])
    expect(looksOf(500)).toEqual([100, 200, 400, 500])
  })

  it('drops the best one no more often than it says, where four are equally good', () => {
    const error = 0.2
    const rule = ruleOf('lower', 4, looks.length, error)
    const dropped = Array.from({ length: TRIALS }, (_, trial) => search(trial, [0, 0, 0, 0], looks, rule)).filter(
      ({ left }) => !left.includes('0'),
    )
    // Four standard errors of a share of 0.2 would be 0.08: what is said has to hold without them.
    expect(dropped.length / TRIALS).toBeLessThanOrEqual(error)
    // And it is a rule that decides, not one that never drops anything.
    expect(dropped.length).toBeGreaterThan(0)
  })

  it('finds the best one where it is one, with fewer images than all would take', () => {
    const rule = ruleOf('lower', 4, looks.length, 0.05)
    const found = Array.from({ length: 40 }, (_, trial) => search(trial, [0, 0.4, 0.5, 0.8], looks, rule))
    expect(found.filter(({ left }) => left.includes('0')).length).toBeGreaterThanOrEqual(38)
    expect(found.filter(({ left }) => left.length === 1).length).toBeGreaterThan(20)
    for (const { drawn } of found) expect(drawn).toBeLessThan(4 * 400)
  })
})

describe('a look', () => {
  const of = (id: string, whole: number, spread = 0.1): Candidate => ({
    id,
    value: {
      whole,
      without: Array.from({ length: BLOCKS }, (_, i) => whole + spread * Math.sin(i * (id.charCodeAt(0) % 7))),
    },
  })
  const rule = ruleOf('lower', 3, 1, 0.05)

  it('has a leader, whoever is not told apart from it, and whoever is out', () => {
    const { leader, out, left } = lookAt([of('b', 1.01), of('c', 9), of('d', 1)], rule)
    expect(leader).toBe('d')
    expect(left.map(({ id }) => id)).toEqual(['d', 'b'])
    expect(out.map(({ id }) => id)).toEqual(['c'])
    expect(out[0]!.behind.value).toBeCloseTo(8)
  })

  it('takes the highest where higher is better', () => {
    const { leader, out } = lookAt([of('b', 1), of('c', 9)], { ...rule, better: 'higher' })
    expect(leader).toBe('c')
    expect(out[0]).toMatchObject({ id: 'b', behind: { value: 8 } })
  })

  it('drops nobody where no interval is known', () => {
    const bare = (id: string, whole: number): Candidate => ({ id, value: { whole, without: [] } })
    expect(lookAt([bare('b', 1), bare('c', 9)], rule).out).toEqual([])
  })
})
