/** Takes the files of a network: chosen here, or dropped anywhere on the page. */
import { useRef } from 'react'
import { baseName, type BroughtFile, isGraph, isOfModel } from '../../../worker/opener/files'
import { Choice } from '../../kit/Choice'
import { Progress } from '../../kit/Progress'
import type { Opening } from './contract'
import { Roles } from './Roles'
import type { OpenState } from './state'
import { sizeText } from './words'

const brought = (list: FileList | null): readonly BroughtFile[] =>
  [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }))

interface ChooserProps {
  readonly part: string
  readonly label: string
  readonly folder?: boolean
  readonly disabled?: boolean
  readonly quiet?: boolean
  readonly onFiles: (files: readonly BroughtFile[]) => void
}

/** A button that lets files be chosen. */
export function Chooser({ part, label, folder = false, disabled = false, quiet = false, onFiles }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button
        type="button"
        className={quiet ? 'link' : 'button'}
        data-part={`${part}-button`}
        disabled={disabled}
        onClick={() => input.current?.click()}
      >
        {label}
      </button>
      <input
        ref={(element) => {
          input.current = element
          // React knows no such attribute.
          if (folder) element?.setAttribute('webkitdirectory', '')
        }}
        type="file"
        multiple
        data-part={part}
        aria-label={label}
        className="hidden"
        onChange={(event) => {
          const files = brought(event.target.files)
          event.target.value = ''
          onFiles(files)
        }}
      />
    </>
  )
}

export function Bring({ opening }: { readonly opening: Opening }) {
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      <Chooser part="model-files" label="Choose files…" onFiles={opening.bring} />
      <Chooser part="model-folder" label="Choose a folder…" folder onFiles={opening.bring} />
      <span className="text-label text-muted">or drop them anywhere on this page</span>
    </div>
  )
}

const MOST_SHOWN = 6

/** The graph first, then what belongs to a model by its name. */
const use = (file: BroughtFile) => (isGraph(file) ? 2 : isOfModel(baseName(file.path)) ? 1 : 0)

function Reading({ looking }: Pick<OpenState, 'looking'>) {
  return (
    <>
      {looking.kind === 'working' && (
        <div className="mt-2 max-w-md text-label text-muted">
          Reading {looking.what || 'the files'}…
          <Progress label="Reading the files" done={looking.done} total={looking.total} />
        </div>
      )}
      {looking.kind === 'failed' && (
        <p role="alert" data-part="look-failed" className="mt-2 text-label text-alert">
          {looking.why}
        </p>
      )}
    </>
  )
}

/** The files that came, and how far reading them is. */
export function Files({ opening, state }: { readonly opening: Opening; readonly state: OpenState }) {
  const { files, graph, held, looking } = state
  const graphs = files.filter(isGraph)
  const chosen = files.find(({ path }) => path === graph)
  if (files.length === 0) return null
  return (
    <div className="mt-4 border-t border-line pt-3">
      {graphs.length > 1 && graph !== null ? (
        <div className="max-w-[46rem]">
          <Choice
            part="which-graph"
            label="The network"
            value={graph}
            options={graphs.map(({ path, file }) => ({ value: path, label: `${path} (${sizeText(file.size)})` }))}
            onChange={opening.chooseGraph}
          />
        </div>
      ) : (
        <p data-part="brought" className="text-label">
          {[...files]
            .sort((a, b) => use(b) - use(a))
            .slice(0, MOST_SHOWN)
            .map(({ path, file }) => (
              <span key={path} className="mr-3 inline-block">
                <span translate="no">{path}</span> <span className="num text-muted">{sizeText(file.size)}</span>
              </span>
            ))}
          {files.length > MOST_SHOWN && <span className="text-muted">and {files.length - MOST_SHOWN} more</span>}
        </p>
      )}
      <Roles {...{ opening, state }} />
      {graph === null && (
        <p role="status" data-part="no-graph" className="mt-1.5 text-label">
          None of them is a graph. Drop the network’s .onnx file, too.
        </p>
      )}
      {held && chosen && (
        <div className="mt-2 flex flex-wrap items-center gap-3 text-label">
          <p>
            This graph has {sizeText(chosen.file.size)}: reading it takes some seconds and as much memory again, and
            running it several times that.
          </p>
          <button type="button" className="button" data-part="look-anyway" onClick={opening.lookAnyway}>
            Look into it
          </button>
        </div>
      )}
      <Reading {...{ looking }} />
    </div>
  )
}
