/** Under a figure: what the paper shows, what was found here, and why that may differ. */
import type { ReactNode } from 'react'
import { type Finding, FINDINGS, type ShapeVerdict } from '../measured/shape'
import type { Figure } from './section'

const REASONS = {
  met: 'What differs',
  open: 'What differs',
  missed: 'Why it may differ',
} as const satisfies Record<Finding, string>

interface PaperProps {
  readonly figure: Figure
  /** What was found, where something is judged. */
  readonly worst: Finding | null
  readonly children?: ReactNode
}

/** What was found, in a sentence. */
export function Found({ finding, sentence }: ShapeVerdict) {
  return (
    <p data-part="found">
      <strong className="font-medium text-ink">{FINDINGS[finding]}</strong>: {sentence}
    </p>
  )
}

export function Paper({ figure: { paper, why = {} }, worst, children }: PaperProps) {
  const reason = worst && why[worst]
  return (
    <figcaption className="num mt-2 flex max-w-md flex-col gap-1 text-hint text-muted">
      <p>
        <strong className="font-medium text-ink">The paper</strong>: {paper}
      </p>
      {children}
      {worst && reason && (
        <p data-part="why" className="note">
          <strong className="font-medium text-ink">{REASONS[worst]}</strong>: {reason}
        </p>
      )}
    </figcaption>
  )
}
