/** Shows the room that the address names, and goes to another when the address does. A room that was left stays as it was, unseen. */
import {
  type ComponentType,
  createElement,
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { carriedView, linkParts, stickyView } from '../../settings'
import { hasNewVersion } from '../../storage/site'
import { isFramed } from '../app/address'
import { watchVersion } from '../app/new-version'
import { Later } from '../kit/Later'
import { usePageView } from '../view/Part'
import { followAddress } from '../view/follow'
import { PLAY, type RoomProps, type Rooms as Registry, visitOf } from './rooms'
import { ShownContext } from './shown'

/** The part of the address after `#`. `leaving` is called before anything is drawn for another one. */
function useHash(leaving: () => void): string {
  return useSyncExternalStore(
    useCallback(
      (changed) => {
        const heard = () => {
          leaving()
          void followAddress(window.location.hash)
          changed()
        }
        window.addEventListener('popstate', heard)
        return () => window.removeEventListener('popstate', heard)
      },
      [leaving],
    ),
    () => window.location.hash,
  )
}

/** Where a person was in a room: how far down, and at which control. */
interface Place {
  readonly top: number
  readonly focus: Element | null
}

/** Keeps the place of each room that is left; one that is new begins at its top, with its heading in focus. */
function usePlaces() {
  const [places] = useState(() => new Map<string, Place>())
  const shown = useRef<string | null>(null)
  const leaving = useCallback(() => {
    if (shown.current !== null) places.set(shown.current, { top: window.scrollY, focus: document.activeElement })
  }, [places])
  const arrive = useCallback(
    (room: string) => {
      const before = shown.current
      shown.current = room
      if (before === null || before === room) return
      const place = places.get(room)
      window.scrollTo(0, place?.top ?? 0)
      const { focus } = place ?? {}
      // A link of a plot is an SVG element.
      if (focus instanceof HTMLElement || focus instanceof SVGElement) focus.focus({ preventScroll: true })
    },
    [places],
  )
  return { leaving, arrive }
}

const loadBeside = () => import('./Beside')

interface VisitedProps extends Omit<RoomProps, 'owns'> {
  readonly name: string
  readonly view: ComponentType<RoomProps>
  readonly shown: boolean
  readonly rooms: Registry
}

function Visited({ name, view, shown, rooms, ...props }: VisitedProps) {
  const owns = useCallback((other: string) => visitOf(other, rooms).room === name, [rooms, name])
  return (
    <div hidden={!shown} data-room={name}>
      <ShownContext value={shown}>
        <Suspense
          fallback={
            <p data-coming className="late p-6 text-muted">
              Loading.
            </p>
          }
        >
          {createElement(view, { owns, ...props })}
        </Suspense>
      </ShownContext>
    </div>
  )
}

const NOTHING: readonly string[] = []

export interface RoomsProps {
  readonly rooms: Registry
}

/**
 * A link to another room keeps how the page is shown. In a frame it would add to the history of the page around it: it replaces
 * the address, as all else does there.
 */
function useLinks() {
  useEffect(() => {
    const framed = isFramed(window)
    const heard = (event: MouseEvent) => {
      const { target, button, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented } = event
      if (defaultPrevented || button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return
      const link = target instanceof Element ? target.closest('a[href^="#"]:not([target])') : null
      const href = link?.getAttribute('href')
      if (!href || !(framed || stickyView(window.location.hash) !== '')) return
      event.preventDefault()
      const carried = carriedView(href, window.location.hash)
      if (framed) window.location.replace(carried)
      else window.location.hash = carried
    }
    document.addEventListener('click', heard)
    return () => document.removeEventListener('click', heard)
  }, [])
}

const loadLesson = () => import('../lesson/Lesson')

function useNewVersion(): boolean {
  const [told, setTold] = useState(false)
  useEffect(() => watchVersion(window, hasNewVersion, () => setTold(true)), [])
  return told
}

export function Rooms({ rooms }: RoomsProps) {
  useLinks()
  const newVersion = useNewVersion()
  const { leaving, arrive } = usePlaces()
  const hash = useHash(leaving)
  const hasLesson = useMemo(() => 'lesson' in linkParts(hash), [hash])
  const problems = usePageView((view) => view.problems)
  const { room, notes } = useMemo(() => {
    const visit = visitOf(hash, rooms)
    return { ...visit, notes: [...visit.notes, ...problems] }
  }, [hash, rooms, problems])
  const [views] = useState(() => new Map(Object.entries(rooms).map(([name, load]) => [name, lazy(load)])))
  const [visited, setVisited] = useState<readonly string[]>([room])
  if (!visited.includes(room)) setVisited([...visited, room])
  useLayoutEffect(() => arrive(room), [arrive, room])
  return (
    <>
      {hasLesson && <Later load={loadLesson} props={{ hash, room }} />}
      {room !== PLAY && <Later key={room} load={loadBeside} props={{ room, newVersion }} />}
      {visited.map((name) => {
        const view = views.get(name)
        if (!view) throw new Error('the page was built without its playground')
        const shown = name === room
        return (
          <Visited key={name} {...{ name, view, shown, hash, rooms, newVersion }} notes={shown ? notes : NOTHING} />
        )
      })}
    </>
  )
}
