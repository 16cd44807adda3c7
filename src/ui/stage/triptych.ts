/** The picture that "Save PNG" writes: positive, negative and guided with captions, on white, at the size of a slide. */
import type { ModelInfo } from '../../model/types'
import { toPixels } from './pixels'
import { ROLES, type Run } from '../run/run'

const PANEL = 512
const GAP = 24
const MARGIN = 40
const HEAD = 34
const FOOT = 44

/** Draws a finished run; a trajectory that was not sampled has no panel. Throws Error where the browser gives no canvas. */
export function drawTriptych(run: Run, model: ModelInfo, caption: string): OffscreenCanvas {
  const roles = ROLES.filter((role) => run.final?.some((sample) => sample[role] !== null))
  const canvas = new OffscreenCanvas(
    2 * MARGIN + roles.length * PANEL + (roles.length - 1) * GAP,
    2 * MARGIN + HEAD + PANEL + FOOT,
  )
  const context = canvas.getContext('2d')
  const tile = new OffscreenCanvas(model.image.width, model.image.height)
  const tileContext = tile.getContext('2d')
  if (!context || !tileContext) throw new Error('the browser gave no canvas to draw on')
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingEnabled = false
  const columns = Math.ceil(Math.sqrt(run.settings.samples))
  const side = PANEL / columns
  roles.forEach((role, panel) => {
    const left = MARGIN + panel * (PANEL + GAP)
    context.fillStyle = '#15171a'
    context.font = '500 22px "Inter Variable", sans-serif'
    context.fillText(role, left, MARGIN + 18)
    run.final?.forEach((sample, index) => {
      const image = sample[role]
      if (!image) return
      tileContext.putImageData(new ImageData(toPixels(image, model.image), model.image.width, model.image.height), 0, 0)
      const x = left + (index % columns) * side
      const y = MARGIN + HEAD + Math.floor(index / columns) * side
      context.drawImage(tile, x, y, side, side)
    })
  })
  context.fillStyle = '#565c65'
  context.font = '400 20px "Inter Variable", sans-serif'
  context.fillText(caption, MARGIN, MARGIN + HEAD + PANEL + FOOT - 6)
  return canvas
}
