/** A section of the article: what it says, the equations it is about, what was found of its claims, and its figures. */
import { methodById } from '../../../guidance/index'
import { defaultSettings, withoutStarts } from '../../../settings'
import type { ListedLesson } from '../../../lesson/listed'
import { Formula } from '../../kit/Formula'
import { Link } from '../../kit/Link'
import { FINDINGS } from '../measured/shape'
import type { Evidence } from './evidence'
import { FigureView } from './FigureView'
import type { Section } from './section'

/** The negative of a method as its card writes it, and where it is from. */
function Equation({ id, evidence: { model } }: { readonly id: string; readonly evidence: Evidence }) {
  const method = methodById(id)
  if (!method) return null
  const { parameters } = defaultSettings(withoutStarts(model), id)
  return (
    <div className="mt-3">
      <div className="text-label">
        {method
          .formula(parameters)
          .split(String.raw`,\quad`)
          .map((part) => (
            <Formula key={part}>{part}</Formula>
          ))}
      </div>
      <p className="text-hint text-muted">
        <Link href={method.source.url}>{method.source.text}</Link>
      </p>
    </div>
  )
}

function ClaimsFound({ claims, evidence: { rows, model } }: Pick<Section, 'claims'> & { readonly evidence: Evidence }) {
  return claims.map(({ id, article, verdict }) => {
    const found = verdict(rows, model)
    if (!found) return null
    return (
      <p key={id} className="num mt-3 border-t border-line pt-2 text-hint text-muted">
        <span className="block text-label font-medium text-ink">{article}</span>
        <strong className="font-medium text-ink">{FINDINGS[found.finding]}</strong>: {found.sentence}
      </p>
    )
  })
}

function LessonLink({ lesson: { name, title, minutes } }: { readonly lesson: ListedLesson }) {
  return (
    <p className="mt-3 text-label">
      <a className="link" data-part="lesson-link" href={`#lesson=${name}`}>
        Lesson: {title}
      </a>
      <span className="num text-hint text-muted">, {minutes} minutes</span>
    </p>
  )
}

interface SectionViewProps {
  readonly section: Section
  readonly evidence: Evidence
  /** Those about this section. */
  readonly lessons: readonly ListedLesson[]
}

export function SectionView({ section, evidence, lessons }: SectionViewProps) {
  const { id, order, title, says, methods, claims, figures } = section
  return (
    <section
      aria-labelledby={`article-${id}`}
      data-section={order}
      className="mt-10 grid gap-x-12 gap-y-5 border-t border-line pt-5 lg:grid-cols-[minmax(0,23rem)_minmax(0,1fr)]"
    >
      <div className="max-w-[36rem] self-start lg:sticky lg:top-5">
        <h2 id={`article-${id}`} tabIndex={-1} className="text-sentence font-semibold outline-none">
          <span className="num mr-2 text-muted" translate="no">
            {order}
          </span>
          {title}
        </h2>
        {says.map((paragraph) => (
          <p key={paragraph} className="mt-2">
            {paragraph}
          </p>
        ))}
        {methods.map((method) => (
          <Equation key={method} id={method} evidence={evidence} />
        ))}
        <ClaimsFound claims={claims} evidence={evidence} />
        {lessons.map((lesson) => (
          <LessonLink key={lesson.name} lesson={lesson} />
        ))}
      </div>
      <div className="grid content-start items-start gap-x-10 gap-y-8 xl:grid-cols-2">
        {figures.map((figure) => (
          <FigureView key={figure.id} figure={figure} evidence={evidence} wide={figures.length === 1} />
        ))}
      </div>
    </section>
  )
}
