/** The first three pictures of what was measured at a place, from the sheet. */
import type { ModelInfo } from '../../../model/types'
import type { Settings } from '../../../settings/types'
import { picturesOf } from './pictures'
import { SHOWN } from './spots'

interface PicturesProps {
  readonly settings: Settings
  readonly model: ModelInfo
  /** What they are of. */
  readonly name: string
  /** Only the first where there is little room, since several places stand side by side. */
  readonly narrow?: boolean
}

export function Pictures({ settings, model, name, narrow = false }: PicturesProps) {
  const at = picturesOf(settings, model)
  if (!at) return null
  const { width, height } = model.image
  return (
    <span className="flex gap-px">
      {Array.from({ length: SHOWN }, (_, index) => (
        <img
          key={index}
          src={at.url}
          alt={`${name}, ${index + 1} of ${SHOWN}`}
          loading="lazy"
          decoding="async"
          className={`max-w-none shrink-0 rounded-xs bg-sunken object-none ${narrow && index > 0 ? 'max-xl:hidden' : ''}`}
          style={{ width, height, objectPosition: `${-index * width}px ${-at.row * height}px` }}
        />
      ))}
    </span>
  )
}
