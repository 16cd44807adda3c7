/** The rules of "which is the render?": its pairs, what is drawn, what a score means, and its address. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isGuided } from '../../../src/guidance'
import { defaultSettings, encodeLink, firstSettings } from '../../../src/settings'
import { measuredBest, readAddress, writeAddress } from '../../../src/ui/rooms/game/address'
import { chanceOfAtLeast, chanceOfDifference, intervalOf } from '../../../src/ui/rooms/game/chance'
import { PAIRS, pairsOf, ROUNDS, scoreOf, settingsOfPair } from '../../../src/ui/rooms/game/pairs'
import { comparison, meaning, odds } from '../../../src/ui/rooms/game/words'
import { visitOf } from '../../../src/ui/rooms/rooms'
import { settingsRefusals } from '../../../src/ui/method/methods'
import { model, settings } from './fixtures'

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const decks = fc.record({ classes: fc.integer({ min: 1, max: 24 }), rows: fc.integer({ min: 1, max: 24 }) })
const bothRounds = (game: number, deck: { classes: number; rows: number }) =>
  ROUNDS.flatMap((round) => pairsOf(game, round, deck))

describe('pairs', () => {
  it('are ten, the same ten for the same seed, of classes and renders that there are', () => {
    fc.assert(
      fc.property(seeds, decks, (game, deck) => {
        for (const round of ROUNDS) {
          const pairs = pairsOf(game, round, deck)
          expect(pairs).toHaveLength(PAIRS)
          expect(pairsOf(game, round, deck)).toEqual(pairs)
          expect(pairs.every(({ label, row }) => label < deck.classes && row < deck.rows)).toBe(true)
        }
      }),
    )
  })

  it('take every class as often as any other, or once more', () => {
    fc.assert(
      fc.property(seeds, decks, (game, deck) => {
        const labels = pairsOf(game, 'guided', deck).map(({ label }) => label)
        const counts = Array.from({ length: deck.classes }, (_, label) => labels.filter((own) => own === label).length)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('show no render twice in both rounds where there are enough, and no noise', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 24 }), (game, classes) => {
        const pairs = bothRounds(game, { classes, rows: 2 * Math.ceil(PAIRS / classes) })
        expect(new Set(pairs.map(({ label, row }) => `${label} ${row}`)).size).toBe(2 * PAIRS)
        expect(new Set(pairs.map(({ seed }) => seed)).size).toBe(2 * PAIRS)
      }),
    )
  })

  it('have the render on either side as a coin falls: neither the seed, the place nor the pair before tells', () => {
    const games = Array.from({ length: 500 }, (_, game) => bothRounds(game, { classes: 10, rows: 12 }))
    const sides = games.map((pairs) => pairs.map(({ render }) => (render === 'left' ? 1 : 0)))
    const share = (values: readonly number[]) => values.reduce<number>((sum, value) => sum + value, 0) / values.length
    // Five standard errors of a fair coin.
    const fair = (values: readonly number[]) =>
      expect(Math.abs(share(values) - 0.5)).toBeLessThan(2.5 / Math.sqrt(values.length))
    for (let place = 0; place < 2 * PAIRS; place++) fair(sides.map((own) => own[place]!))
    fair(sides.flatMap((own) => own.slice(1).map((side, i) => (side === own[i] ? 1 : 0))))
    // A game has as many on the left as coins give, not always five.
    const variance = share(
      sides.map((own) => (own.slice(0, PAIRS).reduce<number>((sum, side) => sum + side, 0) - 5) ** 2),
    )
    expect(Math.abs(variance - 2.5)).toBeLessThan(0.8)
  })

  it('are drawn under the settings of the game, or the same without guidance', () => {
    const [pair] = pairsOf(3, 'guided', { classes: 10, rows: 4 })
    const came = { ...settings, samples: 4, stack: [{ ...defaultSettings(model, 'seg') }], network: 'small' }
    const guided = settingsOfPair(came, pair!, 'guided', model)
    expect(guided).toEqual({ ...came, samples: 1, class: pair!.label, seed: pair!.seed })
    const unguided = settingsOfPair(came, pair!, 'unguided', model)
    expect(isGuided(unguided)).toBe(false)
    expect(unguided).toMatchObject({
      stack: [],
      network: 'small',
      steps: 5,
      samples: 1,
      class: pair!.label,
      seed: pair!.seed,
    })
    expect(settingsRefusals(unguided, model)).toEqual([])
  })

  it('are worth a point where the render was named', () => {
    const pairs = pairsOf(1, 'guided', { classes: 10, rows: 12 })
    const right = pairs.map(({ render }) => render)
    const wrong = right.map((side) => (side === 'left' ? 'right' : 'left'))
    expect(scoreOf(pairs, right)).toBe(PAIRS)
    expect(scoreOf(pairs, wrong)).toBe(0)
    expect(scoreOf(pairs, [...right.slice(0, 3), ...wrong.slice(3, 5)])).toBe(3)
  })
})

describe('chance', () => {
  it('of a score by guessing is counted: of 1,024 ways to answer', () => {
    const answers = Array.from({ length: 1024 }, (_, bits) => [...bits.toString(2)].filter((bit) => bit === '1').length)
    for (let score = 0; score <= 10; score++) {
      const ways = answers.filter((right) => right >= score).length
      expect(chanceOfAtLeast(score, 10)).toBeCloseTo(ways / 1024, 12)
    }
  })

  // Quantiles of beta distributions, by integration of their densities in Python; 7 of 10 as R's binom.test says it.
  it.each([
    [0, 0, 0.30849710781876083],
    [1, 1 - 0.975 ** (1 / 10), 0.445016117],
    [5, 0.1870860284, 0.8129139716],
    [7, 0.3475471499, 0.9332604888],
    [9, 0.554983883, 0.9974714215],
    [10, 1 - 0.30849710781876083, 1],
  ])('%i of 10 has the exact interval of Clopper and Pearson', (score, low, high) => {
    const interval = intervalOf(score, 10)
    expect(interval[0]).toBeCloseTo(low, 8)
    expect(interval[1]).toBeCloseTo(high, 8)
  })

  // Exact fractions, counted in Python's integers.
  it.each([
    [7, 9, 188 / 323],
    [9, 7, 188 / 323],
    [2, 9, 23 / 4199],
    [4, 10, 7 / 646],
    [5, 5, 1],
    [10, 10, 1],
    [0, 0, 1],
  ])('%i and %i of 10 differ so much as often as Fisher’s test says', (a, b, chance) => {
    expect(chanceOfDifference(a, b, 10)).toBeCloseTo(chance, 10)
  })

  it('is put in words', () => {
    expect(odds(176 / 1024)).toBe('one time in six')
    expect(odds(11 / 1024)).toBe('one time in 93')
    expect(odds(1 / 1024)).toBe('one time in 1,024')
    expect(odds(638 / 1024)).toBe('62 times in 100')
    expect(odds(1)).toBe('nearly always')
    expect(meaning(7, 10)).toMatch(/one time in six: that does not yet show/)
    expect(meaning(9, 10)).toMatch(/one time in 93: you can tell/)
    expect(meaning(5, 10)).toMatch(/^A coin does as well: .* 62 times in 100/)
    expect(meaning(1, 10)).toMatch(/one time in 93: you did see a difference, and took/)
    expect(comparison(7, 9, 10)).toMatch(/two fewer\. .* 58 times in 100: only many/)
    expect(comparison(10, 4, 10)).toMatch(/six more\. So great .* one time in 92\./)
    expect(comparison(6, 6, 10)).toBe(
      'You found as many with guidance as without: only many games could tell whether it made a difference.',
    )
  })
})

describe('the address', () => {
  const models = [model, { ...model, id: 'toys', family: { ...model.family, unnamedInLinks: false, order: 2 } }]
  const read = (hash: string) => readAddress(hash, models, () => 99)

  it('is the room’s own, and replays the same game under the same settings', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.constantFrom('pag', 'seg', 'sag', 'icg'),
        fc.integer({ min: 0, max: 10 }),
        (game, method, score) => {
          const subject = { ...read(''), game, settings: { ...defaultSettings(model, method), seed: 4, scale: 1.25 } }
          const address = writeAddress(subject, { guided: score, unguided: 10 - score })
          expect(visitOf(address, { game: () => Promise.reject(new Error('not loaded')) }).room).toBe('game')
          expect(read(address)).toEqual({ ...subject, sent: { guided: score, unguided: 10 - score }, notes: [] })
          expect(read(writeAddress(subject)).sent).toBeNull()
        },
      ),
    )
  })

  it('without settings, or with those that the page opens with, plays at the measured best', () => {
    const measured = {
      ...model,
      starts: { class: { pag: { scale: 0.2 } }, none: {} },
      first: { method: 'pag', scale: 3, seed: 5 },
    }
    const at = (hash: string) => readAddress(hash, [measured], () => 99).settings
    expect(measuredBest(measured).scale).toBe(0.2)
    expect(at('#room=game').scale).toBe(0.2)
    const opened = firstSettings(measured)
    expect(opened.scale).toBe(3)
    expect(at(`#room=game&${encodeLink({ ...opened, seed: 8, class: 2 }, measured)}`).scale).toBe(0.2)
    expect(at(`#room=game&${encodeLink({ ...opened, scale: 2 }, measured)}`).scale).toBe(2)
  })

  it('without guidance, or with settings that can’t run, says what it plays instead', () => {
    const off = read(`#room=game&${encodeLink(defaultSettings(model, 'none'), model)}`)
    expect(isGuided(off.settings)).toBe(true)
    expect(off.notes).toEqual([expect.stringContaining('Guidance was off')])
    // Of any image only: it can't draw both pictures of one class.
    const classless = { ...model.networks[0]!, id: 'all', role: 'unconditional' as const, labelDropout: true }
    const family = { ...model, networks: [...model.networks, classless] }
    const came = { ...defaultSettings(family, 'pag', null), network: 'all' }
    expect(settingsRefusals(came, family)).toEqual([])
    const other = readAddress(`#room=game&${encodeLink(came, family)}`, [family], () => 99)
    expect(settingsRefusals(other.settings, family)).toEqual([])
    expect(other.settings.network).not.toBe('all')
    expect(other.notes).toEqual([expect.stringMatching(/So the game guides as was measured to be best\.$/)])
  })

  it('names a game, or leaves it to chance; a seed or score that can’t be is no seed or score', () => {
    expect(read('#room=game&game=7').game).toBe(7)
    expect(read('#room=game').game).toBe(99)
    for (const game of ['-1', 'x', '4294967296', '1e3', '']) expect(read(`#room=game&game=${game}`).game).toBe(99)
    expect(read('#room=game&told=7').sent).toEqual({ guided: 7 })
    expect(read('#room=game&told=7_10').sent).toEqual({ guided: 7, unguided: 10 })
    for (const told of ['11', 'x', '', '_3', '1_2_3']) expect(read(`#room=game&told=${told}`).sent).toBeNull()
    expect(read('#room=game&model=toys&game=7')).toMatchObject({ model: models[1], notes: [] })
  })

  it('may say anything at all', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (game, rest) => {
        const subject = read(`#room=game&game=${encodeURIComponent(game)}&${rest}`)
        expect(settingsRefusals(subject.settings, subject.model)).toEqual([])
      }),
    )
  })
})
