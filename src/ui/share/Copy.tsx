/** A text to be taken away: all of it to see and to select, and a button that copies it. */
import { type ReactNode, useRef, useState } from 'react'
import { copyText } from './copy-link'

interface CopyProps {
  /** Name in the page, for tests: the text has it, and its button with `copy-` before it. */
  readonly part: string
  readonly label: string
  readonly text: string
  /** Lines that are seen at once. */
  readonly rows: number
  /** What else can be done with it, beside the button. */
  readonly children?: ReactNode
}

/** What came of copying; what was copied of an older text is no longer said. */
interface Copied {
  readonly text: string
  readonly done: boolean
}

export function Copy({ part, label, text, rows, children }: CopyProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const [copied, setCopied] = useState<Copied | null>(null)
  const told = copied?.text === text ? copied : null
  const copy = async () => {
    const done = await copyText(text)
    setCopied({ text, done })
    if (!done) field.current?.select()
  }
  return (
    <div className="flex flex-col gap-2">
      <textarea
        ref={field}
        readOnly
        data-part={part}
        aria-label={label}
        rows={rows}
        value={text}
        spellCheck={false}
        translate="no"
        className="w-full resize-none rounded-[5px] border border-line bg-sunken px-2.5 py-1.5 font-mono text-hint break-all"
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className="flex flex-wrap items-center gap-2">
        <button type="button" data-part={`copy-${part}`} className="button" onClick={() => void copy()}>
          Copy
        </button>
        {children}
        <span role="status" className="text-hint text-muted">
          {told && (told.done ? 'Copied.' : 'The browser does not allow copying: the text is selected for you.')}
        </span>
      </div>
    </div>
  )
}
