/** Asks which lesson a room for teachers is about: by its link or name, or by its file. */
import { type FormEvent, useRef, useState } from 'react'
import { FileInput } from '../kit/FileInput'
import { go } from '../lesson/address'
import { useListed } from '../lesson/listing'
import { aboutLesson, keyIn, useOpenLesson } from './use-lesson'

function Listed({ room }: { readonly room: string }) {
  const lessons = useListed()
  if (lessons.length === 0) return null
  return (
    <select
      data-part="listed-lesson"
      aria-label="A lesson of this page"
      className="field max-w-full"
      value=""
      onChange={({ target }) => go(aboutLesson(room, target.value))}
    >
      <option value="" disabled>
        A lesson of this page…
      </option>
      {lessons.map(({ name, title }) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </select>
  )
}

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
      <Listed room={room} />
      <label className="flex min-w-0 flex-[1_1_16rem] items-center gap-2">
        <span className="shrink-0">or another</span>
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
