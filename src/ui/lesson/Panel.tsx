/** The lesson beside the room: one step at a time; on a phone a sheet over the foot, which can be folded. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { noAnswers, type Answer, type Lesson } from '../../lesson'
import { Close } from '../kit/Close'
import { setOverlay } from '../view/effective'
import { go, leftAddress, stepAddress } from './address'
import { End } from './End'
import { heldPage } from './held-page'
import { Line } from './Markdown'
import { storeAnswers, storedAnswers } from './progress'
import { Step } from './Step'

interface PanelProps {
  readonly lesson: Lesson
  /** As the address names it. */
  readonly name: string
  readonly page: number
}

/** The answers, kept as they come. */
function useAnswers(lesson: Lesson) {
  const [answers, setAnswers] = useState(() => storedAnswers(lesson))
  const [forgotten, setForgotten] = useState<typeof answers | null>(null)
  const keep = (next: typeof answers) => {
    setAnswers(next)
    storeAnswers(next)
  }
  return {
    answers,
    forget: () => {
      setForgotten(answers)
      keep(noAnswers(lesson))
    },
    /** Null where nothing was forgotten, or something was answered since. */
    remember: forgotten !== null && answers.steps.every((each) => each === null) ? () => keep(forgotten) : null,
    answer: (at: number, answer: Answer) =>
      keep({ ...answers, steps: answers.steps.map((each, i) => (i === at ? answer : each)) }),
  }
}

/** Begins each page at its top; one that was gone to here takes the focus. */
function usePageStart(page: number) {
  const scroller = useRef<HTMLDivElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(page)
  useEffect(() => {
    if (shown.current === page) return
    shown.current = page
    scroller.current?.scrollTo(0, 0)
    heading.current?.focus({ preventScroll: true })
  }, [page])
  return { scroller, heading }
}

/** Lets the page know how much of its foot is covered. */
function useFoot() {
  const panel = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const { current } = panel
    if (!current) return undefined
    const { style } = document.documentElement
    const observer = new ResizeObserver(() => style.setProperty('--lesson-foot', `${current.offsetHeight}px`))
    observer.observe(current)
    return () => {
      observer.disconnect()
      style.removeProperty('--lesson-foot')
    }
  }, [])
  return panel
}

/** What the step shows, hides and holds of the page. */
function useHeldPage(step: Lesson['steps'][number] | undefined, answer: Answer | null) {
  // The same while a text is typed, so that nothing on the page begins anew.
  const held = useMemo(() => (step ? heldPage(step, answer) : null), [step, answer])
  useLayoutEffect(() => {
    setOverlay(held)
    return () => setOverlay(null)
  }, [held])
}

interface FootProps {
  readonly page: number
  readonly steps: number
  readonly onGo: (page: number) => void
}

/** Where one is, and the way on. */
function Foot({ page, steps, onGo }: FootProps) {
  return (
    <div className="flex items-center gap-2 border-t border-line px-4 py-2">
      <button
        type="button"
        className="button"
        data-part="lesson-back"
        disabled={page === 0}
        onClick={() => onGo(page - 1)}
      >
        Back
      </button>
      <p className="num min-w-0 flex-1 text-center text-hint text-muted" data-part="lesson-place">
        {page < steps ? `${page + 1} of ${steps}` : 'Done'}
      </p>
      <button
        type="button"
        className="button"
        data-part="lesson-next"
        disabled={page >= steps}
        onClick={() => onGo(page + 1)}
      >
        {page === steps - 1 ? 'Finish' : 'Next'}
      </button>
    </div>
  )
}

export function Panel({ lesson, name, page: asked }: PanelProps) {
  const { answers, answer, forget, remember } = useAnswers(lesson)
  const { steps, title } = lesson
  const page = Math.min(asked, steps.length)
  // The next page is opened to be read.
  const [foldedAt, setFoldedAt] = useState<number | null>(null)
  const folded = foldedAt === page
  const { scroller, heading } = usePageStart(page)
  const panel = useFoot()
  const step = steps[page]
  useHeldPage(step, answers.steps[page] ?? null)
  const whenFolded = step?.task.kind === 'find' ? 'lesson-folded' : 'max-lg:hidden'
  return (
    <aside ref={panel} data-part="lesson" data-page={page} aria-label={`Lesson: ${title}`} className="lesson-panel">
      <div className="flex items-center gap-2 border-b border-line px-4 py-2 lg:h-12">
        <p className="min-w-0 flex-1 truncate text-label font-medium">
          <Line>{title}</Line>
        </p>
        <button
          type="button"
          className="button quiet lg:hidden"
          data-part="lesson-fold"
          aria-expanded={!folded}
          onClick={() => setFoldedAt(folded ? null : page)}
        >
          {folded ? 'Read' : 'Fold'}
        </button>
        <Close part="lesson-close" what="the lesson" onClick={() => go(leftAddress(window.location.hash))} />
      </div>
      <div
        ref={scroller}
        tabIndex={-1}
        className={`flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-4 py-3 outline-none ${folded ? whenFolded : ''}`}
      >
        {step ? (
          <Step
            key={page}
            {...{ step, heading }}
            answer={answers.steps[page] ?? null}
            onAnswer={(given) => answer(page, given)}
          />
        ) : (
          <End {...{ lesson, answers, name, heading }} onForget={forget} onRemember={remember} />
        )}
      </div>
      <Foot
        page={page}
        steps={steps.length}
        onGo={(next) => go(stepAddress(lesson, name, next, window.location.hash))}
      />
    </aside>
  )
}
