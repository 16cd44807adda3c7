/** What a file beside a graph tells of its network: the contract of the files in `sources/`, one for each format. */
import type { Chosen, Latent, SigmaRange } from './description'

/** Something that a file says: the value, why it is taken to say so, and what stays uncertain of it. */
export interface Clue<T> {
  readonly value: T
  readonly why: string
  readonly doubt?: string
}

export interface ClassClue {
  readonly count: number
  readonly labelDropout: boolean
}

/** What is known of a network. What is not said is absent. */
export interface Clues {
  readonly prediction?: Clue<Chosen>
  readonly schedule?: Clue<Chosen>
  readonly sigma?: Clue<SigmaRange>
  readonly latent?: Clue<Latent>
  readonly classes?: Clue<ClassClue>
  readonly channels?: Clue<number>
  readonly size?: Clue<{ readonly height: number; readonly width: number }>
  readonly learnedVariance?: Clue<boolean>
  readonly dataDeviation?: Clue<number>
  readonly clip?: Clue<number>
}

export type Json = Readonly<Record<string, unknown>>

export interface ConfigSource {
  readonly id: string
  /** Whose word counts more, where several speak: the lower. */
  readonly place: number
  /** Whether the file, by its content, is of this format. */
  recognises(json: Json): boolean
  /** `name`: of the file, for the reasons. */
  read(json: Json, name: string): Clues
}

/** An entry that is a number. */
export function numberIn(json: Json, key: string): number | undefined {
  const value = json[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** The class that diffusers wrote the file for, or an empty text. */
export function classIn(json: Json): string {
  const value = json['_class_name']
  return typeof value === 'string' ? value : ''
}
