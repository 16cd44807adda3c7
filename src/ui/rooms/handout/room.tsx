/** The handout of a lesson: a sheet for students and one for the teacher, printed by the browser. */
import 'katex/dist/katex.min.css'
import './handout.css'
import { useState } from 'react'
import { isPacked } from '../../../lesson'
import { openPort } from '../../app/engine-port'
import { Segments } from '../../kit/Segments'
import { Mistakes } from '../../lesson/Mistakes'
import { Page } from '../../teaching/Page'
import { lessonKey, useLesson } from '../../teaching/use-lesson'
import { WhichLesson } from '../../teaching/WhichLesson'
import { useRoomDocument } from '../document'
import type { RoomProps } from '../rooms'
import { Sheet } from './Sheet'

const TITLE = 'Handout'

/** Short enough to be typed from paper. */
const typeable = (key: string) =>
  isPacked(key) || key.startsWith('file:') || key.length > 120
    ? null
    : `${window.location.origin}${window.location.pathname}#lesson=${key}`

export default function HandoutRoom({ hash }: RoomProps) {
  const heading = useRoomDocument(TITLE)
  const [{ models }] = useState(openPort)
  const [answers, setAnswers] = useState(false)
  const key = lessonKey(hash)
  const loaded = useLesson(key)
  return (
    <Page
      title={TITLE}
      heading={heading}
      back={{ href: '#room=learn', label: 'All lessons' }}
      lead="A lesson on paper, to be written on while the page is used; and the same for teachers, with what is right and the settings of each step."
    >
      {loaded?.kind === 'failed' && (
        <div className="mt-4">
          <Mistakes {...loaded} />
        </div>
      )}
      {loaded?.kind !== 'lesson' && (key === null || loaded !== null) && <WhichLesson room="handout" />}
      {loaded?.kind === 'lesson' && key !== null && (
        <>
          <div className="mt-4 flex flex-wrap items-center gap-3 print:hidden">
            <Segments
              part="handout-kind"
              label="For whom"
              value={answers ? 'teacher' : 'student'}
              options={[
                { value: 'student', label: 'For students' },
                { value: 'teacher', label: 'For the teacher' },
              ]}
              onChange={(value) => setAnswers(value === 'teacher')}
            />
            <button type="button" className="button" data-part="print" onClick={() => window.print()}>
              Print
            </button>
          </div>
          <Sheet lesson={loaded.lesson} address={typeable(key)} {...{ answers, models }} />
        </>
      )}
    </Page>
  )
}
