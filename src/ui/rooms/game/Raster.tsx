/** A picture of the game, smooth wherever it is larger than it is: renders and samples go the same way to the screen. */
import { useMemo } from 'react'
import type { ModelInfo } from '../../../model/types'
import { Layer } from '../../stage/Layer'
import { toPixels } from '../../stage/pixels'

interface RasterProps {
  readonly image: Float32Array | null
  readonly model: ModelInfo
}

export function Raster({ image, model: { image: size } }: RasterProps) {
  const pixels = useMemo(() => image && toPixels(image, size), [image, size])
  return (
    <div className="relative bg-sunken" style={{ aspectRatio: `${size.width} / ${size.height}` }}>
      <Layer pixels={pixels} size={size} smooth />
    </div>
  )
}
