/** What becomes of the draft: seen as students see it, saved, or given away as a link; or what it still lacks. */
import { useMemo, useState } from 'react'
import { draftText, packed, PACKED_CHARACTERS, parseLesson, type Draft, type DraftMistake } from '../../../lesson'
import { go, stepAddress } from '../../lesson/address'
import { keyOf } from '../../lesson/source'
import { copied, download } from '../../teaching/leaving'
import { aboutLesson } from '../../teaching/use-lesson'

interface LeaveProps {
  readonly draft: Draft
  readonly at: number
  readonly mistakes: readonly DraftMistake[]
  readonly onOpen: (at: number) => void
}

const fileName = (title: string) =>
  `${
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'lesson'
  }.md`

function Lacks({ mistakes, onOpen }: Pick<LeaveProps, 'mistakes' | 'onOpen'>) {
  return (
    <div data-part="lacks" className="text-label">
      <p className="font-medium">Before it can be shown:</p>
      <ul className="mt-1 flex flex-col gap-1">
        {mistakes.slice(0, 8).map(({ step, message }, i) => (
          <li key={i}>
            {step !== null && (
              <>
                <button type="button" className="link" onClick={() => onOpen(step)}>
                  Step {step + 1}
                </button>
                {': '}
              </>
            )}
            {message}
          </li>
        ))}
        {mistakes.length > 8 && <li className="text-muted">… and {mistakes.length - 8} more.</li>}
      </ul>
    </div>
  )
}

/** The link with the lesson inside; null where it is too long for one. */
const linkOf = (text: string) => {
  const inside = packed(text)
  return inside === null ? null : `${window.location.origin}${window.location.pathname}#lesson=${inside}`
}

function sizeWords(link: string | null): string {
  if (link === null)
    return `Too long for a link (${PACKED_CHARACTERS.toLocaleString('en-US')} characters): save the file, put it on any web server, and give the address of this page with #lesson= and the address of the file.`
  return `The link has ${link.length.toLocaleString('en-US')} characters and needs nothing else. Whoever opens it has the lesson as it is now.`
}

function Ways({ draft, at }: Pick<LeaveProps, 'draft' | 'at'>) {
  const text = useMemo(() => draftText(draft), [draft])
  const link = useMemo(() => linkOf(text), [text])
  const [said, setSaid] = useState('')
  function preview() {
    const parsed = parseLesson(text)
    if (parsed.ok) go(stepAddress(parsed.lesson, keyOf(text), at, ''))
  }
  async function copy() {
    if (link !== null)
      setSaid((await copied(link)) ? 'Link copied: the lesson is inside it.' : 'Copying is not allowed here.')
  }
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" data-part="preview" onClick={preview}>
          Preview from step {at + 1}
        </button>
        <button
          type="button"
          className="button"
          data-part="copy-lesson"
          disabled={link === null}
          onClick={() => void copy()}
        >
          Copy the link
        </button>
        <button
          type="button"
          className="button"
          data-part="save-lesson"
          onClick={() => void download(text, 'text/markdown', fileName(draft.title))}
        >
          Save the file
        </button>
        <button
          type="button"
          className="button"
          data-part="to-handout"
          onClick={() => go(aboutLesson('handout', keyOf(text)))}
        >
          Handout
        </button>
        <button
          type="button"
          className="button"
          data-part="to-answers"
          onClick={() => go(aboutLesson('answers', keyOf(text)))}
        >
          Open answers
        </button>
      </div>
      <p role="status" data-part="made" className="text-hint text-muted">
        {said || sizeWords(link)}
      </p>
    </>
  )
}

export function Leave(props: LeaveProps) {
  const { draft, mistakes } = props
  if (draft.steps.length === 0) return null
  return (
    <div data-part="leave" className="mt-5 flex flex-col gap-2 border-y border-line py-3">
      {mistakes.length > 0 ? <Lacks {...props} /> : <Ways {...props} />}
    </div>
  )
}
