/** What this is and who it is for, in a sentence. */
export function Tagline({ className }: { readonly className: string }) {
  return (
    <p data-part="tagline" className={`text-hint text-muted in-data-lesson:hidden ${className}`}>
      See how pushing away from a worse model repairs pictures: to learn, teach and research.
    </p>
  )
}
