/** Open answers: the sheets of a class to one lesson, beside what is true. Nothing leaves this browser. */
import 'katex/dist/katex.min.css'
import { useMemo, useState } from 'react'
import type { Lesson } from '../../../lesson'
import { gather, presetsInForce } from '../../../lesson'
import type { Handed } from '../../../lesson'
import { Flag } from '../../kit/Flag'
import { Line } from '../../lesson/Markdown'
import { Mistakes } from '../../lesson/Mistakes'
import { Page } from '../../teaching/Page'
import { lessonKey, useLesson, useOpenLesson } from '../../teaching/use-lesson'
import { WhichLesson } from '../../teaching/WhichLesson'
import { useRoomDocument } from '../document'
import type { RoomProps } from '../rooms'
import { Adding } from './Adding'
import { SheetTable } from './SheetTable'
import { StepAnswers } from './StepAnswers'
import { useDropped } from './use-dropped'
import { useSheets } from './use-sheets'

const TITLE = 'Open answers'

const many = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`

interface ClassProps {
  readonly lesson: Lesson
  readonly handed: readonly Handed[]
  readonly onForget: () => void
}

/** What there is, and what of it does not fit. */
function Head({
  lesson,
  gathered,
  onForget,
}: {
  readonly lesson: Lesson
  readonly gathered: ReturnType<typeof gather>
  readonly onForget: () => void
}) {
  const { sheets, strangers, otherVersion } = gathered
  return (
    <div className="mt-5 flex flex-wrap items-baseline gap-x-4 gap-y-1">
      <p data-part="class-size" data-sheets={sheets.length} className="text-lead font-semibold">
        <Line>{lesson.title}</Line>: {many(sheets.length, 'sheet')}
      </p>
      <button type="button" className="button quiet print:hidden" data-part="forget-sheets" onClick={onForget}>
        Forget all
      </button>
      {strangers > 0 && (
        <p className="w-full text-label text-alert">{many(strangers, 'sheet')} of another lesson left out.</p>
      )}
      {otherVersion > 0 && (
        <p className="w-full text-label text-muted">
          {many(otherVersion, 'sheet')} answered in another version of this lesson, taken where the questions are the
          same in kind.
        </p>
      )}
    </div>
  )
}

function Class({ lesson, handed, onForget }: ClassProps) {
  const [revealed, setRevealed] = useState(true)
  const [named, setNamed] = useState(false)
  const gathered = useMemo(() => gather(lesson, handed), [lesson, handed])
  const { sheets, steps } = gathered
  const presets = presetsInForce(lesson.steps)
  return (
    <>
      <Head {...{ lesson, gathered, onForget }} />
      {sheets.length > 0 && (
        <>
          <div className="mt-3 mb-5 flex flex-wrap gap-x-8 gap-y-2 print:hidden">
            <Flag part="reveal" label="Show what is true" value={revealed} onChange={setRevealed} />
            <Flag part="named" label="Show who said what" value={named} onChange={setNamed} />
          </div>
          {lesson.steps.map((step, at) => (
            <StepAnswers
              key={at}
              {...{ at, step, revealed, named }}
              summary={steps[at] ?? { kind: 'look' }}
              sheets={sheets.length}
              preset={presets[at] ?? null}
            />
          ))}
          <SheetTable {...{ lesson, sheets }} />
        </>
      )}
    </>
  )
}

export default function AnswersRoom({ hash }: RoomProps) {
  const heading = useRoomDocument(TITLE)
  const { sheets, problems, addText, addFiles, forget } = useSheets()
  const own = lessonKey(hash)
  // Answers to a lesson of this site say which it is.
  const key = own ?? sheets.find(({ name }) => name !== null)?.name ?? null
  const loaded = useLesson(key)
  const lessonFile = useOpenLesson('answers')
  useDropped(addFiles, lessonFile.open)
  return (
    <Page
      title={TITLE}
      heading={heading}
      back={{ href: '#room=learn', label: 'All lessons' }}
      lead="The answers of a class to one lesson, side by side and beside what is true. They are read in this browser, sent nowhere, and forgotten when its window is closed."
    >
      {loaded?.kind === 'failed' && (
        <div className="mt-4">
          <Mistakes {...loaded} />
        </div>
      )}
      {loaded?.kind !== 'lesson' && (key === null || loaded !== null) && <WhichLesson room="answers" />}
      {loaded?.kind === 'lesson' && sheets.length > 0 && (
        <Class lesson={loaded.lesson} handed={sheets} onForget={forget} />
      )}
      {loaded?.kind !== 'lesson' && sheets.length > 0 && (
        <p className="mt-3 text-label" data-part="waiting-sheets">
          {many(sheets.length, 'sheet')} opened. Which lesson do they answer?
        </p>
      )}
      <Adding
        problems={lessonFile.why === null ? problems : [...problems, lessonFile.why]}
        onText={addText}
        onFiles={addFiles}
      />
    </Page>
  )
}
