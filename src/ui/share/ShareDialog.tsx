/** The dialog *Share*: ways to hand on what is set here, each with what comes of it. */
import { type PointerEvent, useEffect, useId, useRef, useState } from 'react'
import { readView } from '../../settings/view'
import { caption } from '../../settings/words'
import { usePage, useSession, useWanted } from '../app/store'
import { Close } from '../kit/Close'
import { Flag } from '../kit/Flag'
import { Hint } from '../kit/Hint'
import { Segments } from '../kit/Segments'
import { viewNow, viewWords } from './view-now'
import type { Shared } from './way'
import { ways } from './ways'

/** What is shared, with or without how the page is shown, and what the view would add in words. */
function useShared(withView: boolean) {
  const session = useSession()
  const settings = useWanted((own) => own)
  const model = usePage((state) => state.model)
  const [address] = useState(() => readView(window.location.hash).view)
  const now = viewNow(
    {
      playhead: usePage((state) => state.playhead),
      equation: usePage((state) => state.equation),
      network: usePage((state) => state.network),
      shell: usePage((state) => state.shell),
    },
    settings.steps,
    address,
  )
  const [page = '', hash = ''] = session.link().split('#')
  const shared: Shared = { page, hash, view: withView ? now : {}, words: caption(settings, model) }
  return { shared, offers: viewWords(now, settings.steps, model) }
}

interface WithViewProps {
  readonly offers: readonly string[]
  readonly value: boolean
  readonly onChange: (value: boolean) => void
}

function WithView({ offers, value, onChange }: WithViewProps) {
  if (offers.length === 0)
    return (
      <Hint className="mt-3">
        It opens at the finished pictures. Go to a step, open a plot or a layer, and it can open there as well.
      </Hint>
    )
  const help = `With ${offers.join(', ')}.`
  return (
    <div className="mt-3 max-w-md">
      <Flag part="with-view" label="It opens as it is seen now" help={help} value={value} onChange={onChange} />
    </div>
  )
}

/** A press beside it is one on what lies behind. Its scrollbar and that are both the dialog itself. */
function isBeside({ target, currentTarget, clientX: x, clientY: y }: PointerEvent<HTMLDialogElement>): boolean {
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect()
  return target === currentTarget && (x < left || x > right || y < top || y > bottom)
}

export default function ShareDialog({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const [id, setId] = useState('link')
  const [withView, setWithView] = useState(false)
  const { shared, offers } = useShared(withView)
  const way = ways.find((one) => one.id === id) ?? ways[0]!
  useEffect(() => {
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLElement>('[data-part="copy-link"]')?.focus()
  }, [])
  return (
    <dialog
      ref={dialog}
      data-part="share-dialog"
      aria-labelledby={title}
      className="popup mx-auto mt-3 w-[min(56rem,100vw-1.5rem)] max-w-none overflow-y-auto overscroll-contain p-0 backdrop:bg-black/30 max-sm:max-h-[calc(100dvh-1.5rem)] sm:mt-14 sm:max-h-[calc(100dvh-7rem)]"
      onClose={onClose}
      onPointerDown={(event) => isBeside(event) && event.currentTarget.close()}
    >
      <div className="p-4 sm:p-5">
        <div className="mb-3 flex items-baseline justify-between gap-3">
          <h2 id={title} className="text-lead font-medium">
            Share
          </h2>
          <Close part="close-share" what="the dialog" onClick={() => dialog.current?.close()} />
        </div>
        <Segments
          part="share-ways"
          label="As"
          value={way.id}
          options={ways.map(({ id: value, label }) => ({ value, label }))}
          onChange={setId}
        />
        {way.takesView && <WithView {...{ offers, value: withView, onChange: setWithView }} />}
        <div className="mt-4" key={way.id}>
          <way.Page shared={shared} />
        </div>
      </div>
    </dialog>
  )
}
