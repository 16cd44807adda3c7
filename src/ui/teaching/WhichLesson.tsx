/** Asks which lesson a room for teachers is about: by its link or name, or by its file. */
import { type FormEvent, useRef, useState } from 'react'
import { FileInput } from '../kit/FileInput'
import { go } from '../lesson/address'
import { aboutLesson, keyIn, useOpenLesson } from './use-lesson'

export function WhichLesson({ room }: { readonly room: string }) {
  const file = useRef<HTMLInputElement>(null)
  const [link, setLink] = useState('')
  const { open, why } = useOpenLesson(room)
  function choose(event: FormEvent) {
    event.preventDefault()
    if (link.trim() !== '') go(aboutLesson(room, keyIn(link)))
  }
  return (
    <form data-part="which-lesson" className="mt-4 flex flex-wrap items-center gap-2 text-label" onSubmit={choose}>
      <label className="flex min-w-0 flex-[1_1_20rem] items-center gap-2">
        <span className="shrink-0">The lesson</span>
        <input
          data-part="lesson-link"
          className="field min-w-0 flex-1"
          placeholder="its link or name"
          value={link}
          onChange={(event) => setLink(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={link.trim() === ''}>
        Take it
      </button>
      <button type="button" className="button" onClick={() => file.current?.click()}>
        Open its file…
      </button>
      <FileInput ref={file} part="lesson-file" accept=".md,text/markdown,text/plain" label="Lesson" onFile={open} />
      {why !== null && (
        <p role="alert" className="w-full text-alert">
          {why}
        </p>
      )}
    </form>
  )
}
