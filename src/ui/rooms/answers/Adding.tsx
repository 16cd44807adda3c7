/** Takes answers in: any number of files, or codes out of mails and chats. */
import { type FormEvent, type RefObject, useId, useRef, useState } from 'react'

interface AddingProps {
  readonly problems: readonly string[]
  readonly onFiles: (files: readonly File[]) => void
  readonly onText: (text: string) => void
}

/** The browser's chooser of files, unseen. */
function Files({ ref, onFiles }: Pick<AddingProps, 'onFiles'> & { readonly ref: RefObject<HTMLInputElement | null> }) {
  return (
    <input
      ref={ref}
      type="file"
      multiple
      data-part="answer-files"
      accept=".json,application/json,text/plain"
      aria-label="Files of answers"
      className="hidden"
      onChange={(event) => {
        onFiles([...(event.target.files ?? [])])
        event.target.value = ''
      }}
    />
  )
}

export function Adding({ problems, onFiles, onText }: AddingProps) {
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const id = useId()
  function add(event: FormEvent) {
    event.preventDefault()
    onText(text)
    setText('')
  }
  return (
    <form
      data-part="add-answers"
      className="mt-4 flex flex-col gap-2 rounded-md border border-dashed border-edge p-3 text-label print:hidden"
      onSubmit={add}
    >
      <label htmlFor={id}>
        Paste codes here, many at once if you like, or whole mails with codes in them; or drop files.
      </label>
      <textarea
        id={id}
        data-part="answer-codes"
        className="field h-16 resize-y py-1.5"
        placeholder="answers:…"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="button" data-part="add-codes" disabled={text.trim() === ''}>
          Add the codes
        </button>
        <button type="button" className="button" onClick={() => input.current?.click()}>
          Open files…
        </button>
        <Files ref={input} onFiles={onFiles} />
      </div>
      <div role="status" className="flex flex-col gap-1 text-alert empty:hidden">
        {problems.map((problem) => (
          <p key={problem}>{problem}</p>
        ))}
      </div>
    </form>
  )
}
