/** The article followed section by section in our words, with figures from our own measurements; every point opens live. */
import 'katex/dist/katex.min.css'
import { useEffect, useMemo, useState } from 'react'
import { isGuided } from '../../../guidance/index'
import { linkModel, withoutRoom } from '../../../settings'
import { Link } from '../../kit/Link'
import { useListed } from '../../lesson/listing'
import { type Evaluation, useEvaluations } from '../measured/evaluations'
import { Page } from '../measured/Page'
import { type RoomProps, roomAddress } from '../rooms'
import { restOf, sectionAddress, sectionOf } from './address'
import { type Evidence, evidenceOf } from './evidence'
import { counted } from './findings'
import { sections as all } from './sections/index.generated'
import { SectionView } from './SectionView'
import { metricOf } from './words'

const TITLE = 'The article, in figures of our own'
const ARTICLE = 'https://theaisummer.com/classifier-free-guidance'

const sections = [...all].sort((a, b) => a.order - b.order)

/** The address while it was this room's: another room's leaves it where it was. */
function useOwnHash({ hash, owns }: RoomProps): string {
  const [own, setOwn] = useState(hash)
  if (own !== hash && owns(hash)) setOwn(hash)
  return own
}

function goTo(order: number) {
  const heading = document.querySelector<HTMLElement>(`[data-section="${order}"] h2`)
  heading?.closest('section')?.scrollIntoView()
  heading?.focus({ preventScroll: true })
}

/** Goes to the section that the address names, once it is there. */
function useSection(order: number | null, ready: boolean) {
  useEffect(() => {
    if (order !== null && ready) goTo(order)
  }, [order, ready])
}

function Contents({ hash }: { readonly hash: string }) {
  const now = sectionOf(hash)
  return (
    <nav aria-label="Sections" className="mt-4">
      <ol className="num grid max-w-[60rem] gap-x-8 gap-y-1 text-label sm:grid-cols-2 lg:grid-cols-3">
        {sections.map(({ id, order, title }) => (
          <li key={id} className="flex gap-2">
            <span className="w-4 shrink-0 text-right text-muted" translate="no">
              {order}
            </span>
            {/* Where the address is its own already, a click changes none. */}
            <a className="link" href={sectionAddress(order, hash)} onClick={() => order === now && goTo(order)}>
              {title}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

interface IntroProps {
  readonly evaluation: Evaluation
  readonly evidence: Evidence
  readonly hash: string
}

function Intro({ evaluation: { model, rows }, evidence, hash }: IntroProps) {
  const reference = rows.find(({ settings, against }) => against === null && !isGuided(settings))
  const { met, open, missed } = useMemo(() => counted(evidence, sections), [evidence])
  return (
    <p className="mt-2 max-w-[52rem] text-muted">
      <Link href={ARTICLE}>An overview of classifier-free guidance</Link> by N. Adaloglou and T. Kaiser, told again in
      our words. Each figure is drawn from what was measured here on {model.name}
      {reference && <span className="num"> ({reference.settings.steps} Euler steps)</span>}: how much nearer to real
      drawings the pictures come than without guidance, in {metricOf(model)}. Below the line is better, in tables left
      of the upright one; bars are 95 % intervals. Point at a dot, or tap it, to see the first three of its pictures,
      click it to draw the first one live. Curves hold only what was measured, and what was not is named.
      <span className="num" data-part="counted">
        {' '}
        Of {met + open + missed} findings, {met} are as in the article, {open} not told apart, and {missed} not as in
        the article.
      </span>{' '}
      <a className="link" href={roomAddress('measured', restOf(hash))}>
        All methods in one table
      </a>
      .
    </p>
  )
}

/** The family that the address names, if it was measured; else the first that was. */
function chosen(evaluations: readonly Evaluation[], hash: string): Evaluation | undefined {
  const asked = linkModel(
    withoutRoom(hash),
    evaluations.map(({ model }) => model),
  )
  return evaluations.find(({ model }) => model.id === asked) ?? evaluations[0]
}

function Sections({ evidence }: { readonly evidence: Evidence }) {
  const lessons = useListed()
  return sections.map((section) => (
    <SectionView
      key={section.id}
      section={section}
      evidence={evidence}
      lessons={lessons.filter((lesson) => lesson.section === section.order)}
    />
  ))
}

function Article({ evaluation, hash }: { readonly evaluation: Evaluation; readonly hash: string }) {
  const evidence = useMemo(() => evidenceOf(evaluation.model, evaluation.rows, evaluation.curves), [evaluation])
  return (
    <>
      <Intro evaluation={evaluation} evidence={evidence} hash={hash} />
      <Contents hash={hash} />
      <Sections key={evaluation.model.id} evidence={evidence} />
    </>
  )
}

export default function ArticleRoom(props: RoomProps) {
  const hash = useOwnHash(props)
  const evaluations = useEvaluations()
  const { loaded } = evaluations
  const evaluation = loaded.kind === 'loaded' ? chosen(loaded.evaluations, hash) : undefined
  useSection(sectionOf(hash), evaluation !== undefined)
  return (
    <Page title={TITLE} back={`#${restOf(hash)}`} {...evaluations}>
      {evaluation && <Article evaluation={evaluation} hash={hash} />}
    </Page>
  )
}
