/** The lessons that come with the page, for links from the article's sections. A list that does not come leaves those without. */
import { useEffect, useState } from 'react'
import { type ListedLesson, parseListed } from '../../../lesson/listed'

async function fetched(): Promise<readonly ListedLesson[]> {
  try {
    const answer = await fetch(`${import.meta.env.BASE_URL}lessons/index.json`)
    return parseListed(await answer.json())
  } catch {
    return []
  }
}

export function useLessons(): readonly ListedLesson[] {
  const [lessons, setLessons] = useState<readonly ListedLesson[]>([])
  useEffect(() => void fetched().then(setLessons), [])
  return lessons
}
