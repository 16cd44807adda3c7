/** One picture on a canvas, enlarged with hard pixel edges, with the pixel asked about outlined. */
import { type PointerEvent, useLayoutEffect, useRef } from 'react'
import type { Size } from './pixels'

interface PictureProps {
  /** RGBA bytes; null leaves the place empty. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer> | null
  /** RGBA bytes laid over the picture. */
  readonly overlay?: Uint8ClampedArray<ArrayBuffer> | null
  readonly size: Size
  readonly pixel?: { readonly x: number; readonly y: number } | null
  readonly onPixel?: (pixel: { x: number; y: number } | null) => void
  readonly className?: string
}

function Layer({
  pixels,
  size: { width, height },
}: {
  readonly pixels: Uint8ClampedArray<ArrayBuffer> | null
  readonly size: Size
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    if (pixels) context.putImageData(new ImageData(pixels, width, height), 0, 0)
    else context.clearRect(0, 0, width, height)
  }, [pixels, width, height])
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      className="pixelated absolute inset-0 h-full w-full"
      aria-hidden
    />
  )
}

export function Picture({ pixels, overlay, size, pixel, onPixel, className = '' }: PictureProps) {
  const { width, height } = size

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
      <Layer pixels={pixels} size={size} />
      {overlay && pixels && <Layer pixels={overlay} size={size} />}
      {pixel && pixels && (
        <span
          className="pointer-events-none absolute min-h-1.5 min-w-1.5 -translate-[0.5px] outline-1 outline-white ring-2 ring-black"
          style={{
            left: `${(100 * pixel.x) / width}%`,
            top: `${(100 * pixel.y) / height}%`,
            width: `${100 / width}%`,
            height: `${100 / height}%`,
          }}
        />
      )}
    </div>
  )
}
