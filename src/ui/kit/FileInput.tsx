/** The browser's chooser of a file, unseen: a button opens it by `ref.current.click()`. */
import type { RefObject } from 'react'

interface FileInputProps {
  readonly ref: RefObject<HTMLInputElement | null>
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  /** Kinds of files, as `<input accept>` lists them. */
  readonly accept: string
  readonly label: string
  readonly onFile: (file: File) => void
}

export function FileInput({ ref, part, accept, label, onFile }: FileInputProps) {
  return (
    <input
      ref={ref}
      type="file"
      data-part={part}
      accept={accept}
      aria-label={label}
      className="hidden"
      onChange={(event) => {
        const file = event.target.files?.[0]
        // The same file can be chosen again, since it may have changed.
        event.target.value = ''
        if (file) onFile(file)
      }}
    />
  )
}
