/** Lessons: those that come with the page, and those that a person brings as a file or an address. */
import { withoutRoom } from '../../../settings'
import 'katex/dist/katex.min.css'
import type { Level, ListedLesson } from '../../../lesson'
import { answeredSteps } from '../../lesson/progress'
import { Line } from '../../lesson/Markdown'
import { leftAddress } from '../../lesson/address'
import { useListing } from '../../lesson/listing'
import { ForTeachers } from '../../teaching/ForTeachers'
import { useRoomDocument } from '../document'
import { RoomBar } from '../RoomBar'
import { type RoomProps } from '../rooms'
import { useRoomSeen } from '../shown'
import { Bring } from './Bring'

const TITLE = 'Lessons'

const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  first: 'nothing needed before',
  further: 'after the first ones',
  research: 'for those who read papers',
}

/** How much of a lesson was done here. */
function doneText({ id, asked }: ListedLesson): string {
  const done = answeredSteps(id)
  if (done === 0) return ''
  return done >= asked ? '✓ done' : `${done} of ${asked} answered`
}

function Row({ lesson }: { readonly lesson: ListedLesson }) {
  const { name, title, minutes, level, section } = lesson
  return (
    <li className="border-t border-line first:border-t-0">
      <a
        href={`#lesson=${name}`}
        data-part="lesson-link"
        className="group flex items-baseline gap-3 py-2.5 focus-visible:outline-offset-0"
      >
        <span translate="no" className="num w-5 shrink-0 text-right text-label text-muted">
          {section ?? ''}
        </span>
        <span className="min-w-0 flex-1">
          <span className="font-medium group-hover:underline">
            <Line>{title}</Line>
          </span>
          <span className="block text-hint text-muted">{LEVEL_WORDS[level]}</span>
        </span>
        <span className="num shrink-0 text-right text-label text-muted">
          {minutes} min
          <span className="block text-hint text-positive">{doneText(lesson)}</span>
        </span>
      </a>
    </li>
  )
}

function List() {
  const { listing, again } = useListing()
  if (listing.kind === 'loading') return <p className="late text-label text-muted">Fetching the lessons…</p>
  if (listing.kind === 'failed') {
    return (
      <p role="alert" className="text-label">
        The list of lessons could not be fetched.{' '}
        <button type="button" className="link" onClick={again}>
          Try again
        </button>
      </p>
    )
  }
  return (
    <ol data-part="lessons" className="border-y border-line">
      {listing.lessons.map((lesson) => (
        <Row key={lesson.name} lesson={lesson} />
      ))}
    </ol>
  )
}

export default function LearnRoom({ hash, notes }: RoomProps) {
  const heading = useRoomDocument(TITLE)
  const seen = useRoomSeen()
  return (
    <>
      <RoomBar back={leftAddress(withoutRoom(hash))} />
      <main className="mx-auto max-w-[44rem] px-3 pt-5 pb-12 sm:px-6">
        <h1 ref={heading} tabIndex={-1} className="text-lead font-semibold outline-none">
          {TITLE}
        </h1>
        {notes.map((note) => (
          <p key={note} className="mt-2 text-label">
            {note}
          </p>
        ))}
        <p className="mt-1.5 max-w-[36rem] text-muted">
          A lesson stands beside the pictures and asks before it tells: predict, then look; find settings for which
          something holds; say why. What you find is checked by the network itself, in your browser. Your answers stay
          there, too.
        </p>
        {/* What was answered meanwhile is read anew when one comes back. */}
        <div className="mt-4" key={String(seen)}>
          <List />
        </div>
        <Bring />
        <ForTeachers />
      </main>
    </>
  )
}
