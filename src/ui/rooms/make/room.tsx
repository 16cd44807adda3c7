/** Make a lesson: states of the page become steps, with a text, what is seen of the page, and one thing to do. Kept in this browser. */
import 'katex/dist/katex.min.css'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { messageOf } from '../../../core/failure'
import { draftMistakes, draftOf, NEW_DRAFT, presetsInForce, type Mistake } from '../../../lesson'
import { openPort } from '../../app/engine-port'
import { FileInput } from '../../kit/FileInput'
import { Mistakes } from '../../lesson/Mistakes'
import { read, textOf } from '../../lesson/source'
import { Page } from '../../teaching/Page'
import { useRoomDocument } from '../document'
import type { RoomProps } from '../rooms'
import { Head, TeacherPage } from './Head'
import { Leave } from './Leave'
import { needsOf, presetNow } from '../../teaching/present'
import { StepForm } from './StepForm'
import { Steps } from './Steps'
import { useDraft, type Making } from './use-draft'

const TITLE = 'Make a lesson'

/** Another lesson in the place of this one; what was there can be brought back. */
function Others({ making }: { readonly making: Making }) {
  const file = useRef<HTMLInputElement>(null)
  const [failed, setFailed] = useState<{ message: string; mistakes: readonly Mistake[] } | null>(null)
  const { before, draft, replace } = making
  async function open(chosen: File) {
    try {
      const loaded = read(await textOf(chosen))
      if (loaded.kind === 'lesson') replace(draftOf(loaded.lesson))
      setFailed(loaded.kind === 'failed' ? loaded : null)
    } catch (error) {
      setFailed({ message: messageOf(error), mistakes: [] })
    }
  }
  return (
    <>
      <div className="mt-2 flex flex-wrap gap-2">
        <button type="button" className="button" onClick={() => file.current?.click()}>
          Open a lesson’s file…
        </button>
        <FileInput
          ref={file}
          part="open-lesson"
          accept=".md,text/markdown,text/plain"
          label="Lesson"
          onFile={(chosen) => void open(chosen)}
        />
        {draft.steps.length > 0 && (
          <button type="button" className="button" data-part="begin-anew" onClick={() => replace(NEW_DRAFT)}>
            Begin anew
          </button>
        )}
        {before !== null && (
          <button type="button" className="button" data-part="bring-back" onClick={() => replace(before)}>
            Bring “{before.title || 'the lesson before'}” back
          </button>
        )}
      </div>
      {failed !== null && <Mistakes {...failed} />}
    </>
  )
}

/** For whoever is here for the first time. */
function HowItGoes() {
  return (
    <ol className="flex max-w-[34rem] list-decimal flex-col gap-1.5 pl-5 text-label text-muted">
      <li>
        Add what the page shows as a step. (<em>Change it there</em> leads to the page; there <em>Save and open</em>,
        then <em>Make a lesson</em> leads back, with what you have set.)
      </li>
      <li>Write a title and a text. Say what students do: look, predict, find or explain.</li>
      <li>Tick what they see of the page, and what of it is held.</li>
      <li>
        Add more steps in the same way. Look at them with <em>Preview</em>; the browser’s Back leads here again.
      </li>
      <li>Copy the link and give it to the class, or save the file.</li>
    </ol>
  )
}

export default function MakeRoom({ hash }: RoomProps) {
  const heading = useRoomDocument(TITLE)
  const [{ models }] = useState(openPort)
  const making = useDraft()
  const { draft: typed, at, change, changeStep, open } = making
  const now = useMemo(() => presetNow(hash, models), [hash, models])
  /** The settings in force in each step. */
  const presets = presetsInForce(typed.steps).map((preset) => preset ?? now)
  const needs = presets[0] === undefined ? typed.needs : needsOf(presets[0], models)
  const draft = useMemo(() => ({ ...typed, needs }), [typed, needs])
  // Reading the whole lesson again must not hold up a keystroke.
  const checked = useDeferredValue(draft)
  const mistakes = useMemo(() => draftMistakes(checked), [checked])
  const step = draft.steps[at]
  return (
    <Page
      title={TITLE}
      heading={heading}
      back={{ href: `#${now}`, label: 'Back to the pictures' }}
      lead="Set the page as you want it, come here, and add it as a step: a text, what students see of the page, and one thing to do. It is kept in this browser as you type, and leaves it only as a file or link that you give away."
    >
      <Others making={making} />
      <div className="mt-4">
        <Head draft={draft} onChange={change} />
      </div>
      <Leave draft={checked} {...{ at, mistakes }} onOpen={open} />
      <div className="mt-5 grid gap-x-8 gap-y-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <Steps {...{ making, mistakes, now, models }} />
        <div className="flex min-w-0 flex-col gap-5">
          {draft.steps.length === 0 && <HowItGoes />}
          {step && (
            <StepForm
              key={at}
              {...{ step, at, now, models }}
              inForce={presets[at] ?? now}
              onChange={(next) => changeStep(at, next)}
            />
          )}
          {step && <TeacherPage draft={draft} onChange={change} />}
        </div>
      </div>
    </Page>
  )
}
