/** Opens a lesson that does not come with the page: from a file, or from an address. */
import { useRef, useState } from 'react'
import { viewText } from '../../../settings/view'
import { FileInput } from '../../kit/FileInput'
import { go } from '../../lesson/address'
import { openLesson } from '../../lesson/open'

export function Bring() {
  const file = useRef<HTMLInputElement>(null)
  const [address, setAddress] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const openAddress = () => {
    const trimmed = address.trim()
    if (!/^https?:\/\/[^\s?#&=]+$/.test(trimmed))
      setRefusal(
        'The address of a lesson begins with https:// and has no “?”, “#”, “&” or “=” in it. Else save the file and open it here.',
      )
    else go(`#${viewText({ lesson: trimmed })}`)
  }
  return (
    <section aria-labelledby="bring" className="mt-6">
      <h2 id="bring" className="font-medium">
        A lesson of your own
      </h2>
      <p className="mt-1 max-w-[36rem] text-label text-muted">
        One Markdown file. Drop it anywhere on this page, choose it, or give the address at which it lies.
      </p>
      <div className="mt-2.5 flex flex-wrap items-center gap-2">
        <button type="button" className="button" data-part="lesson-file" onClick={() => file.current?.click()}>
          Open a file…
        </button>
        <FileInput
          ref={file}
          part="lesson-file-input"
          accept=".md,text/markdown,text/plain"
          label="Lesson"
          onFile={(chosen) => void openLesson(chosen, setRefusal)}
        />
        <form
          className="flex min-w-0 flex-[1_1_16rem] items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            openAddress()
          }}
        >
          <input
            data-part="lesson-address"
            aria-label="Address of a lesson"
            type="url"
            placeholder="https://…"
            value={address}
            className="h-[1.875rem] min-w-0 flex-1 rounded-[5px] border border-line bg-surface px-2 text-label hover:border-edge"
            onChange={(event) => setAddress(event.target.value)}
          />
          <button type="submit" className="button" data-part="lesson-open" disabled={address.trim() === ''}>
            Open
          </button>
        </form>
      </div>
      <p role="alert" className="mt-2 text-label text-alert empty:mt-0">
        {refusal}
      </p>
    </section>
  )
}
