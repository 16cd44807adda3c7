/** The rules of the game: which pairs a seed gives, what is drawn for each, and what a round of answers is worth. Pure. */
import { randomInteger, randomWord, streamOf } from '../../../core/random'
import type { ModelInfo } from '../../../model/types'
import { defaultSettings, withMethod } from '../../../settings'
import type { Settings } from '../../../settings/types'

/** Pairs of a round. */
export const PAIRS = 10

export type Side = 'left' | 'right'
export const SIDES: readonly Side[] = ['left', 'right']
export type RoundId = 'guided' | 'unguided'
export const ROUNDS: readonly RoundId[] = ['guided', 'unguided']

export interface Pair {
  /** Class of both pictures. */
  readonly label: number
  /** Which render of the class. */
  readonly row: number
  /** Seed of the sample's noise. */
  readonly seed: number
  /** Where the render is. */
  readonly render: Side
}

/** The part of a family that decides the pairs. */
export interface Deck {
  readonly classes: number
  readonly rows: number
}

const GAME = streamOf('which is the render')
/** Streams of what is drawn apart from each other; each round has its own of these. */
const STREAMS = { classes: 0, seeds: 1, sides: 2, rows: 3 }

/** The whole numbers below `count` in random order (Fisher and Yates). */
function shuffled(count: number, game: number, stream: number, from: number): readonly number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let last = count - 1; last > 0; last--) {
    const other = randomInteger(game, stream, GAME, from + last, last + 1)
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
}

/** Every class once, in random order, then again, until there are enough. */
function classesOf(game: number, round: number, classes: number): readonly number[] {
  const labels: number[] = []
  while (labels.length < PAIRS) {
    labels.push(...shuffled(classes, game, 4 * round + STREAMS.classes, labels.length))
  }
  return labels.slice(0, PAIRS)
}

/** The pairs of a round, of a game's seed: no render and no noise comes twice in both rounds, as far as there are renders. */
export function pairsOf(game: number, round: RoundId, { classes, rows }: Deck): readonly Pair[] {
  const at = ROUNDS.indexOf(round)
  const labels = classesOf(game, at, classes)
  const before = ROUNDS.slice(0, at).flatMap((_, earlier) => classesOf(game, earlier, classes))
  return labels.map((label, index) => {
    const used = [...before, ...labels.slice(0, index)].filter((other) => other === label).length
    return {
      label,
      row: shuffled(rows, game, STREAMS.rows, label * rows)[used % rows]!,
      seed: randomWord(game, 4 * at + STREAMS.seeds, GAME, index),
      render: randomInteger(game, 4 * at + STREAMS.sides, GAME, index, 2) === 0 ? 'left' : 'right',
    }
  })
}

/** What is drawn beside the render of a pair. */
export function settingsOfPair(settings: Settings, { label, seed }: Pair, round: RoundId, model: ModelInfo): Settings {
  const own = { ...settings, samples: 1, class: label, seed }
  switch (round) {
    case 'guided':
      return own
    case 'unguided':
      return withMethod({ ...own, stack: [] }, defaultSettings(model, 'none').method, model)
    default:
      return round satisfies never
  }
}

/** How many of the answers name the side of the render. */
export function scoreOf(pairs: readonly Pair[], answers: readonly Side[]): number {
  return answers.filter((answer, index) => answer === pairs[index]?.render).length
}
