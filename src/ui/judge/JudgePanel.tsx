/** The judge: what a classifier sees in the pictures, and how good many images of these settings are. Loaded when it is asked. */
import { useEffect, useId, useRef } from 'react'
import { usePage, useSession } from '../app/store'
import { Close } from '../kit/Close'
import { Later } from '../kit/Later'
import { megabytes } from '../../core/format'

const loadBody = () => import('./JudgeBody')

export function JudgePanel() {
  const session = useSession()
  const titleId = useId()
  const kind = usePage((state) => state.judge.state.kind)
  const closed = kind === 'closed'
  const bytes = session.judgeBytes
  const section = useRef<HTMLElement>(null)
  const evaluates = usePage((state) => state.judge.evaluation !== null)
  // It opens at the foot of the page, and grows there; a lesson may have asked it, too.
  const asked = useRef(false)
  useEffect(() => {
    if (kind === 'open' && asked.current) section.current?.scrollIntoView({ block: 'nearest' })
  }, [kind, evaluates])
  return (
    <section
      ref={section}
      data-part="judge"
      aria-labelledby={titleId}
      className={`mt-5 border-t border-line pt-3 ${closed ? 'print:hidden' : ''}`}
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <p className="min-w-0 flex-[1_1_16rem] text-label text-muted">
          <span id={titleId} role="heading" aria-level={2} className="pr-2 font-medium text-ink">
            Judge
          </span>
          {closed &&
            (bytes === null
              ? 'This family of models has no judge.'
              : 'A small classifier says which style it sees, and how good many images are.')}
        </p>
        {closed ? (
          bytes !== null && (
            <button
              type="button"
              data-part="judge-open"
              className="button num h-7"
              onClick={() => {
                asked.current = true
                void session.judge.open()
              }}
            >
              Ask the judge · {megabytes(bytes)} MB
            </button>
          )
        ) : (
          <Close part="judge-close" what="the judge" onClick={session.judge.close} />
        )}
      </div>
      {!closed && <Later load={loadBody} props={{}} />}
    </section>
  )
}
