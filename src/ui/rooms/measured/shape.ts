/** What a shape of the article is: curves that it is about, what the article says of them, and a verdict from the numbers. Pure. */
import type { Curve, CurvePoint } from '../../../evaluation/curves'
import type { Estimate } from '../../../evaluation/metrics'
import type { ModelInfo } from '../../../model/types'
import { verdictOf } from '../../method/measured'

export interface Place {
  /** Where on the axis, in its own units or one after the other. */
  readonly at: number
  /** Under the axis, and in a sentence after `across`. */
  readonly label: string
  readonly name: string
}

/** A point as it is drawn and judged: how far from no guidance. */
export interface ShapePoint extends Place {
  readonly point: CurvePoint
  readonly against: Estimate
}

export type Finding = 'met' | 'open' | 'missed'

export interface ShapeVerdict {
  readonly finding: Finding
  readonly sentence: string
}

/** A file of `shapes/`. */
export interface Shape {
  readonly id: string
  /** Place on the page. */
  readonly order: number
  /** The curves that it is about: of which method, and what changes along them. */
  readonly of: readonly { readonly method: string; readonly key: string }[]
  /** What stands under the axis. */
  readonly across: string
  /** What the article says, completing “The article: …”. */
  readonly article: string
  place(point: CurvePoint, index: number, model: ModelInfo): Place
  /** Of points in the order of the axis; the neutral ones, which guide nothing, are among them. */
  verdict(points: readonly ShapePoint[]): ShapeVerdict
}

export const FINDINGS = {
  met: 'As in the article',
  open: 'Not told apart',
  missed: 'Not as in the article',
} as const satisfies Record<Finding, string>

const NEUTRAL: Estimate = { value: 0, margin: 0 }

/** The points of a curve that were compared with no guidance. At s = 0 that is what they are. */
export function pointsOf(curve: Curve, shape: Shape, model: ModelInfo): readonly ShapePoint[] {
  return curve.points.flatMap((point, index) => {
    const against = point.settings.scale === 0 ? NEUTRAL : point.against
    return against ? [{ ...shape.place(point, index, model), point, against }] : []
  })
}

export const helps = ({ against }: ShapePoint): boolean => verdictOf(against) === 'helps'
export const harms = ({ against }: ShapePoint): boolean => verdictOf(against) === 'harms'

/** The lowest. Throws RangeError where there are no points. */
export function bestOf(points: readonly ShapePoint[]): ShapePoint {
  const [best] = [...points].sort((a, b) => a.against.value - b.against.value)
  if (!best) throw new RangeError('a curve without points has no best one')
  return best
}

/** From where on, beyond a point, all are worse than no guidance; undefined where the last one is not. */
export function harmsFrom(points: readonly ShapePoint[], beyond: ShapePoint): ShapePoint | undefined {
  const rest = points.slice(points.indexOf(beyond) + 1)
  return rest.find((_, at) => rest.slice(at).every(harms))
}
