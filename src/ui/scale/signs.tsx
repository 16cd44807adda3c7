/** The signs of what was measured, on the track and before its words. */

export const HATCH = 'repeating-linear-gradient(135deg, var(--edge) 0 1px, transparent 1px 4px)'

/** Points up to the track from under it, so that the thumb does not hide it. */
export function Triangle({ className = '' }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 8 6" className={`inline-block h-1.5 w-2 fill-current ${className}`} aria-hidden>
      <path d="M4 0 8 6H0Z" />
    </svg>
  )
}
