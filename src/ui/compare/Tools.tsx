/** What is done with the pictures, under them: compare two, see nine at a glance, look at pixels. */
import { type ReactNode, useEffect, useRef } from 'react'
import { usePage, useSession, useShown, useShownSettings, useWanted } from '../app/store'
import { Part } from '../view/Part'
import { isWhole } from '../run/run'
import { about, millisecondsOfNine, MANY, toggled } from './nine'

const TOOL =
  'inline-flex h-6.5 items-center gap-1.5 rounded-[4px] border border-line px-2 text-label whitespace-nowrap hover:border-edge aria-pressed:border-ink aria-pressed:bg-sunken beside:h-auto beside:py-0.5 beside:text-left beside:whitespace-normal'

const QUIET = 'text-label text-muted link max-sm:text-hint'

function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg viewBox="0 0 12 12" className="size-3 shrink-0" fill="none" stroke="currentColor" aria-hidden>
      {children}
    </svg>
  )
}

function CompareTool() {
  const session = useSession()
  const open = usePage((state) => state.compare.open)
  const button = useRef<HTMLButtonElement>(null)
  const before = useRef(open)
  // Whatever had the focus in the comparison is gone once it is closed.
  useEffect(() => {
    if (before.current && !open) button.current?.focus({ preventScroll: true })
    before.current = open
  }, [open])
  return (
    <button
      ref={button}
      type="button"
      data-part="compare-open"
      aria-pressed={open}
      className={TOOL}
      onClick={() => session.set({ compare: { open: !open } })}
    >
      <Icon>
        <rect x="0.5" y="1.5" width="11" height="9" rx="1" />
        <path d="M6 0v12" />
        <path d="M6.5 2h4.5v8H6.5z" fill="currentColor" stroke="none" />
      </Icon>
      Compare
    </button>
  )
}

/** Of several samples, the one that fills the panel, and the way back to all of them. */
function Large({ onClose }: { readonly onClose: () => void }) {
  const focus = usePage((state) => state.stage.focus)
  const samples = useShownSettings((settings) => settings.samples)
  const button = useRef<HTMLButtonElement>(null)
  // The sample that was chosen by keyboard had the focus, and is gone.
  useEffect(() => {
    if (document.activeElement === document.body) button.current?.focus({ preventScroll: true })
  }, [])
  return (
    <button ref={button} type="button" data-part="samples-all" className={TOOL} onClick={onClose}>
      <span aria-hidden>×</span>
      <span>
        <span className="sr-only">Show all samples, not only </span>
        <span className="num">
          <span className="max-sm:hidden">sample</span> {focus + 1} of {samples}
        </span>
      </span>
    </button>
  )
}

/** Reads both: the pace of the last run tells how long nine of the wanted samples will take. */
function Nine() {
  const session = useSession()
  const samples = useWanted((settings) => settings.samples)
  const settings = useWanted((own) => own)
  const settled = useShown((_, { run }) => run.settled)
  const large = useShown((run, { stage }) => stage.large && (run?.settings.samples ?? 1) > 1)
  const button = useRef<HTMLButtonElement>(null)
  const pressed = samples === MANY
  const wait = pressed ? null : millisecondsOfNine(settled, settings)
  const toggle = () => {
    const next = toggled(samples, session.store.getState().compare.samplesBefore)
    session.set({ compare: { samplesBefore: next.before }, stage: { large: false } })
    session.change({ samples: next.samples })
  }
  return (
    <>
      <button ref={button} type="button" data-part="nine" aria-pressed={pressed} className={TOOL} onClick={toggle}>
        <Icon>
          {[1, 5, 9].flatMap((y) =>
            [1, 5, 9].map((x) => (
              <rect key={`${x} ${y}`} x={x} y={y} width="2" height="2" fill="currentColor" stroke="none" />
            )),
          )}
        </Icon>
        <span>
          <span className="whitespace-nowrap">Nine samples</span>
          {wait !== null && (
            <>
              {' '}
              <span className="num whitespace-nowrap text-muted" data-part="nine-wait">
                {about(wait)}
              </span>
            </>
          )}
        </span>
      </button>
      {large && (
        <Large
          onClose={() => {
            button.current?.focus({ preventScroll: true })
            session.set({ stage: { large: false } })
          }}
        />
      )}
    </>
  )
}

/** Keeps the run on the stage beside those to come, or no longer. */
function Pin() {
  const session = useSession()
  const run = useShown((own) => own)
  const held = usePage((state) => run !== null && run === state.compare.pinned)
  const pin = async () => {
    if (held) session.set({ compare: { pinned: null } })
    else if (run && isWhole(run)) session.set({ compare: { pinned: (await run.whole?.()) ?? run } })
  }
  return (
    <button type="button" data-part="pin" className={QUIET} onClick={() => void pin()}>
      {held ? 'Unpin' : 'Pin'}
      <span className="sr-only"> this run, to compare others with it</span>
    </button>
  )
}

/** Whether pictures that are drawn larger than they are show their pixels. */
function Edges() {
  const session = useSession()
  const smooth = usePage((state) => state.stage.smooth)
  return (
    <button
      type="button"
      data-part="edges"
      className={QUIET}
      onClick={() => session.set({ stage: { smooth: !smooth } })}
    >
      <span className="sr-only">Show pictures</span> <span>{smooth ? 'Pixels' : 'Smooth'}</span>
    </button>
  )
}

/** `children`: what stands among them. */
export function Tools({ children }: { readonly children: ReactNode }) {
  return (
    <div
      className="stage-tools mt-2 flex flex-wrap items-center gap-x-2 gap-y-1.5 beside:mt-0 beside:flex-col beside:items-start"
      data-part="tools"
    >
      <Part name="compare">
        <CompareTool />
        <Nine />
      </Part>
      {children}
      <Part name="compare">
        <span className="ml-auto flex gap-3 beside:ml-0">
          <Pin />
          <Edges />
        </span>
      </Part>
    </div>
  )
}
