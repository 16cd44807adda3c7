/** Files that are dropped anywhere in the room, all of them: they are answers here, or the lesson that is answered, and no settings. */
import { useEffect } from 'react'
import { useRoomSeen } from '../shown'

export function useDropped(onAnswers: (files: readonly File[]) => void, onLesson: (file: File) => void): void {
  const seen = useRoomSeen()
  useEffect(() => {
    if (!seen) return undefined
    const drop = (event: DragEvent) => {
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      const lesson = files.find(({ name }) => /\.(?:md|markdown)$/i.test(name))
      if (lesson) onLesson(lesson)
      const answers = files.filter((file) => file !== lesson)
      if (answers.length > 0) onAnswers(answers)
    }
    // Before the page, which would take the first of them for settings.
    window.addEventListener('drop', drop, { capture: true })
    return () => window.removeEventListener('drop', drop, { capture: true })
  }, [seen, onAnswers, onLesson])
}
