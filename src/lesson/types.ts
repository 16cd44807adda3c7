/** What a lesson is: steps of text, each with a place on the page and one thing to do. Written as Markdown (`parse.ts`, `write.ts`). */
import type { RootContent } from 'mdast'

export const LEVELS = ['first', 'further', 'research'] as const
export type Level = (typeof LEVELS)[number]

/** A text: its Markdown as it was written, and read. Without positions, so that two of them can be compared. */
export interface Body {
  readonly text: string
  readonly nodes: readonly RootContent[]
}

/** Where the page stands in a step, and what is to be seen of it. */
export interface Place {
  /** What an address says after its `#`, without view keys; null: as the step before left it. */
  readonly preset: string | null
  /** Only these parts are shown; null: all but those hidden. */
  readonly show: readonly string[] | null
  readonly hide: readonly string[]
  /** Seen, but not operable. */
  readonly lock: readonly string[]
  /** Narrower bounds of numbers, by the setting's key. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>
}

/** What is asked before the answer is shown. */
export type Ask =
  /** `right` counts from 0 here, and from 1 in the file. */
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly right: number }
  | {
      readonly kind: 'number'
      readonly min: number
      readonly max: number
      /** Such as `s`, `%`; null for none. */
      readonly unit: string | null
      readonly right: number
      /** How far from it is still right. */
      readonly tolerance: number
    }
  | {
      readonly kind: 'curve'
      /** The setting below the curve, and what is drawn above it, in words. */
      readonly along: string
      readonly of: string
      readonly from: number
      readonly to: number
      /** Bounds of what is drawn; null: see `boundsOf`. */
      readonly heights: readonly [number, number] | null
      /** A curve or row of the family's evaluation.json by name, or the points themselves. */
      readonly measured: string | readonly (readonly [number, number])[]
    }

export interface Goal {
  readonly say: string
  /** A condition over facts (`condition.ts`), as it was written. */
  readonly when: string
}

export type Task =
  | { readonly kind: 'look' }
  | { readonly kind: 'predict'; readonly question: string; readonly ask: Ask; readonly because: string | null }
  | {
      readonly kind: 'find'
      readonly task: string
      readonly goals: readonly Goal[]
      readonly hint: string | null
      /** For the teacher and tests: a link part for each goal, in their order, such as `scale=0.5`. */
      readonly solution: readonly string[]
    }
  | {
      readonly kind: 'explain'
      readonly question: string
      /** For the teacher: what a good answer says. */
      readonly points: readonly string[]
    }

export interface Step {
  /** One line of Markdown. */
  readonly title: string
  readonly place: Place
  readonly body: Body
  readonly task: Task
}

export interface Lesson {
  readonly title: string
  readonly minutes: number
  readonly level: Level
  /** A family of networks, or `plane`. */
  readonly needs: string
  /** Of the article; null for none. */
  readonly section: number | null
  readonly steps: readonly Step[]
  readonly teacher: Body | null
}

/** What is wrong with a lesson's text, and where. */
export interface Mistake {
  readonly line: number
  readonly message: string
}

export type Say = (line: number, message: string) => void

export type ParsedLesson =
  | { readonly ok: true; readonly lesson: Lesson }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/** A step that is anywhere and shows all of the page. */
export const ANYWHERE: Place = { preset: null, show: null, hide: [], lock: [], ranges: {} }
