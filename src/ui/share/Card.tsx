/** What a person meets at the other end of a link: the pictures that it opens, and what it says of them. */
import { useMemo } from 'react'
import type { ModelInfo } from '../../model/types'
import { usePage, useShown } from '../app/store'
import { pictureAt, ROLES, type Role, type Run } from '../run/run'
import { Layer } from '../stage/Layer'
import { toPixels } from '../stage/pixels'
import type { CardProps } from './way'

interface PictureProps {
  readonly run: Run
  readonly model: ModelInfo
  readonly role: Role
  readonly at: number
}

function Picture({ run, model, role, at }: PictureProps) {
  const { image: size } = model
  const pixels = useMemo(() => {
    const picture = pictureAt(run, at, 0, role, 'denoised', model)
    return picture && toPixels(picture.image, model.image)
  }, [run, model, role, at])
  if (!pixels) return null
  return (
    <span className="relative block flex-1 bg-sunken" style={{ aspectRatio: `${size.width} / ${size.height}` }}>
      <Layer pixels={pixels} size={size} smooth />
    </span>
  )
}

/** Reads what is shown: the pictures of the settings that are wanted are seldom far behind. */
export function Card({ words, view, at }: CardProps) {
  const run = useShown((shown) => shown)
  const model = usePage((state) => state.model)
  return (
    <div data-part="share-card" className="max-w-sm overflow-hidden rounded-md border border-line bg-surface">
      {run && (
        <span className="flex gap-0.5" aria-hidden>
          {ROLES.map((role) => (
            <Picture key={role} role={role} run={run} model={model} at={at} />
          ))}
        </span>
      )}
      <p className="px-3 pt-2 text-label font-medium">Guidance Playground</p>
      <p className="px-3 pb-2 text-hint text-muted">
        {words}
        {view.length > 0 && <span className="block">With {view.join(', ')}.</span>}
      </p>
    </div>
  )
}
