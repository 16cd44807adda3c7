/**
 * The picture that "Save PNG" writes: positive, negative and guided with captions, on white, at the size of a slide. Only the
 * words come from a canvas: browsers that guard against fingerprints change what is read back from one.
 */
import type { ModelInfo } from '../../model/types'
import type { Rgb8 } from '../../storage/png'
import { ROLES, type Run } from '../run/run'
import { toPixels, type Size } from './pixels'

const PANEL = 512
const GAP = 24
const MARGIN = 40
const HEAD = 34
const FOOT = 44

export interface Word {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly colour: string
  readonly font: string
}

/** Whether a browser gives back what is drawn: a corner of colours that no guard leaves alone. */
function readsBack(context: OffscreenCanvasRenderingContext2D): boolean {
  const side = 32
  const drawn = Uint8ClampedArray.from({ length: 4 * side * side }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 251))
  context.putImageData(new ImageData(drawn, side, side), 0, 0)
  const { data } = context.getImageData(0, 0, side, side)
  context.fillRect(0, 0, side, side)
  return data.every((byte, i) => byte === drawn[i])
}

/** The words on white; white alone where the browser would spoil them. */
export function wordsOnWhite(words: readonly Word[], { width, height }: Size): Rgb8 {
  const page = { width, height, data: new Uint8Array(3 * width * height).fill(255) }
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!context) return page
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, width, height)
  if (!readsBack(context)) return page
  for (const { text, x, y, colour, font } of words) {
    context.fillStyle = colour
    context.font = `${font} "Inter Variable", sans-serif`
    context.fillText(text, x, y)
  }
  const { data } = context.getImageData(0, 0, width, height)
  for (let i = 0; i < width * height; i++) page.data.set(data.subarray(4 * i, 4 * i + 3), 3 * i)
  return page
}

/** Fills a square with an image, each of its pixels as a rectangle. */
export function lay(page: Rgb8, image: Float32Array, size: Size, left: number, top: number, side: number): void {
  const pixels = toPixels(image, size)
  const [x0, y0] = [Math.round(left), Math.round(top)]
  const [wide, high] = [Math.round(left + side) - x0, Math.round(top + side) - y0]
  for (let y = 0; y < high; y++) {
    const row = Math.floor((y * size.height) / high) * size.width
    for (let x = 0; x < wide; x++) {
      const from = 4 * (row + Math.floor((x * size.width) / wide))
      page.data.set(pixels.subarray(from, from + 3), 3 * ((y0 + y) * page.width + x0 + x))
    }
  }
}

/** Draws a finished run; a trajectory that was not sampled has no panel. */
export function drawTriptych(run: Run, model: ModelInfo, caption: string): Rgb8 {
  const roles = ROLES.filter((role) => run.final?.some((sample) => sample[role] !== null))
  const width = 2 * MARGIN + roles.length * PANEL + (roles.length - 1) * GAP
  const height = 2 * MARGIN + HEAD + PANEL + FOOT
  const lefts = roles.map((_, panel) => MARGIN + panel * (PANEL + GAP))
  const names = roles.map((text, panel) => ({
    text,
    x: lefts[panel]!,
    y: MARGIN + 18,
    colour: '#15171a',
    font: '500 22px',
  }))
  const under = { text: caption, x: MARGIN, y: MARGIN + HEAD + PANEL + FOOT - 6, colour: '#565c65', font: '400 20px' }
  const page = wordsOnWhite([...names, under], { width, height })
  const columns = Math.ceil(Math.sqrt(run.settings.samples))
  const side = PANEL / columns
  roles.forEach((role, panel) =>
    run.final?.forEach((sample, index) => {
      const image = sample[role]
      const x = lefts[panel]! + (index % columns) * side
      const y = MARGIN + HEAD + Math.floor(index / columns) * side
      if (image) lay(page, image, model.image, x, y, side)
    }),
  )
  return page
}
