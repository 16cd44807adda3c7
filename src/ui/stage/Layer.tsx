/** A canvas that fills its place with a picture, enlarged smoothly or with hard pixel edges. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { resample } from '../../core/resample'
import type { Size } from './pixels'

export type Pixels = Uint8ClampedArray<ArrayBuffer>

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

interface LayerProps {
  /** RGBA bytes; null leaves the canvas empty. */
  readonly pixels: Pixels | null
  readonly size: Size
  readonly smooth: boolean
}

export function Layer({ pixels, size, smooth }: LayerProps) {
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
