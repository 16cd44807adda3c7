/** Results as a line chart in SVG: one number across one axis, a line for each combination of the others, with 95 % intervals. Pure. */
import { numberOf, titleOf } from './columns'
import type { Result } from './result'

const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [720, 360, 64, 36, 200, 48]
/** Told apart by people of all kinds of colour vision (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#8c6d31']
/** More lines are no picture; the rest is said as a number. */
const MOST_LINES = 16

interface Spot {
  readonly x: number
  readonly value: number
  readonly margin: number | null
}

interface Line {
  readonly name: string
  readonly spots: readonly Spot[]
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

/** Round numbers between two, few enough to be read. */
export function ticks(low: number, high: number): readonly number[] {
  if (!(high > low)) return [low]
  const rough = (high - low) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([5, 2, 1].find((factor) => factor * power <= rough) ?? 1)
  const first = Math.ceil(low / step - 1e-9)
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  )
}

/** The key along the axis: of those whose values are all numbers the one with most values, else the one with most. */
export function acrossOf(results: readonly Result[]): string | null {
  const keys = [...new Set(results.flatMap(({ values }) => Object.keys(values)))]
  const different = (key: string) => new Set(results.map(({ values }) => values[key])).size
  const numeric = (key: string) => results.every(({ values }) => numberOf(values[key] ?? '') !== null)
  return [...keys].sort((a, b) => Number(numeric(b)) - Number(numeric(a)) || different(b) - different(a))[0] ?? null
}

interface Scale {
  /** Where each text of the axis is, from 0 on. */
  readonly places: ReadonlyMap<string, number>
  readonly labels: readonly { readonly x: number; readonly text: string }[]
}

/** Finite numbers at their places and infinity a step beyond them; what are no numbers side by side. */
function scaleOf(texts: readonly string[]): Scale {
  const numbers = texts.map(numberOf)
  const finite = numbers.filter((number): number is number => number !== null && Number.isFinite(number))
  if (finite.length < 2 || numbers.includes(null)) {
    const places = new Map(texts.map((text, i) => [text, i]))
    return { places, labels: texts.map((text, x) => ({ x, text })) }
  }
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const beyond = high + (high - low) / 6
  const places = new Map(texts.map((text, i) => [text, Number.isFinite(numbers[i]!) ? numbers[i]! : beyond]))
  const labels = ticks(low, high).map((x) => ({ x, text: String(x) }))
  return { places, labels: texts.includes('inf') ? [...labels, { x: beyond, text: '∞' }] : labels }
}

function linesOf(results: readonly Result[], across: string, metric: string, places: Scale['places']): readonly Line[] {
  const lines = new Map<string, Spot[]>()
  for (const { values, metrics } of results) {
    const estimate = metrics[metric]
    const x = places.get(values[across] ?? '')
    if (!estimate || x === undefined) continue
    const name = Object.entries(values)
      .filter(([key]) => key !== across)
      .map(([key, value]) => `${titleOf(key)} ${value === 'inf' ? '∞' : value}`)
      .join(', ')
    const spots = lines.get(name) ?? []
    lines.set(name, spots)
    spots.push({ x, ...estimate })
  }
  return [...lines].map(([name, spots]) => ({ name, spots: [...spots].sort((a, b) => a.x - b.x) }))
}

const text = (x: number, y: number, content: string, anchor = 'middle', more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="#222"${more}>${escaped(content)}</text>`

const stroke = (x1: number, y1: number, x2: number, y2: number, colour: string, width = 1) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}" stroke-width="${width}"/>`

/** Names are cut to what fits beside the drawing. */
const short = (name: string) => (name.length <= 28 ? name : `${name.slice(0, 27)}…`)

/** `title`: over it; `metric`: which number. */
export function chart(title: string, metric: string, results: readonly Result[]): string {
  const across = acrossOf(results)
  const texts = [...new Set(results.map(({ values }) => values[across ?? ''] ?? ''))]
  const { places, labels } = scaleOf(texts)
  const all = across === null ? [] : linesOf(results, across, metric, places)
  const lines = all.slice(0, MOST_LINES)
  const spots = lines.flatMap((line) => line.spots)
  const ends = spots.flatMap(({ value, margin }) => [value - (margin ?? 0), value + (margin ?? 0)])
  const [low, high] = ends.length > 0 ? [Math.min(...ends), Math.max(...ends)] : [0, 1]
  const xs = [...places.values()]
  const [first, last] = [Math.min(...xs), Math.max(...xs)]
  const room = 0.05 * (high - low) || 1
  const [right, bottom] = [WIDTH - RIGHT, HEIGHT - BOTTOM]
  const atX = (x: number) => LEFT + ((x - first) / (last - first || 1)) * (right - LEFT)
  const atY = (y: number) => bottom - ((y - low + room) / (high - low + 2 * room)) * (bottom - TOP)
  const drawn = lines.flatMap(({ name, spots: own }, index) => {
    const colour = COLOURS[index % COLOURS.length]!
    const way = own.map(({ x, value }) => `${atX(x).toFixed(1)},${atY(value).toFixed(1)}`).join(' ')
    const dashes = index < COLOURS.length ? '' : ' stroke-dasharray="4 3"'
    const y = TOP + 18 * index + 6
    return [
      `<polyline points="${way}" fill="none" stroke="${colour}" stroke-width="1.5"${dashes}/>`,
      ...own.map(
        ({ x, value }) => `<circle cx="${atX(x).toFixed(1)}" cy="${atY(value).toFixed(1)}" r="2.5" fill="${colour}"/>`,
      ),
      ...own.flatMap(({ x, value, margin }) =>
        margin === null ? [] : [stroke(atX(x), atY(value - margin), atX(x), atY(value + margin), colour)],
      ),
      ...(name === ''
        ? []
        : [stroke(right + 12, y, right + 30, y, colour, 3), text(right + 36, y + 4, short(name), 'start')]),
    ]
  })
  const hidden = all.length - lines.length
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title><rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(WIDTH / 2, 20, title, 'middle', ' font-size="13"'),
    text((LEFT + right) / 2, HEIGHT - 10, across === null ? '' : titleOf(across)),
    text(16, HEIGHT / 2, titleOf(metric), 'middle', ` transform="rotate(-90 16 ${HEIGHT / 2})"`),
    ...ticks(low, high).flatMap((y) => [
      stroke(LEFT, atY(y), right, atY(y), '#ddd'),
      text(LEFT - 6, atY(y) + 4, String(y), 'end'),
    ]),
    ...labels.flatMap(({ x, text: label }) => [
      stroke(atX(x), bottom, atX(x), bottom + 4, '#222'),
      text(atX(x), bottom + 18, label),
    ]),
    ...drawn,
    ...(hidden > 0 ? [text(right + 12, TOP + 18 * MOST_LINES + 10, `and ${hidden} more lines`, 'start')] : []),
    '</svg>\n',
  ].join('\n')
}
