/** The small arrow of what opens downwards. */
export function Chevron({ className = '' }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 10 6" className={`h-1.5 w-2.5 shrink-0 ${className}`} aria-hidden>
      <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  )
}
