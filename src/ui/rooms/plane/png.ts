/** The points as a picture for a text or a slide: as they are painted, in the theme's colours, with a line below that says what they are. */

/** Height of the line and size of its letters, of the side. */
const [LINE, LETTERS] = [0.06, 0.026]

export async function pngOfPoints(points: HTMLCanvasElement, words: string): Promise<Blob> {
  const side = points.width
  const page = document.createElement('canvas')
  page.width = side
  page.height = Math.round(side * (1 + LINE))
  const context = page.getContext('2d')
  if (!context) throw new Error('This browser draws no canvas.')
  const { backgroundColor, color, fontFamily } = getComputedStyle(points)
  context.fillStyle = backgroundColor
  context.fillRect(0, 0, page.width, page.height)
  context.drawImage(points, 0, 0)
  context.fillStyle = color
  context.font = `${Math.round(side * LETTERS)}px ${fontFamily}`
  context.textBaseline = 'middle'
  context.fillText(words, side * LETTERS, side * (1 + LINE / 2), side * (1 - 2 * LETTERS))
  return new Promise((resolve, reject) =>
    page.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser made no picture.'))), 'image/png'),
  )
}
