/** Why a lesson can't be shown: a sentence, and each mistake of its text with its line. */
import type { Mistake } from '../../lesson'

interface MistakesProps {
  readonly message: string
  readonly mistakes: readonly Mistake[]
}

const MOST = 20

export function Mistakes({ message, mistakes }: MistakesProps) {
  return (
    <div role="alert" data-part="lesson-mistakes" className="flex flex-col gap-2 text-label">
      <p className="text-alert">{message}</p>
      {mistakes.length > 0 && (
        <ul className="flex flex-col gap-1">
          {mistakes.slice(0, MOST).map(({ line, message: what }) => (
            <li key={`${line} ${what}`} className="flex gap-2">
              <span className="num w-14 shrink-0 text-muted">line {line}</span>
              <span className="min-w-0">{what}</span>
            </li>
          ))}
          {mistakes.length > MOST && <li className="text-muted">… and {mistakes.length - MOST} more.</li>}
        </ul>
      )}
    </div>
  )
}
