/** Closes a panel; `what` says to those who do not see it which. */
export function Close({ what, onClick }: { readonly what?: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="rounded-sm px-1 text-hint text-muted hover:text-ink" onClick={onClick}>
      Close{what && <span className="sr-only"> {what}</span>}
    </button>
  )
}
