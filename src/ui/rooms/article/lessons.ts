/** The lessons that come with the page, by the article's section. A list that does not come leaves the sections without. */
import { useEffect, useState } from 'react'
import * as v from 'valibot'

export interface LessonOf {
  readonly name: string
  readonly title: string
  readonly minutes: number
  readonly section: number | null
}

const schema = v.array(
  v.object({ name: v.string(), title: v.string(), minutes: v.number(), section: v.nullable(v.number()) }),
)

async function fetched(): Promise<readonly LessonOf[]> {
  try {
    const answer = await fetch(`${import.meta.env.BASE_URL}lessons/index.json`)
    return v.parse(schema, await answer.json())
  } catch {
    return []
  }
}

export function useLessons(): readonly LessonOf[] {
  const [lessons, setLessons] = useState<readonly LessonOf[]>([])
  useEffect(() => void fetched().then(setLessons), [])
  return lessons
}
