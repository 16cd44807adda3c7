/** The first pictures that were judged of a point, small and side by side. */
import { useMemo } from 'react'
import { fromByte } from '../../../../core/image'
import type { ModelInfo } from '../../../../model/types'
import { Layer } from '../../../stage/Layer'
import { toPixels } from '../../../stage/pixels'

function Picture({ bytes, size }: { readonly bytes: Uint8Array; readonly size: ModelInfo['image'] }) {
  const pixels = useMemo(() => toPixels(Float32Array.from(bytes, fromByte), size), [bytes, size])
  return (
    <span
      className="relative block w-14 shrink-0 overflow-hidden rounded-xs bg-sunken"
      style={{ aspectRatio: `${size.width} / ${size.height}` }}
    >
      <Layer pixels={pixels} size={size} smooth />
    </span>
  )
}

interface ShownProps {
  readonly pictures: readonly Uint8Array[]
  readonly model: ModelInfo
  /** What they are of. */
  readonly name: string
}

export function Shown({ pictures, model: { image }, name }: ShownProps) {
  const whole = pictures.filter(({ length }) => length === image.channels * image.width * image.height)
  return (
    <span className="flex gap-px" role="img" aria-label={`The first ${whole.length} pictures of ${name}`}>
      {whole.map((bytes, index) => (
        // Pictures of a point never change places.
        <Picture key={index} bytes={bytes} size={image} />
      ))}
    </span>
  )
}
