/** Grids that were begun and are not done, to go on with or to forget. */
import { useEffect, useState } from 'react'
import type { LabStorage } from '../../../../../storage/lab'
import { forgetGrid, keptGrids, type KeptGrid } from './jobs'

interface UnfinishedProps {
  readonly storage: LabStorage
  /** The one that is on the page. */
  readonly own: string
  /** Whether it is looked at: what has ended meanwhile is gone. */
  readonly seen: boolean
}

export function Unfinished({ storage, own, seen }: UnfinishedProps) {
  const [all, setAll] = useState<readonly KeptGrid[]>([])
  useEffect(() => {
    let wanted = seen
    if (seen) void keptGrids(storage).then((kept) => wanted && setAll(kept))
    return () => {
      wanted = false
    }
  }, [storage, own, seen])
  const others = all.filter(({ id }) => id !== own)
  if (others.length === 0) return null
  return (
    <section aria-label="Unfinished grids" className="mt-8 max-w-3xl border-t border-line pt-3" data-part="unfinished">
      <h2 className="text-label font-medium">Unfinished grids</h2>
      <ul className="mt-1">
        {others.map(({ id, hash, title, done, total }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-3 py-1 text-label">
            <a className="link" href={hash}>
              {title}
            </a>
            <span className="num text-muted">{`${done} of ${total} pictures`}</span>
            <button
              type="button"
              className="link text-muted"
              onClick={() => {
                setAll(all.filter((one) => one.id !== id))
                void forgetGrid(storage, id)
              }}
            >
              Forget<span className="sr-only">{` ${title}`}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
