/** The lessons that come with the page, as `public/lessons/index.json` lists them. */
import * as v from 'valibot'
import { LEVELS, type Lesson } from './types'

export interface ListedLesson extends Omit<Lesson, 'steps' | 'teacher'> {
  /** Of its file, without `.md`. */
  readonly name: string
  /** See `lessonId`. */
  readonly id: string
  /** Steps in which something is to be done. */
  readonly asked: number
}

const schema = v.array(
  v.object({
    name: v.string(),
    id: v.string(),
    title: v.string(),
    minutes: v.number(),
    level: v.picklist(LEVELS),
    needs: v.string(),
    section: v.nullable(v.number()),
    asked: v.number(),
  }),
)

/** Throws ValiError for anything else. */
export const parseListed = (json: unknown): readonly ListedLesson[] => v.parse(schema, json)
