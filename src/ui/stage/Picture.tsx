/** One picture on a canvas, enlarged smoothly or with hard pixel edges, with the pixel asked about outlined in its own colour. */
import { type PointerEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { resample } from '../../core/resample'
import { usePage } from '../app/store'
import type { Size } from './pixels'

type Pixels = Uint8ClampedArray<ArrayBuffer>

interface PictureProps {
  /** RGBA bytes; null leaves the place empty. */
  readonly pixels: Pixels | null
  /** RGBA bytes laid over the picture. */
  readonly overlay?: Pixels | null
  readonly size: Size
  /** What is said of single pixels, such as which are clipped, is never drawn smoothly. */
  readonly exact?: boolean
  readonly pixel?: { readonly x: number; readonly y: number } | null
  readonly onPixel?: (pixel: { x: number; y: number } | null) => void
  readonly className?: string
}

/** How many times a picture is enlarged here. The browser does the rest: no eye tells, and a drag keeps its pace. */
const MOST_SMOOTH = 8

/** How many pixels of the screen an element covers; null before it is known. */
function useScreenSize(element: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null)
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return
    const measure = () => {
      const box = current.getBoundingClientRect()
      const width = Math.round(box.width * devicePixelRatio)
      const height = Math.round(box.height * devicePixelRatio)
      setSize((before) => (before?.width === width && before.height === height ? before : { width, height }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => observer.disconnect()
  }, [element])
  return size
}

/** The size that a smooth picture is drawn in. */
function smoothSize(size: Size, screen: Size): Size {
  const side = (own: number, wanted: number) => Math.min(Math.max(1, wanted), MOST_SMOOTH * own)
  return { width: side(size.width, screen.width), height: side(size.height, screen.height) }
}

function Layer({
  pixels,
  size,
  smooth,
}: {
  readonly pixels: Pixels | null
  readonly size: Size
  readonly smooth: boolean
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const screen = useScreenSize(canvas)
  const { width, height } = smooth && screen ? smoothSize(size, screen) : size
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    if (!pixels) return context.clearRect(0, 0, width, height)
    const own = width === size.width && height === size.height
    const drawn = own ? pixels : resample(pixels, size, 4, { width, height }, new Uint8ClampedArray(4 * width * height))
    context.putImageData(new ImageData(drawn, width, height), 0, 0)
  }, [pixels, size, width, height])
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      className={`absolute inset-0 h-full w-full ${smooth ? '' : 'pixelated'}`}
      aria-hidden
    />
  )
}

/** The colour of one pixel. */
function colourAt(pixels: Pixels, { width }: Size, { x, y }: { readonly x: number; readonly y: number }): string {
  const [red, green, blue] = pixels.subarray(4 * (y * width + x))
  return `rgb(${red} ${green} ${blue})`
}

export function Picture({ pixels, overlay, size, exact = false, pixel, onPixel, className = '' }: PictureProps) {
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
      <Layer pixels={pixels} size={size} smooth={smooth} />
      {overlay && pixels && <Layer pixels={overlay} size={size} smooth={false} />}
      {pixel && pixels && (
        <span
          className="pointer-events-none absolute min-h-1.5 min-w-1.5 -translate-[0.5px] outline-1 outline-white ring-2 ring-black"
          style={{
            left: `${(100 * pixel.x) / width}%`,
            top: `${(100 * pixel.y) / height}%`,
            width: `${100 / width}%`,
            height: `${100 / height}%`,
            background: overlay ? undefined : colourAt(pixels, size, pixel),
          }}
        />
      )}
    </div>
  )
}
