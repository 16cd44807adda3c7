/** A picture outside of the stage, smooth wherever it is larger than it is: all such go the same way to the screen. */
import { useMemo } from 'react'
import { Layer } from './Layer'
import { type Size, toPixels } from './pixels'

interface RasterProps {
  readonly image: Float32Array | null
  readonly size: Size
}

export function Raster({ image, size }: RasterProps) {
  const pixels = useMemo(() => image && toPixels(image, size), [image, size])
  return (
    <div className="relative bg-sunken" style={{ aspectRatio: `${size.width} / ${size.height}` }}>
      <Layer pixels={pixels} size={size} smooth />
    </div>
  )
}
