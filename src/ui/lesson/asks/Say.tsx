/** The button that makes a prediction final. */
interface SayProps {
  readonly disabled?: boolean
  readonly onClick: () => void
}

export function Say({ disabled = false, onClick }: SayProps) {
  return (
    <button type="button" className="button self-start" data-part="lesson-say" disabled={disabled} onClick={onClick}>
      That is my prediction
    </button>
  )
}

/** Right or not, in a word that needs no colour. */
export function Verdict({ right, children }: { readonly right: boolean; readonly children: string }) {
  return (
    <p data-part="lesson-verdict" data-right={right} className="text-label">
      <span className={right ? 'font-medium text-positive' : 'font-medium text-negative'}>
        {right ? '✓ Right.' : '✗ Not quite.'}
      </span>{' '}
      {children}
    </p>
  )
}
