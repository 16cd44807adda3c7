/** Paints the plane on a canvas: lines of equal density, the field that guidance adds, the points, and the way of one of them. */
import { gridPoints, halfView } from '../../../plane/grid'
import type { Lines } from '../../../plane/ground'
import type { Trajectory } from '../../../sampling/records'
import { isGuided } from '../../../guidance/index'
import { cellsNear, type Moment, momentAt, pointNear, pointsAt, trace } from './geometry'
import type { Plane, PlaneState, Shown } from './plane'

type Colour = 'ink' | 'muted' | 'line' | 'edge' | 'positive' | 'negative' | 'alert' | 'surface'

const COLOURS: readonly Colour[] = ['ink', 'muted', 'line', 'edge', 'positive', 'negative', 'alert', 'surface']

export const COLOUR_OF: Readonly<Record<Trajectory, Colour>> = {
  positive: 'positive',
  negative: 'negative',
  guided: 'ink',
}

/** Arrows to a side. */
const ARROWS = 23
/** Share of the arrows that are longer than a cell. */
const LONGEST = 0.97

interface Field {
  readonly x: Float32Array
  readonly arrows: Float32Array
  readonly sigma: number
}

export class Painter {
  readonly #context: CanvasRenderingContext2D
  #colours: Readonly<Record<Colour, string>>
  #frame = 0
  #lines: { readonly wanted: Lines; readonly other: Lines | null } | null = null
  #linesOf = ''
  #field: Field | null = null
  #fieldOf = ''
  readonly #stop: () => void

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly plane: Plane,
    /** What is painted otherwise than the room shows it. */
    private readonly other: Partial<PlaneState> = {},
  ) {
    const context = canvas.getContext('2d')
    if (!context) throw new Error('This browser draws no canvas.')
    this.#context = context
    this.#colours = this.#readColours()
    this.#stop = plane.store.subscribe(() => this.ask())
    this.ask()
  }

  /** After the theme changed. */
  recolour(): void {
    this.#colours = this.#readColours()
    this.ask()
  }

  /** Paints at the next frame. */
  ask(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => this.#paint({ ...this.plane.store.getState(), ...this.other }))
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    this.#stop()
  }

  /** The point of the shown trajectory at a place of the canvas, from −1 to 1. */
  pointAt(x: number, y: number): number | null {
    const { shown, position, trajectory } = this.plane.store.getState()
    const path = shown?.paths[trajectory]
    if (!shown || !path) return null
    const moment = momentAt(position, shown.sigmas)
    return pointNear(pointsAt(path, moment, shown.sigmas), this.#half(moment.sigma), x, y)
  }

  #half(sigma: number): number {
    return halfView(sigma, this.plane.session.store.getState().model.dataDeviation)
  }

  /** The theme's colours as the browser computes them: a variable alone may still be a choice of two. */
  #readColours(): Readonly<Record<Colour, string>> {
    const { style } = this.canvas
    const read = (name: Colour) => {
      style.color = `var(--${name})`
      return getComputedStyle(this.canvas).color
    }
    const [ink, muted, line, edge, positive, negative, alert, surface] = COLOURS.map(read)
    style.color = ''
    const of = (colour: string | undefined) => colour ?? 'gray'
    return {
      ink: of(ink),
      muted: of(muted),
      line: of(line),
      edge: of(edge),
      positive: of(positive),
      negative: of(negative),
      alert: of(alert),
      surface: of(surface),
    }
  }

  #paint(state: PlaneState): void {
    const { width, height } = this.canvas
    const context = this.#context
    context.clearRect(0, 0, width, height)
    const { shown } = state
    if (!shown) return
    const moment = momentAt(state.position, shown.sigmas)
    const half = this.#half(moment.sigma)
    this.#fetch(shown, moment, state)
    if (state.lines) this.#paintLines(half)
    if (state.field && isGuided(shown.settings)) this.#paintField(half, shown, moment)
    this.#paintPoints(state, shown, moment, half)
    this.#paintTrace(state, shown, moment)
  }

  /** Asks for what lies under the points at this moment; it is painted when it comes. */
  #fetch(shown: Shown, moment: Moment, { lines, field }: PlaneState): void {
    const { settings, sigmas } = shown
    const sigma = sigmas[moment.nearest]!
    const label = settings.class
    const linesOf = `${sigma} ${label}`
    if (lines && linesOf !== this.#linesOf) {
      this.#linesOf = linesOf
      const other = label === null ? null : this.plane.linesAt(sigma, 1 - label)
      void Promise.all([this.plane.linesAt(sigma, label), other]).then(([wanted, rest]) => {
        if (this.#linesOf !== linesOf) return
        this.#lines = { wanted, other: rest }
        this.ask()
      }, this.#missed)
    }
    const step = Math.min(moment.nearest, settings.steps - 1)
    const fieldOf = `${JSON.stringify(settings)} ${step}`
    if (!field || fieldOf === this.#fieldOf) return
    this.#fieldOf = fieldOf
    const at = sigmas[step]!
    const x = gridPoints({ half: this.#half(at) * (1 - 1 / ARROWS) }, ARROWS)
    void this.plane.fieldAt(settings, step, x).then((arrows) => {
      if (this.#fieldOf !== fieldOf) return
      this.#field = arrows && { x, arrows, sigma: at }
      this.ask()
    }, this.#missed)
  }

  /** What goes wrong with a worker is told with the points. */
  readonly #missed = () => undefined

  #place(x: number, y: number): readonly [number, number] {
    const { width } = this.canvas
    return [((x + 1) / 2) * width, ((1 - y) / 2) * width]
  }

  #paintLines(half: number): void {
    if (!this.#lines) return
    const { wanted, other } = this.#lines
    const scale = devicePixelRatio
    if (other) this.#strokeLines(other.lines.slice(0, 1), half, this.#colours.line, scale)
    for (const [i, line] of wanted.lines.entries())
      this.#strokeLines([line], half, i === 0 ? this.#colours.edge : this.#colours.line, scale)
  }

  #strokeLines(lines: readonly Float32Array[], half: number, colour: string, width: number): void {
    const context = this.#context
    context.beginPath()
    for (const line of lines) {
      for (let at = 0; at < line.length; at += 4) {
        context.moveTo(...this.#place(line[at]! / half, line[at + 1]! / half))
        context.lineTo(...this.#place(line[at + 2]! / half, line[at + 3]! / half))
      }
    }
    context.strokeStyle = colour
    context.lineWidth = width
    context.stroke()
  }

  #paintField(half: number, { paths, sigmas }: Shown, moment: Moment): void {
    if (!this.#field || !paths.guided) return
    const { x, arrows, sigma } = this.#field
    const own = this.#half(sigma)
    const there = cellsNear(pointsAt(paths.guided, moment, sigmas), half, ARROWS)
    const lengths = Array.from(there, (near, i) => (near ? Math.hypot(arrows[2 * i]!, arrows[2 * i + 1]!) : 0))
    const sorted = lengths.filter((length) => length > 0).sort((a, b) => a - b)
    const longest = sorted[Math.floor(LONGEST * sorted.length)]
    if (longest === undefined) return
    const cell = (2 * own) / ARROWS
    const context = this.#context
    context.beginPath()
    for (const [i, length] of lengths.entries()) {
      const shown = (Math.min(length, longest) / longest) * 0.9 * cell
      if (shown < 0.04 * cell) continue
      const [dx, dy] = [(arrows[2 * i]! / length) * shown, (arrows[2 * i + 1]! / length) * shown]
      this.#arrow(x[2 * i]! / half, x[2 * i + 1]! / half, dx / half, dy / half)
    }
    context.strokeStyle = this.#colours.muted
    context.globalAlpha = 0.5
    context.lineWidth = devicePixelRatio
    context.stroke()
    context.globalAlpha = 1
  }

  #arrow(x: number, y: number, dx: number, dy: number): void {
    const context = this.#context
    context.moveTo(...this.#place(x, y))
    context.lineTo(...this.#place(x + dx, y + dy))
    for (const side of [-1, 1]) {
      context.moveTo(...this.#place(x + dx, y + dy))
      context.lineTo(...this.#place(x + 0.7 * dx - side * 0.18 * dy, y + 0.7 * dy + side * 0.18 * dx))
    }
  }

  #paintPoints({ trajectory }: PlaneState, shown: Shown, moment: Moment, half: number): void {
    const path = shown.paths[trajectory]
    if (!path) return
    const points = pointsAt(path, moment, shown.sigmas)
    const flags = shown.measures[trajectory]?.flags
    const side = Math.max(1.5, this.canvas.width / 330)
    const context = this.#context
    for (const outside of [0, 1]) {
      context.fillStyle = outside ? this.#colours.alert : this.#colours[COLOUR_OF[trajectory]]
      for (let p = 0; p < points.length / 2; p++) {
        if ((flags?.[p] ?? 0) !== outside) continue
        const [x, y] = this.#place(points[2 * p]! / half, points[2 * p + 1]! / half)
        context.fillRect(x - side / 2, y - side / 2, side, side)
      }
    }
  }

  #paintTrace({ followed }: PlaneState, shown: Shown, moment: Moment): void {
    const point = followed ?? repairedPoint(shown)
    if (point === null) return
    const { dataDeviation: sigmaData } = this.plane.session.store.getState().model
    for (const which of ['negative', 'positive', 'guided'] as const) {
      const path = shown.paths[which]
      if (!path) continue
      const way = trace(path, point, moment, shown.sigmas, sigmaData).map(([x, y]) => this.#place(x, y))
      // A rim in the page's own colour, so that it is seen over points.
      this.#strokeWay(way, this.#colours.surface, 4)
      this.#strokeWay(way, this.#colours[COLOUR_OF[which]], 1.5)
    }
  }

  #strokeWay(way: readonly (readonly [number, number])[], colour: string, width: number): void {
    const context = this.#context
    const scale = devicePixelRatio
    context.beginPath()
    for (const at of way) context.lineTo(...at)
    context.strokeStyle = colour
    context.lineWidth = width * scale
    context.lineJoin = 'round'
    context.stroke()
    const end = way.at(-1)
    if (!end) return
    context.beginPath()
    context.arc(...end, (width + 1.5) * scale, 0, 2 * Math.PI)
    context.fillStyle = colour
    context.fill()
  }
}

/** A point that ended outside alone and inside with guidance, the next after `after`; null where there is none. */
export function repairedPoint({ measures }: Shown, after = -1): number | null {
  const [alone, guided] = [measures.positive?.flags, measures.guided?.flags]
  if (!alone || !guided) return null
  for (let p = after + 1; p < alone.length; p++) if (alone[p] === 1 && guided[p] === 0) return p
  return null
}
