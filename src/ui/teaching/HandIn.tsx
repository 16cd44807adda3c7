/** Handing in: the answers as a code for a chat or mail, or as a small file. Nothing is sent from here, and no name is asked for. */
import { useMemo, useState } from 'react'
import { sheetCode, sheetFile, type Answers, type Lesson } from '../../lesson'
import { copied, download } from './leaving'
import { sheetOf } from './sheet'

const SITE_NAME = /^[a-z0-9][\w-]*$/i

interface HandInProps {
  readonly lesson: Lesson
  readonly answers: Answers
  /** The lesson as the address names it. */
  readonly name: string
}

/** To be seen, and marked by hand where copying is not allowed. */
function Code({ code }: { readonly code: string }) {
  return (
    <textarea
      data-part="hand-in-code"
      readOnly
      rows={2}
      aria-label="Your answers as a code"
      className="field py-1 font-mono text-hint break-all"
      value={code}
      onFocus={(event) => event.target.select()}
    />
  )
}

export function HandIn({ lesson, answers, name }: HandInProps) {
  const [by, setBy] = useState('')
  const [said, setSaid] = useState('')
  const handed = useMemo(
    () => ({
      lesson: answers.lesson,
      name: SITE_NAME.test(name) ? name : null,
      sheet: sheetOf(answers.lesson),
      by: by.trim(),
      steps: answers.steps,
    }),
    [answers, name, by],
  )
  const code = useMemo(() => sheetCode(handed), [handed])
  async function copy() {
    if (code === null) return
    setSaid(
      (await copied(code))
        ? 'Copied. Paste it to your teacher.'
        : 'Copying is not allowed here: mark the code and copy it.',
    )
  }
  function save() {
    void download(
      sheetFile(handed),
      'application/json',
      `answers-${lesson.title.replace(/\W+/g, '-').toLowerCase()}-${handed.sheet}.json`,
    )
    setSaid('Saved. Give the file to your teacher.')
  }
  return (
    <section data-part="hand-in" className="flex flex-col gap-2 border-y border-line py-3 text-label">
      <h3 className="font-medium">Hand in</h3>
      <label className="flex flex-col gap-1">
        <span className="text-muted">Who you are, if your teacher wants to know: a group, a number, or nothing</span>
        <input
          data-part="hand-in-by"
          className="field"
          maxLength={60}
          value={by}
          onChange={(event) => setBy(event.target.value)}
        />
      </label>
      {code !== null && <Code code={code} />}
      <div className="flex flex-wrap gap-2">
        {code !== null && (
          <button type="button" className="button" data-part="hand-in-copy" onClick={() => void copy()}>
            Copy the code
          </button>
        )}
        <button type="button" className="button" data-part="hand-in-save" onClick={save}>
          Save a file
        </button>
      </div>
      <p role="status" className="text-hint text-muted empty:hidden">
        {said}
      </p>
    </section>
  )
}
