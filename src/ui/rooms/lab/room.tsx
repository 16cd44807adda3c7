/** The lab: settings varied side by side. A row of tabs, and under it the one that is seen. */
import { createElement, lazy, Suspense, useEffect, useRef, useState } from 'react'
import { encodeLink } from '../../../settings'
import { caption } from '../../../settings/words'
import { browserStorage } from '../../../storage/lab'
import { openPort } from '../../app/engine-port'
import { statusDot, statusText } from '../../bar/engine-status'
import { fetchingText } from '../../engine/fetching'
import { Hint } from '../../kit/Hint'
import { useOwned } from '../../kit/use-owned'
import { useRoomDocument } from '../document'
import { RoomBar } from '../RoomBar'
import type { RoomProps } from '../rooms'
import { useRoomSeen } from '../shown'
import { createLab, type Lab } from './lab'
import type { Tab } from './tab'
import { tabs } from './tabs'
import { TabShownContext, useLab } from './use-lab'

const TITLE = 'Lab'

export default function LabRoom({ owns, notes }: RoomProps) {
  const lab = useOwned(() => createLab({ port: openPort(), window, owns, storage: browserStorage(), tabs }))
  return lab && <Inside lab={lab} notes={notes} />
}

interface LabProps {
  readonly lab: Lab
}

/** What computes here, once something does. */
function Engine({ lab }: LabProps) {
  const engine = useLab(lab, (state) => state.engine)
  const fetching = useLab(lab, (state) => state.fetching)
  if (engine.kind === 'loading' && engine.backend === null) return null
  return (
    <p className="num flex min-w-0 items-center gap-1.5 text-label text-muted" data-part="engine">
      <span className={`size-1.5 shrink-0 rounded-full ${statusDot(engine)}`} aria-hidden />
      <span className="truncate">
        {engine.kind === 'ready' && fetching ? fetchingText(fetching) : statusText(engine)}
      </span>
    </p>
  )
}

/** The tabs as links: each has an address of its own, and keeps what was said there before. */
function Tabs({ lab }: LabProps) {
  const { tab: seen } = useLab(lab, (state) => state.subject)
  useLab(lab, (state) => state.said)
  const row = useRef<HTMLElement>(null)
  // On a phone the row is wider than the page.
  useEffect(() => {
    row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [seen])
  return (
    <nav ref={row} aria-label="Tabs of the lab" className="mt-3 flex gap-5 overflow-x-auto border-b border-line">
      {tabs.map(({ id, label, what }) => (
        <a
          key={id}
          data-part={`tab-${id}`}
          href={lab.hash(id)}
          title={what}
          aria-current={id === seen ? 'page' : undefined}
          className="-mb-px border-b-2 border-transparent pb-2 whitespace-nowrap text-muted hover:text-ink aria-[current]:border-ink aria-[current]:font-medium aria-[current]:text-ink"
        >
          {label}
        </a>
      ))}
    </nav>
  )
}

/** What is varied: the settings that came with the address. */
function Subject({ lab }: LabProps) {
  const { model, settings, notes } = useLab(lab, (state) => state.subject)
  return (
    <>
      <p className="num mt-1 text-label text-muted" data-part="lab-subject">
        {model.name} · {caption(settings, model)}.{' '}
        <a className="link" href={`#${encodeLink(settings, model)}`}>
          Change these with the pictures
        </a>
      </p>
      {notes.map((note) => (
        <Hint key={note}>{note}</Hint>
      ))}
    </>
  )
}

function Visited({ tab, lab, shown }: LabProps & { readonly tab: Tab; readonly shown: boolean }) {
  const [view] = useState(() => lazy(tab.load))
  return (
    <div hidden={!shown} data-tab={tab.id} className="pt-4">
      <TabShownContext value={shown}>
        <Suspense fallback={<p className="late text-muted">Loading.</p>}>{createElement(view, { lab })}</Suspense>
      </TabShownContext>
    </div>
  )
}

function Inside({ lab, notes }: LabProps & Pick<RoomProps, 'notes'>) {
  const heading = useRoomDocument(TITLE)
  const shown = useRoomSeen()
  useEffect(() => lab.show(shown), [lab, shown])
  const { tab, model, settings } = useLab(lab, (state) => state.subject)
  const message = useLab(lab, (state) => state.message)
  const [visited, setVisited] = useState<readonly string[]>([tab])
  if (!visited.includes(tab)) setVisited([...visited, tab])
  return (
    <>
      <RoomBar back={`#${encodeLink(settings, model)}`}>
        <Engine lab={lab} />
      </RoomBar>
      <main className="px-3 pt-5 pb-12 sm:px-6">
        <h1 ref={heading} tabIndex={-1} className="text-lead font-semibold outline-none">
          {TITLE}
        </h1>
        {notes.map((note) => (
          <p key={note} className="mt-2 text-label">
            {note}
          </p>
        ))}
        {!tabs.find(({ id }) => id === tab)?.ownSubject && <Subject lab={lab} />}
        <Tabs lab={lab} />
        {tabs
          .filter(({ id }) => visited.includes(id))
          .map((one) => (
            <Visited key={one.id} tab={one} lab={lab} shown={one.id === tab} />
          ))}
      </main>
      <div role="status" className="pointer-events-none fixed inset-x-0 bottom-6 z-40 flex justify-center">
        {message && <span className="rounded-md bg-ink px-3 py-1.5 text-label text-bg">{message}</span>}
      </div>
    </>
  )
}
