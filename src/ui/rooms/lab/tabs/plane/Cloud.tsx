/** The first points of a setting, small, over the outline of where true points lie. */
import { useEffect, useRef } from 'react'
import { halfView } from '../../../../../plane/grid'
import { MODEL } from './wish'

const SIDE = 240

export function Cloud({ ends, name }: { readonly ends: Float32Array; readonly name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!canvas.current || !context) return
    const half = halfView(0, MODEL.dataDeviation)
    const at = (value: number) => ((value / half + 1) / 2) * SIDE
    context.clearRect(0, 0, SIDE, SIDE)
    context.fillStyle = getComputedStyle(canvas.current).color
    context.globalAlpha = 0.5
    for (let p = 0; p < ends.length; p += 2)
      context.fillRect(at(ends[p]!) - 0.75, SIDE - at(ends[p + 1]!) - 0.75, 1.5, 1.5)
  }, [ends])
  return (
    <canvas
      ref={canvas}
      width={SIDE}
      height={SIDE}
      role="img"
      aria-label={`The first ${ends.length / 2} points of ${name}`}
      className="size-[15rem] max-w-full rounded-[3px] bg-sunken text-ink"
    />
  )
}
