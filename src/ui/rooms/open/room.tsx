/** Open a model: an ONNX network of anybody's, described, tried and proved on the reader's machine, and then guided like ours. */
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { openedParts } from '../../../model/opened'
import { withoutRoom } from '../../../settings'
import { browserDrafts } from '../../../storage/fetched'
import { waitFor } from '../../../storage/model-files'
import { openedModels } from '../../../storage/opened-models'
import { browserOpener } from '../../../worker/opener/client'
import { readOpened } from '../../app/opened'
import { useOwned } from '../../kit/use-owned'
import { leftAddress } from '../../lesson/address'
import { useRoomDocument } from '../document'
import { RoomBar } from '../RoomBar'
import type { RoomProps } from '../rooms'
import { arrivals } from './arrivals'
import { Bring, Files } from './Bring'
import { ByAddress } from './ByAddress'
import { Facts } from './Facts'
import { createFetching, type Fetching } from './fetching'
import { FormView } from './FormView'
import { Guarded } from './Guarded'
import { Kept } from './Kept'
import { Opened } from './Opened'
import type { Opening } from './contract'
import { createOpening } from './commands'
import { Pictures } from './Pictures'
import { couldBeBeside } from './second'
import { OfferBeside } from './WorseNetworks'
import { type OpenState, valueOf } from './state'
import { waitingFor } from './use'

const TITLE = 'Open a model'

/** Takes what was brought anywhere on the page. */
function useArrivals(opening: Opening) {
  useEffect(() => {
    const take = () => opening.bring(arrivals.take())
    take()
    return arrivals.subscribe(take)
  }, [opening])
}

/** A link that asks for a model which is not here. */
function Waiting({ model }: { readonly model: string }) {
  const parts = openedParts(model)
  if (!parts) return null
  return (
    <p data-part="waiting" className="note mt-3 max-w-[46rem] text-label">
      This link uses the model file “{parts.name}” (its SHA-256 begins <span translate="no">{parts.hash}</span>), which
      is not in this browser. Drop that file here; once it is opened, the link’s settings follow.
    </p>
  )
}

interface Own {
  readonly opening: Opening
  readonly fetching: Fetching
}

function Room({ opening, fetching, hash, notes }: Own & Pick<RoomProps, 'hash' | 'notes'>) {
  const heading = useRoomDocument(TITLE)
  const state = useSyncExternalStore(opening.store.subscribe, opening.store.getState)
  useArrivals(opening)
  const looked = valueOf(state.looking)
  const waiting = waitingFor(hash, state.kept)
  const beside = useMemo(() => (looked ? couldBeBeside(looked, state.kept) : []), [looked, state.kept])
  return (
    <>
      <RoomBar back={leftAddress(withoutRoom(hash))} />
      <main className="mx-auto max-w-[72rem] px-3 pt-5 pb-12 sm:px-6">
        <h1 ref={heading} tabIndex={-1} className="text-lead font-semibold outline-none">
          {TITLE}
        </h1>
        {notes.map((note) => (
          <p key={note} className="mt-2 text-label">
            {note}
          </p>
        ))}
        <p className="mt-1.5 max-w-[46rem] text-muted">
          A diffusion network as an ONNX file, of any author: its graph, files of weights beside it, and what describes
          it (diffusers’ config.json, scheduler_config.json and model_index.json, or a manifest.json that was saved
          here). Nothing leaves this browser; from an address it comes straight from the server that has it.
        </p>
        {waiting !== null && <Waiting model={waiting} />}
        <Bring opening={opening} />
        <ByAddress fetching={fetching} state={state} />
        <Files opening={opening} state={state} />
        {looked && <Facts looked={looked} />}
        <OfferBeside opening={opening} state={state} beside={beside} />
        {looked && state.form && (
          <div className="mt-6 flex flex-col gap-x-10 gap-y-6 lg:grid lg:grid-cols-[minmax(0,1fr)_20rem]">
            <section aria-labelledby="asked" className="min-w-0">
              <h2 id="asked" className="font-medium">
                {looked.told ? 'How it is asked, by its manifest' : 'How it is asked, as far as its files tell'}
              </h2>
              <FormView looked={looked} form={state.form} onChange={opening.change} />
            </section>
            <div className="max-lg:order-first">
              <div className="lg:sticky lg:top-4">
                <Pictures opening={opening} state={state} />
              </div>
            </div>
          </div>
        )}
        <Opened opening={opening} state={state} hash={hash} />
        <Kept opening={opening} state={state} hash={hash} />
      </main>
    </>
  )
}

/** One whose proof goes on while its model is used. It is there again when the room is entered. */
let living: Own | null = null

const isInUse = ({ opening, proving }: OpenState) =>
  proving.kind === 'working' && Object.keys(valueOf(opening)?.files ?? { none: null }).length === 0

function created(): Own {
  const opening = createOpening({
    opener: browserOpener(),
    models: openedModels(),
    changed: readOpened,
    want: arrivals.want,
  })
  const fetching = createFetching({
    drafts: browserDrafts(),
    fetch: (...asked) => fetch(...asked),
    wait: waitFor,
    own: window.location.href,
    bring: opening.bring,
  })
  return { opening, fetching }
}

function made(): Own & { dispose(): void } {
  const own = living ?? created()
  const { opening, fetching } = own
  living = null
  return {
    ...own,
    dispose: () => {
      if (isInUse(opening.store.getState())) {
        living = own
        return
      }
      // What is kept whole needs no pieces; of what is not, the download goes on from them.
      if (opening.store.getState().keeping.kind === 'done') fetching.done()
      else fetching.stop()
      opening.dispose()
    },
  }
}

export default function OpenRoom({ hash, notes }: RoomProps) {
  const own = useOwned(made)
  const clear = () => {
    own?.fetching.done()
    own?.opening.clear()
  }
  return (
    own && (
      <Guarded onClear={clear}>
        <Room {...{ opening: own.opening, fetching: own.fetching, hash, notes }} />
      </Guarded>
    )
  )
}
