/** The game's address: the settings as in every link, the seed of its pairs, and the score of the person who sent it. Pure. */
import { isGuided } from '../../../guidance/index'
import { defaultFamily } from '../../../model/families'
import type { ModelInfo } from '../../../model/types'
import {
  DEFAULT_METHOD,
  decodeLink,
  defaultSettings,
  encodeLink,
  firstSettings,
  linkModel,
  linkParts,
  sameSettings,
  withoutRoom,
} from '../../../settings'
import type { Settings } from '../../../settings/types'
import { settingsRefusals } from '../../method/methods'
import { roomAddress } from '../rooms'
import { PAIRS, ROUNDS, type RoundId } from './pairs'

/** Scores by round; a round that was not played has none. */
export type Scores = Partial<Readonly<Record<RoundId, number>>>

export interface Subject {
  readonly model: ModelInfo
  /** Of the guided samples. */
  readonly settings: Settings
  /** Seed of the pairs. */
  readonly game: number
  /** What the sender of the link scored; null where nobody did. */
  readonly sent: Scores | null
  readonly notes: readonly string[]
}

const OWN = ['game', 'told']

/** The family's first method, where it was measured to be best. */
export function measuredBest(model: ModelInfo): Settings {
  const first = firstSettings(model)
  return defaultSettings(model, isGuided(first) ? first.method : DEFAULT_METHOD)
}

/** Settings that can be played: those that a person came with, or the family's measured best for a person who chose none. */
function playable(came: Settings, model: ModelInfo): Pick<Subject, 'settings' | 'notes'> {
  const { class: label, seed } = came
  const best = { ...measuredBest(model), class: label ?? 0, seed }
  const { samples, class: first, seed: firstSeed } = firstSettings(model)
  if (sameSettings({ ...came, samples, class: first, seed: firstSeed }, firstSettings(model))) {
    return { settings: best, notes: [] }
  }
  if (!isGuided(came))
    return { settings: best, notes: ['Guidance was off, so the game guides as was measured to be best.'] }
  const [refusal] = settingsRefusals({ ...came, class: label ?? 0 }, model)
  return refusal === undefined
    ? { settings: came, notes: [] }
    : { settings: best, notes: [`${refusal} So the game guides as was measured to be best.`] }
}

function scores(text: string | undefined): Scores | null {
  const parts = /^(\d+)(?:_(\d+))?$/.exec(text ?? '')?.slice(1)
  const told = ROUNDS.flatMap((round, at) => {
    const score = parts?.[at] === undefined ? NaN : Number(parts[at])
    return score <= PAIRS ? [[round, score] as const] : []
  })
  return told.length > 0 ? Object.fromEntries(told) : null
}

/** Reads an address of the room; `fresh` is the seed of a game that the address does not name. */
export function readAddress(hash: string, models: readonly ModelInfo[], fresh: () => number): Subject {
  const parts = withoutRoom(hash).slice(1).split('&')
  const own = linkParts(hash)
  const link = `#${parts.filter((part) => !OWN.includes(part.split('=')[0]!)).join('&')}`
  const wanted = linkModel(link, models)
  const model = models.find(({ id }) => id === wanted) ?? defaultFamily(models)
  const { settings: came, problems, notes: said } = decodeLink(link, model)
  const { settings, notes } = playable(came, model)
  const named = /^\d+$/.test(own.game ?? '') ? Number(own.game) : NaN
  const game = named < 2 ** 32 ? named : fresh()
  return { model, settings, game, sent: scores(own.told), notes: [...problems, ...said, ...notes] }
}

/** The address of a game, with the scores of the person who shares it. */
export function writeAddress({ model, settings, game }: Subject, told: Scores = {}): string {
  const score = ROUNDS.flatMap((round) => told[round] ?? []).join('_')
  return roomAddress('game', `game=${game}${score && `&told=${score}`}&${encodeLink(settings, model)}`)
}
