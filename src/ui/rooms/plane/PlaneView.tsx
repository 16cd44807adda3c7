/** The room of the plane: points on their way at the left, what is asked and measured at the right, the networks' errors below. */
import { type RefObject, useEffect, useState } from 'react'
import type { Truth } from '../../../plane/measures'
import { Region } from '../../app/Region'
import { encodeLink } from '../../../settings'
import { usePage, useWanted } from '../../app/store'
import { useThemeAttribute } from '../../app/theme'
import { useKeys } from '../../app/use-keys'
import { present } from '../../view/follow'
import { Part, usePageView, usePart } from '../../view/Part'
import { publishFacts } from '../../lesson/facts'
import { Later } from '../../kit/Later'
import { Link } from '../../kit/Link'
import { useRoomDocument } from '../document'
import { roomAddress } from '../rooms'
import { RoomBar } from '../RoomBar'
import { Errors } from './Errors'
import { planeFacts } from './facts'
import { Numbers, Verdict } from './Numbers'
import { Picture } from './Picture'
import { Presented } from './Presented'
import { Scale } from './Scale'
import { type Plane, ROOM } from './plane'
import { Side } from './Side'
import { Layers, Way } from './Way'
import { usePlane } from './use-plane'
import { GuidanceWindow } from './GuidanceWindow'

const TITLE = 'The plane, where everything is known'

export interface PlaneViewProps {
  readonly plane: Plane
  readonly truth: Truth
  readonly notes: readonly string[]
}

function Told({ plane, notes }: Pick<PlaneViewProps, 'plane' | 'notes'>) {
  const failure = usePlane(plane, (state) => state.failure)
  const own = usePage((state) => state.notices)
  const all = [...notes, ...own.problems, ...own.notes]
  return (
    <>
      {all.map((note) => (
        <p key={note} data-part="note" className="note mt-1 text-label text-muted">
          {note}
        </p>
      ))}
      {failure !== null && (
        <p role="alert" data-part="plane-failed" className="mt-2 border-l-2 border-alert pl-2 text-label">
          {failure}
        </p>
      )}
    </>
  )
}

/** Reads both: a lesson is told what was measured of the points that are shown, while the controls below say what is wanted. */
function useFactsTold(plane: Plane) {
  const shown = usePlane(plane, (state) => state.shown)
  const current = usePlane(plane, (state) => state.current)
  useEffect(() => publishFacts(ROOM, () => planeFacts(shown, current)), [shown, current])
}

function Points({ plane }: Pick<PlaneViewProps, 'plane'>) {
  // The frame of an embed is as tall as what is in it, and no measure of its own.
  const embed = usePageView((view) => view.embed)
  return (
    <div
      className={`mx-auto w-full lg:tall:sticky lg:tall:top-3 lg:self-start ${embed ? 'max-w-[40rem]' : 'max-w-[max(20rem,calc(100dvh-20.5rem))]'}`}
    >
      <Region name="The points">
        {/* Above the verdict, whose lines come and go while the scale is dragged, and where a lesson on a phone leaves them in view. */}
        <Part name="scale">
          <Scale />
        </Part>
        <Part name="axis">
          <div className="mt-1 mb-1.5 flex">
            <GuidanceWindow />
          </div>
        </Part>
        <Part name="sentence">
          <Verdict plane={plane} />
        </Part>
        <Part name="pictures">
          <div className="mt-1">
            <Picture plane={plane} />
          </div>
        </Part>
        <Part name="axis">
          <div className="mt-2 mb-2">
            <Way plane={plane} />
          </div>
          <Layers plane={plane} />
        </Part>
      </Region>
    </div>
  )
}

function Beside({ plane, truth }: Pick<PlaneViewProps, 'plane' | 'truth'>) {
  return (
    <aside aria-label="Numbers and settings">
      <Part name="numbers">
        <div className="mb-4 border-b border-line pb-4">
          <Region name="The numbers">
            <Numbers plane={plane} truth={truth} />
          </Region>
        </div>
      </Part>
      <Part name="controls">
        <Region name="The controls">
          <Side />
        </Region>
      </Part>
    </aside>
  )
}

function Message() {
  const message = usePage((state) => state.notices.message)
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-6 z-40 flex justify-center">
      {message && <span className="rounded-md bg-ink px-3 py-1.5 text-label text-bg">{message}</span>}
    </div>
  )
}

/** Sharing is asked for long after the points stand. */
const loadShare = () => import('./PlaneShare')

function ToShare({ plane }: Pick<PlaneViewProps, 'plane'>) {
  const [sharing, setSharing] = useState(false)
  return (
    <>
      <button
        type="button"
        data-part="to-share"
        aria-haspopup="dialog"
        className="button"
        onPointerEnter={() => void loadShare().catch(() => undefined)}
        onClick={() => setSharing(true)}
      >
        Share
      </button>
      {sharing && <Later load={loadShare} props={{ plane, onClose: () => setSharing(false) }} />}
    </>
  )
}

/** To the presentation, for which a phone has no room. */
function ToPresent() {
  return (
    <button type="button" data-part="present" className="button quiet max-lg:hidden" onClick={() => void present(true)}>
      Present
    </button>
  )
}

/** From a page of somebody else to the room with the same settings, in a tab of its own. */
function ToRoom() {
  const model = usePage((state) => state.model)
  const settings = useWanted((own) => own)
  return (
    <p data-part="embed-whole" className="mt-3 text-right text-hint text-muted">
      <Link href={roomAddress(ROOM, encodeLink(settings, model))}>Open in the Guidance Playground</Link>
    </p>
  )
}

type WholeProps = PlaneViewProps & { readonly heading: RefObject<HTMLHeadingElement | null> }

function Whole({ plane, truth, notes, heading }: WholeProps) {
  const embed = usePageView((view) => view.embed)
  // A lesson, or an address that shows only some parts, has words of its own.
  const introduced = usePageView(({ rules }) => rules === null)
  const beside = usePart('numbers controls') !== 'hidden'
  return (
    <>
      {!embed && (
        <Part name="bar">
          <RoomBar back="#room=play">
            <ToShare plane={plane} />
            <ToPresent />
          </RoomBar>
        </Part>
      )}
      <main className={`mx-auto max-w-[82rem] px-3 sm:px-6 ${embed ? 'py-3' : 'pt-4 pb-12'}`}>
        <h1
          ref={heading}
          tabIndex={-1}
          className={embed ? 'sr-only' : `text-lead font-semibold outline-none ${introduced ? '' : 'max-lg:sr-only'}`}
        >
          {TITLE}
        </h1>
        {!embed && introduced && (
          <p className="mt-0.5 mb-4 max-w-[46rem] text-label text-muted">
            Two thousand points instead of a picture. They should come to lie on one of two trees, whose density is
            known exactly; tiny networks were trained to bring them there, and guidance pushes as it does with pictures.
          </p>
        )}
        <Told plane={plane} notes={notes} />
        <div
          className={`grid gap-x-8 gap-y-4 ${embed || introduced ? 'mt-3' : 'lg:mt-3'} ${beside ? 'lg:grid-cols-[minmax(0,1fr)_21.5rem]' : ''}`}
        >
          <Points plane={plane} />
          {beside && <Beside plane={plane} truth={truth} />}
        </div>
        <Part name="errors">
          <Region name="The errors">
            <Errors plane={plane} />
          </Region>
        </Part>
        {embed && <ToRoom />}
      </main>
    </>
  )
}

export function PlaneView({ plane, truth, notes }: PlaneViewProps) {
  const heading = useRoomDocument(TITLE)
  useThemeAttribute()
  useFactsTold(plane)
  useKeys(plane)
  const current = usePlane(plane, (state) => state.current)
  const presenting = usePageView((view) => view.present && !view.embed)
  return (
    <div data-part="plane" data-current={current} className={presenting ? 'flex min-h-dvh flex-col lg:h-dvh' : ''}>
      {presenting ? (
        <Presented plane={plane} truth={truth}>
          <h1 ref={heading} tabIndex={-1} className="sr-only">
            {TITLE}
          </h1>
          <Told plane={plane} notes={notes} />
        </Presented>
      ) : (
        <Whole {...{ plane, truth, notes, heading }} />
      )}
      <Message />
    </div>
  )
}
