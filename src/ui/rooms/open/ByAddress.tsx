/** Takes a network by an address that is typed here; how large it is is said before anything is downloaded. */
import { useEffect, useId, useState, useSyncExternalStore } from 'react'
import { Progress } from '../../kit/Progress'
import type { Fetching, FetchState, Offer } from './fetching'
import { missingOf, type OpenState } from './state'
import { useGpuLimits } from './gpu'
import { costText, downloadText, heavyText, sizeText } from './words'

/** Numbers of four bytes, as most files have them. */
const parametersIn = (bytes: number) => bytes / 4

/** What is offered, in a sentence or two. */
function offerText({ files, bytes, of }: Offer): string {
  const names = files.map(({ path }) => path).join(', ')
  if (bytes === null) return `The server does not say how large ${names} is.`
  const size = `${names} ${files.length === 1 ? 'has' : 'have'} ${sizeText(bytes)}.`
  if (of === 'weights') return size
  return `${size} ${heavyText(parametersIn(bytes)) ?? costText(parametersIn(bytes))}`
}

function Offered({ fetching, offer }: { readonly fetching: Fetching; readonly offer: Offer }) {
  const buffer = downloadText(offer.bytes ?? 0, useGpuLimits())
  return (
    <div className="mt-2 flex max-w-[46rem] flex-wrap items-center gap-x-3 gap-y-2 text-label">
      <p data-part="address-offer" role="status">
        {offerText(offer)} {buffer}
      </p>
      <button type="button" className="button" data-part="address-download" onClick={fetching.get}>
        {offer.bytes === null ? 'Download it' : `Download ${sizeText(offer.bytes)}`}
      </button>
    </div>
  )
}

function Getting({ fetching, state }: { readonly fetching: Fetching; readonly state: FetchState }) {
  const { asking, getting } = state
  const working = getting.kind === 'working' ? getting : null
  const failed = getting.kind === 'failed' ? getting : asking.kind === 'failed' ? asking : null
  return (
    <>
      {asking.kind === 'done' && !working && <Offered fetching={fetching} offer={asking.value} />}
      {(working || asking.kind === 'working') && (
        <div className="mt-2 flex max-w-md items-end gap-3 text-label text-muted">
          <div className="min-w-0 flex-1">
            {working && working.what !== '' ? (
              <>
                <span translate="no">{working.what}</span>{' '}
                <span className="num">
                  {sizeText(working.done)} of {sizeText(working.total)}
                </span>
                <Progress label="Downloading" done={working.done} total={working.total} />
              </>
            ) : (
              'Asking the server…'
            )}
          </div>
          <button type="button" className="button" data-part="address-stop" onClick={fetching.stop}>
            Stop
          </button>
        </div>
      )}
      {failed && (
        <p role="alert" data-part="address-failed" className="mt-2 max-w-[46rem] text-label text-alert">
          {failed.why}
        </p>
      )}
    </>
  )
}

export function ByAddress({ fetching, state }: { readonly fetching: Fetching; readonly state: OpenState }) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const own = useSyncExternalStore(fetching.store.subscribe, fetching.store.getState)
  const missing = missingOf(state)
  // A graph that came from there has its weights there.
  useEffect(() => {
    if (state.graph !== null) fetching.weights(state.graph, missing)
  }, [fetching, state.graph, missing])
  return (
    <>
      <form
        className="mt-2 flex flex-wrap items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          fetching.ask(typed)
        }}
      >
        <label htmlFor={id} className="text-label text-muted max-sm:basis-full">
          or by its address
        </label>
        <input
          id={id}
          data-part="model-address"
          className="field min-w-0 flex-1 sm:max-w-md"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          translate="no"
          placeholder="https://…/model.onnx"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="button" data-part="address-ask" disabled={typed.trim() === ''}>
          Look
        </button>
      </form>
      <Getting fetching={fetching} state={own} />
    </>
  )
}
