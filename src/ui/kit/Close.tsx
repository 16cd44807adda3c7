/** Closes a panel; `what` says to those who do not see it which. */
export function Close({
  part,
  what,
  onClick,
}: {
  readonly part?: string
  readonly what?: string
  readonly onClick: () => void
}) {
  return (
    <button
      type="button"
      data-part={part}
      className="rounded-sm px-1 text-hint text-muted hover:text-ink"
      onClick={onClick}
    >
      Close{what && <span className="sr-only"> {what}</span>}
    </button>
  )
}
