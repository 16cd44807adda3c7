/** The lesson that a room for teachers is about: as the address names it (`of=`), or from a file that is opened there. */
import { useCallback, useEffect, useState } from 'react'
import { messageOf } from '../../core/failure'
import { linkParts } from '../../settings'
import { go } from '../lesson/address'
import { keyOf, load, textOf, type Loaded } from '../lesson/source'

export const lessonKey = (hash: string): string | null => linkParts(hash)['of'] || null

export const aboutLesson = (room: string, key: string) => `#room=${room}&of=${encodeURIComponent(key)}`

/** Null while there is none, or while it is fetched. */
export function useLesson(key: string | null): Loaded | null {
  const [loaded, setLoaded] = useState<{ readonly key: string; readonly result: Loaded } | null>(null)
  useEffect(() => {
    if (key === null) return undefined
    let wanted = true
    void load(key).then((result) => wanted && setLoaded({ key, result }))
    return () => void (wanted = false)
  }, [key])
  return loaded?.key === key ? loaded.result : null
}

/** A link of a lesson, or what it says of one: what follows `lesson=`, or a name or address by itself. */
export function keyIn(text: string): string {
  const trimmed = text.trim()
  const parts = linkParts(trimmed.includes('#') ? trimmed.slice(trimmed.indexOf('#')) : '')
  return parts['lesson'] || parts['of'] || trimmed
}

/** Opens a file as the lesson of a room. */
export function useOpenLesson(room: string) {
  const [why, setWhy] = useState<string | null>(null)
  const open = useCallback(
    (file: File) => {
      textOf(file).then(
        (text) => {
          setWhy(null)
          go(aboutLesson(room, keyOf(text)))
        },
        (error: unknown) => setWhy(messageOf(error)),
      )
    },
    [room],
  )
  return { open, why }
}
