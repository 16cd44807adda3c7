/** The feature network, how its pictures are prepared, and what they are compared with. */
import { useRef, useState } from 'react'
import { protocols } from '../../../../../evaluation/features'
import { FileInput } from '../../../../kit/FileInput'
import { Segments } from '../../../../kit/Segments'
import type { OpenedNetwork } from './desk'

interface PickProps {
  readonly part: string
  readonly label: string
  readonly accept: string
  readonly file: string | null
  readonly none: string
  readonly onFile: (file: File) => void
}

function Pick({ part, label, accept, file, none, onFile }: PickProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2 text-label">
      <span className="w-20 shrink-0 text-muted">{label}</span>
      <FileInput ref={input} part={part} accept={accept} label={label} onFile={onFile} />
      <button type="button" className="button" onClick={() => input.current?.click()}>
        Choose a file
      </button>
      <span className="num min-w-0 truncate text-muted" translate="no">
        {file ?? none}
      </span>
    </div>
  )
}

interface FilesProps {
  readonly opened: OpenedNetwork | null
  readonly opening: boolean
  readonly onOpen: (network: File, protocol: string, reference: File | null) => void
}

/** What was found in the files, in a sentence. */
function foundText({ reference, protocol }: OpenedNetwork): string {
  if (!reference) return 'Open. Without a reference, images can be drawn and saved as one.'
  const pictures = reference.count === null ? '' : ` of ${reference.count} pictures`
  const missing = reference.features
    ? ''
    : ` It holds a mean and a covariance alone, so ${protocol.frechet} is all that it allows.`
  return `Open. The reference${pictures} has ${reference.width} features.${missing}`
}

export function Files({ opened, opening, onOpen }: FilesProps) {
  const [network, setNetwork] = useState<File | null>(null)
  const [reference, setReference] = useState<File | null>(null)
  const [id, setId] = useState('pytorch-fid')
  const protocol = protocols.find((one) => one.id === id)
  return (
    <div className="flex flex-col gap-2.5" data-part="paper-files">
      <Segments
        part="paper-protocol"
        label="Protocol"
        value={id}
        options={protocols.map((one) => ({ value: one.id, label: one.name }))}
        onChange={setId}
      />
      <p className="max-w-2xl text-hint text-muted">
        {protocol && `For ${protocol.network}. Pictures are prepared as ${protocol.source} prepares them.`}
      </p>
      <Pick
        part="paper-network"
        label="network"
        accept=".onnx"
        file={network?.name ?? null}
        none="an .onnx file: none is shipped"
        onFile={setNetwork}
      />
      <Pick
        part="paper-reference"
        label="reference"
        accept=".npz,.npy"
        file={reference?.name ?? null}
        none="an .npz of pytorch-fid, clean-fid or dgm-eval"
        onFile={setReference}
      />
      <div className="flex flex-wrap items-center gap-3">
        <button
          type="button"
          className="button"
          data-part="paper-open"
          disabled={network === null || opening}
          onClick={() => network && onOpen(network, id, reference)}
        >
          {opening ? 'Opening' : 'Open'}
        </button>
        <p role="status" className="text-hint text-muted" data-part="paper-opened">
          {opened && foundText(opened)}
        </p>
      </div>
    </div>
  )
}
