/** All curves that were drawn, thin, and the measured one over them; how many have its shape. */
import { boundsOf, heightsOf, partOf, places, SHAPE_WORDS, type Ask, type Point } from '../../../lesson'
import { shapesOf } from '../../../lesson'
import { plain } from '../../../core/format'
import { useMeasured } from '../../lesson/asks/measured'

type CurveAsk = Extract<Ask, { readonly kind: 'curve' }>

const SIZE = { width: 360, height: 210, left: 40, right: 10, top: 20, bottom: 36 }
const FOOT = SIZE.height - SIZE.bottom

interface DrawnProps {
  readonly ask: CurveAsk
  readonly curves: readonly (readonly number[])[]
  readonly truth: readonly Point[]
  readonly revealed: boolean
}

function Drawn({ ask, curves, truth, revealed }: DrawnProps) {
  const { from, to, heights } = ask
  const knots = places(from, to)
  const along = (curve: readonly number[]) => knots.map((at, i): Point => [at, curve[i] ?? 0])
  const [low, high] = boundsOf(heights, truth.length > 0 ? heightsOf(truth, from, to) : curves.flat())
  const x = (at: number) => SIZE.left + ((at - from) / (to - from)) * (SIZE.width - SIZE.left - SIZE.right)
  const y = (value: number) => FOOT - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (FOOT - SIZE.top)
  const way = (points: readonly Point[]) => points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(' ')
  const short = (value: number) => plain(Number(value.toPrecision(2)))
  return (
    <svg
      data-part="answer-curves"
      role="img"
      aria-label={`${curves.length} drawn curves${revealed ? ' and the measured one' : ''}: ${ask.of} along ${ask.along}`}
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      className="num w-full max-w-lg"
      fontSize="11"
      fill="var(--muted)"
    >
      {[low, (low + high) / 2, high].map((value) => (
        <g key={value}>
          <line x1={SIZE.left} x2={SIZE.width - SIZE.right} y1={y(value)} y2={y(value)} stroke="var(--line)" />
          <text x={SIZE.left - 5} y={y(value) + 4} textAnchor="end">
            {short(value)}
          </text>
        </g>
      ))}
      {[from, (from + to) / 2, to].map((value, i) => (
        <text key={value} x={x(value)} y={FOOT + 15} textAnchor={i === 2 ? 'end' : 'middle'}>
          {short(value)}
        </text>
      ))}
      <text x={SIZE.left} y="11">
        {ask.of}
      </text>
      <text x={(SIZE.left + SIZE.width - SIZE.right) / 2} y={SIZE.height - 5} textAnchor="middle">
        {ask.along}
      </text>
      {curves.map((curve, i) => (
        <polyline key={i} points={way(along(curve))} fill="none" stroke="var(--ink)" strokeWidth="1.25" opacity="0.4" />
      ))}
      {revealed && (
        <polyline
          data-part="answer-truth"
          points={way(partOf(truth, from, to))}
          fill="none"
          stroke="var(--positive)"
          strokeWidth="3"
        />
      )}
    </svg>
  )
}

interface CurvesProps extends Omit<DrawnProps, 'truth'> {
  /** Settings with which the step begins. */
  readonly preset: string | null
}

export function Curves({ ask, curves, revealed, preset }: CurvesProps) {
  const measured = useMeasured(ask, preset)
  if (measured.kind === 'loading') return <p className="late text-hint text-muted">Fetching what was measured…</p>
  const truth = measured.kind === 'points' ? measured.points : []
  const { shape, drawn, alike } = shapesOf(curves, truth, ask.from, ask.to)
  return (
    <>
      <Drawn {...{ ask, curves, truth }} revealed={revealed && truth.length > 0} />
      {measured.kind === 'failed' && <p className="text-label text-alert">{measured.message}</p>}
      <p className="num text-label">
        {drawn.map(([each, count]) => `${count} × ${SHAPE_WORDS[each]}`).join('; ')}
        {curves.length > 0 && '. '}
        {revealed && truth.length > 0 && (
          <span className="text-positive">
            What was measured {SHAPE_WORDS[shape]}: {alike} of {curves.length} drew it so.
          </span>
        )}
      </p>
    </>
  )
}
