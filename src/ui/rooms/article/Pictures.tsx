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
  /** How many of them. */
  readonly only?: number
}

export function Pictures({ settings, model, name, only = SHOWN }: PicturesProps) {
  const at = picturesOf(settings, model)
  if (!at) return null
  const { width, height } = model.image
  return (
    <span className="flex gap-px">
      {Array.from({ length: only }, (_, index) => (
        <img
          key={index}
          src={at.url}
          alt={`${name}, ${index + 1} of ${only}`}
          loading="lazy"
          decoding="async"
          className="max-w-none shrink-0 rounded-xs bg-sunken object-none"
          style={{ width, height, objectPosition: `${-index * width}px ${-at.row * height}px` }}
        />
      ))}
    </span>
  )
}
