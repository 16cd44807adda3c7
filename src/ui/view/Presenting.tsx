/** The page before an audience: the pictures fill the screen, and keys do what hands would have to look for. */
import { useEffect, useRef, useState } from 'react'
import { usePage, useSession } from '../app/store'
import { statusText } from '../bar/engine-status'
import { Close } from '../kit/Close'
import { popups } from '../kit/popups'
import { useRoomSeen } from '../rooms/shown'
import { present } from './follow'
import { Heading } from './Heading'
import { PAGE_KEYS, PRESENT_KEYS, PRESENTED, presentKey, type Presented } from './present-keys'
import { AxisPanel, ControlsPanel, EquationPanel, NoticesPanel, PicturesPanel, ScalePanel } from '../app/panels'

const OWN_KEYS = 'input:not([type="range"]), textarea, select, dialog, [role="listbox"], [role="menu"]'

/** What is covered and opened, and the keys that do it. */
function usePresented() {
  const session = useSession()
  const seen = useRoomSeen()
  const [now, setNow] = useState(PRESENTED)
  useEffect(() => {
    if (!seen) return undefined
    const set = (change: Partial<Presented>) => setNow((before) => ({ ...before, ...change }))
    const heard = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof Element && event.target.closest(OWN_KEYS)) return
      const key = presentKey(event.key)
      if (!key) return
      event.preventDefault()
      key.act({ session, now, set, leave: () => void present(false) })
    }
    window.addEventListener('keydown', heard)
    return () => window.removeEventListener('keydown', heard)
  }, [session, seen, now])
  return { now, set: (change: Partial<Presented>) => setNow((before) => ({ ...before, ...change })) }
}

/** The keys, over everything; Escape or a key closes it. */
function Help({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      data-part="present-help"
      aria-label="Keys"
      className="popup m-auto max-w-[min(44rem,90vw)] p-5 backdrop:bg-black/40"
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key === '?') dialog.current?.close()
      }}
    >
      <div className="mb-3 flex items-center justify-between gap-4">
        <h2 className="font-medium">Keys</h2>
        <Close part="present-help-close" what="the keys" onClick={() => dialog.current?.close()} />
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
        {[...PRESENT_KEYS, ...PAGE_KEYS].map(({ label, does }) => (
          <div key={label} className="contents">
            <dt className="font-medium whitespace-nowrap">{label}</dt>
            <dd className="text-muted">{does}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}

interface HeadProps {
  readonly onHelp: () => void
}

function Head({ onHelp }: HeadProps) {
  const engine = usePage((state) => state.engine.status)
  return (
    <header className="relative flex flex-wrap items-start gap-x-6 gap-y-1 px-3 pt-3 pb-1 sm:px-6">
      <div className="max-w-full">
        <Heading />
        {engine.kind !== 'ready' && <p className="num text-hint text-muted">{statusText(engine)}</p>}
      </div>
      <div className="max-sm:order-last max-sm:w-full sm:flex-[1_1_14rem] sm:max-w-88">
        <ScalePanel />
      </div>
      <div className="ml-auto flex gap-1">
        <button type="button" className="button quiet" data-part="present-keys" aria-label="Keys" onClick={onHelp}>
          ?
        </button>
        <button type="button" className="button quiet" data-part="present-leave" onClick={() => void present(false)}>
          Leave
        </button>
      </div>
      <div ref={popups} className="absolute top-0 left-0" />
    </header>
  )
}

function Shown({ equation }: { readonly equation: boolean }) {
  if (equation) {
    return (
      <div className="present-equation">
        <EquationPanel />
      </div>
    )
  }
  return (
    <div className="present-pictures">
      <PicturesPanel />
    </div>
  )
}

export default function Presenting() {
  const { now, set } = usePresented()
  return (
    <div data-part="presenting" data-covered={now.covered} className="paper flex min-h-dvh flex-col lg:h-dvh">
      <Head onHelp={() => set({ help: true })} />
      <div className="flex min-h-0 lg:flex-1">
        <main className="relative min-w-0 flex-1 overflow-y-auto px-3 pb-3 sm:px-6">
          <Shown equation={now.equation} />
          <NoticesPanel />
        </main>
        {now.controls && <ControlsPanel className="relative w-80 overflow-y-auto border-l border-line px-5" />}
      </div>
      <AxisPanel />
      {now.help && <Help onClose={() => set({ help: false })} />}
    </div>
  )
}
