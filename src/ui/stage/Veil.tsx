/** Over a picture that the controls have left behind: it stays recognisable, and carries what it was made with. */
import { usePage, useWanted } from '../app/store'
import { Late } from '../kit/Late'
import { type Role, type Run, runKey } from '../run/run'
import { quick } from '../run/describe'
import { pictureWords } from '../run/words'

interface VeilProps {
  readonly role: Role
  readonly run: Run
  /** Where the words stand. */
  readonly side?: 'left' | 'right'
}

/** Reads both: its words are those that tell the picture from the wanted one. */
export function Veil({ role, run, side = 'left' }: VeilProps) {
  const model = usePage((state) => state.model)
  const wanted = useWanted((settings) => settings)
  const words = run.pass === 'preview' ? [quick(run)] : pictureWords(role, run.settings, wanted, model)
  return (
    <Late
      part={`veil-${role}`}
      of={runKey(run)}
      className={`pointer-events-none absolute inset-0 grid place-items-end bg-veil p-1 sm:p-2 ${side === 'left' ? 'justify-items-start' : 'justify-items-end'}`}
    >
      <span className="num max-w-full rounded-[3px] bg-surface px-1 py-0.5 text-tiny leading-3.5 text-ink sm:px-1.5 sm:text-hint">
        {words.map((said, at) => (
          <span key={at}>
            <span className="inline-block">{at < words.length - 1 ? `${said},` : said}</span>{' '}
          </span>
        ))}
      </span>
    </Late>
  )
}
