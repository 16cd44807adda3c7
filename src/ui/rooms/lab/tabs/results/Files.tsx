/** Takes rows home as files, and brings files of rows in. */
import { useRef, useState } from 'react'
import { messageOf } from '../../../../../core/failure'
import { FileInput } from '../../../../kit/FileInput'
import { download } from '../../../../share/share'
import type { Lab } from '../../lab'
import { FORMAT_IDS, FORMATS, take, type FormatId } from './files'
import type { Row } from './rows'

interface FilesProps {
  readonly lab: Lab
  /** What is written. */
  readonly rows: readonly Row[]
  readonly what: string
  readonly onTaken: () => Promise<void>
}

export function Files({ lab, rows, what, onTaken }: FilesProps) {
  const input = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState<string | null>(null)
  /** Says what went wrong, and nothing where nothing did. */
  const trying = async (work: () => Promise<void>) => {
    setFault(null)
    try {
      await work()
    } catch (error) {
      setFault(messageOf(error))
    }
  }
  const save = (id: FormatId) =>
    trying(async () => {
      const format = FORMATS[id]
      const written = await format.write(rows, lab.storage)
      if (written !== null) download(new Blob([written], { type: format.type }), format.name)
      else setFault(format.nothing ?? null)
    })
  const bring = (file: File) =>
    trying(async () => {
      const count = await take(await file.text(), lab.storage, Date.now)
      await onTaken()
      lab.say(`${count} ${count === 1 ? 'row' : 'rows'} taken from ${file.name}.`)
    })
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-label">
        <span className="text-muted">Save {what} as</span>
        {FORMAT_IDS.map((id) => (
          <button
            key={id}
            type="button"
            className="link disabled:text-muted"
            data-part={`results-save-${id}`}
            disabled={rows.length === 0}
            onClick={() => void save(id)}
          >
            {FORMATS[id].label}
          </button>
        ))}
        <button type="button" className="link" data-part="results-bring" onClick={() => input.current?.click()}>
          Bring a file of JSON Lines
        </button>
        <FileInput
          ref={input}
          part="results-file"
          accept=".jsonl,.ndjson,.json,.txt"
          label="A file of results, as JSON Lines"
          onFile={(file) => void bring(file)}
        />
      </p>
      <p role="status" className="text-hint text-alert" data-part="results-fault">
        {fault}
      </p>
    </div>
  )
}
