/** The companion of a room: the lesson that the address names, fetched and read, and the page brought to its step. */
import 'katex/dist/katex.min.css'
import { useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { readView } from '../../settings/view'
import { Close } from '../kit/Close'
import { go, leftAddress, namesSettings, stepAddress } from './address'
import { Mistakes } from './Mistakes'
import { ToLessons } from './ToLessons'
import { Panel } from './Panel'
import { RoomContext } from './room'
import { load, type Loaded } from './source'

export interface LessonProps {
  /** The address in force, which names the lesson. */
  readonly hash: string
  /** The room that is seen. */
  readonly room: string
}

function useLoaded(name: string): Loaded | null {
  const [loaded, setLoaded] = useState<{ readonly name: string; readonly result: Loaded } | null>(null)
  useEffect(() => {
    let wanted = true
    void load(name).then((result) => wanted && setLoaded({ name, result }))
    return () => void (wanted = false)
  }, [name])
  return loaded?.name === name ? loaded.result : null
}

/** While it is there, the page leaves it its place. */
function usePlaceOnPage() {
  useLayoutEffect(() => {
    document.documentElement.dataset.lesson = ''
    return () => void delete document.documentElement.dataset.lesson
  }, [])
}

function Frame({ children }: { readonly children: React.ReactNode }) {
  return (
    <aside data-part="lesson" aria-label="Lesson" className="lesson-panel">
      <div className="flex items-center justify-between gap-2 border-b border-line px-4 py-2 lg:h-12">
        <p className="text-label font-medium">Lesson</p>
        <Close part="lesson-close" what="the lesson" onClick={() => go(leftAddress(window.location.hash))} />
      </div>
      <div className="overflow-y-auto px-4 py-3">{children}</div>
    </aside>
  )
}

export default function Lesson({ hash, room }: LessonProps) {
  const { lesson: named, page } = useMemo(() => readView(hash).view, [hash])
  const name = named ?? ''
  usePlaceOnPage()
  const loaded = useLoaded(name)
  const lesson = loaded?.kind === 'lesson' ? loaded.lesson : null
  // An address that says only which lesson opens it where the step is; one with settings of its own has come from there.
  const elsewhere = (at: string) => !namesSettings(at) && Boolean(lesson?.steps[page]?.place.preset)
  useEffect(() => {
    if (lesson && elsewhere(window.location.hash)) go(stepAddress(lesson, name, page, window.location.hash), 'replace')
  })
  // The pictures of elsewhere must not be taken for what the step asks for.
  if (loaded === null || elsewhere(hash)) {
    return (
      <Frame>
        <p className="late text-muted">Fetching the lesson…</p>
      </Frame>
    )
  }
  if (loaded.kind === 'failed') {
    return (
      <Frame>
        <Mistakes {...loaded} />
        <p className="mt-3">
          <ToLessons>All lessons</ToLessons>
        </p>
      </Frame>
    )
  }
  return (
    <RoomContext value={room}>
      <Panel key={name} lesson={loaded.lesson} {...{ name, page }} />
    </RoomContext>
  )
}
