/** What the figures and claims of sections came to: of each curve, of curves beside each other, of tables and planes. Pure. */
import type { Finding, ShapeVerdict } from '../measured/shape'
import type { Evidence } from './evidence'
import type { Figure, Line, Lines, Section } from './section'
import { cellsOf, judgedOf, linesOf, rowsOf } from './spots'

const RANK: Readonly<Record<Finding, number>> = { missed: 0, open: 1, met: 2 }

/** What is least as in the article; null where nothing was judged. */
const worstOf = (verdicts: readonly ShapeVerdict[]): Finding | null =>
  [...verdicts].sort((a, b) => RANK[a.finding] - RANK[b.finding])[0]?.finding ?? null

/** What was found of each line, and of them beside each other. */
export function linesFound({ shape, judge }: Lines, lines: readonly Line[]) {
  const each = lines.map(({ label, points }) => ({ label, ...shape.verdict(points) }))
  const beside = judge?.(lines) ?? null
  return { each, beside, worst: worstOf(beside ? [...each, beside] : each) }
}

function foundIn(evidence: Evidence, figure: Figure): readonly ShapeVerdict[] {
  switch (figure.kind) {
    case 'lines': {
      const { each, beside } = linesFound(figure, linesOf(evidence, figure).drawn)
      return beside ? [...each, beside] : each
    }
    case 'table': {
      const found = figure.judge?.(rowsOf(evidence, figure).map(judgedOf))
      return found ? [found] : []
    }
    case 'plane': {
      const found = figure.judge?.(cellsOf(evidence, figure).map(({ cells }) => cells.map(judgedOf)))
      return found ? [found] : []
    }
    default:
      return figure satisfies never
  }
}

/** How many findings there are of each kind, of figures that the article or its papers have, and of claims. */
export function counted(evidence: Evidence, sections: readonly Section[]): Readonly<Record<Finding, number>> {
  const all = sections.flatMap(({ figures, claims }) => [
    ...figures.filter(({ own }) => !own).flatMap((figure) => foundIn(evidence, figure)),
    ...claims.flatMap(({ verdict }) => verdict(evidence.rows, evidence.model) ?? []),
  ])
  const count = (wanted: Finding) => all.filter(({ finding }) => finding === wanted).length
  return { met: count('met'), open: count('open'), missed: count('missed') }
}
