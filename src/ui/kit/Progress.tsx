/** How far something is: a thin line that fills, read aloud as a progress bar. */
interface ProgressProps {
  readonly label: string
  readonly done: number
  readonly total: number
  readonly className?: string
}

export function Progress({ label, done, total, className = 'mt-1 bg-line' }: ProgressProps) {
  const percent = (100 * done) / Math.max(1e-9, total)
  return (
    <div
      className={`h-0.5 ${className}`}
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(percent)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div className="h-full bg-positive" style={{ width: `${percent}%` }} />
    </div>
  )
}
