/** One picture on a canvas, enlarged smoothly or with hard pixel edges, with the pixel asked about outlined in its own colour. */
import type { PointerEvent } from 'react'
import { usePage } from '../app/store'
import { Layer, type Pixels } from './Layer'
import type { Size } from './pixels'

interface PictureProps {
  /** RGBA bytes; null leaves the place empty. */
  readonly pixels: Pixels | null
  /** RGBA bytes laid over the picture. */
  readonly overlay?: Pixels | null
  readonly size: Size
  /** Size of `pixels`, where it is another: of a latent that was decoded. */
  readonly drawn?: Size
  /** What is said of single pixels, such as which are clipped, is never drawn smoothly. */
  readonly exact?: boolean
  readonly pixel?: { readonly x: number; readonly y: number } | null
  readonly onPixel?: (pixel: { x: number; y: number } | null) => void
  readonly className?: string
}

/** The colour of one pixel. */
function colourAt(
  pixels: Pixels,
  drawn: Size,
  size: Size,
  { x, y }: { readonly x: number; readonly y: number },
): string {
  const at = (place: number, own: number, wanted: number) => Math.floor(((place + 0.5) * wanted) / own)
  const column = at(x, size.width, drawn.width)
  const [red, green, blue] = pixels.subarray(4 * (at(y, size.height, drawn.height) * drawn.width + column))
  return `rgb(${red} ${green} ${blue})`
}

export function Picture({
  pixels,
  overlay,
  size,
  drawn = size,
  exact = false,
  pixel,
  onPixel,
  className = '',
}: PictureProps) {
  const { width, height } = size
  const smooth = usePage((state) => state.stage.smooth) && !exact

  const locate = (event: PointerEvent) => {
    if (!onPixel) return
    const box = event.currentTarget.getBoundingClientRect()
    const x = Math.floor(((event.clientX - box.left) / box.width) * width)
    const y = Math.floor(((event.clientY - box.top) / box.height) * height)
    onPixel({ x: Math.min(width - 1, Math.max(0, x)), y: Math.min(height - 1, Math.max(0, y)) })
  }

  return (
    <div
      className={`relative overflow-hidden bg-sunken ${className}`}
      style={{ aspectRatio: `${width} / ${height}` }}
      onPointerMove={onPixel && locate}
      onPointerDown={onPixel && locate}
      // A finger leaves when it lifts; what it pointed at stays.
      onPointerLeave={onPixel && ((event) => event.pointerType !== 'touch' && onPixel(null))}
    >
      <Layer pixels={pixels} size={drawn} smooth={smooth} />
      {overlay && pixels && <Layer pixels={overlay} size={size} smooth={false} />}
      {pixel && pixels && (
        <span
          className="pointer-events-none absolute min-h-1.5 min-w-1.5 -translate-[0.5px] outline-1 outline-white ring-2 ring-black"
          style={{
            left: `${(100 * pixel.x) / width}%`,
            top: `${(100 * pixel.y) / height}%`,
            width: `${100 / width}%`,
            height: `${100 / height}%`,
            background: overlay ? undefined : colourAt(pixels, drawn, size, pixel),
          }}
        />
      )}
    </div>
  )
}
