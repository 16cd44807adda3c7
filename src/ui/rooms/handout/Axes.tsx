/** Empty axes on which a curve is drawn by hand; on the teacher's sheet the measured one. */
import { boundsOf, heightsOf, partOf, type Ask } from '../../../lesson'
import { plain } from '../../../core/format'
import { useMeasured } from '../../lesson/asks/measured'

const AXES = { width: 360, height: 200, left: 34, right: 8, top: 18, bottom: 32 }

const foot = AXES.height - AXES.bottom
const x = (share: number) => AXES.left + share * (AXES.width - AXES.left - AXES.right)
const y = (share: number) => foot - share * (foot - AXES.top)

/** Squared paper between two axes. */
function Grid() {
  return (
    <>
      {Array.from({ length: 13 }, (_, i) => (
        <line
          key={`x${i}`}
          x1={x(i / 12)}
          x2={x(i / 12)}
          y1={y(0)}
          y2={y(1)}
          stroke={i === 0 ? 'var(--ink)' : 'var(--line)'}
        />
      ))}
      {Array.from({ length: 7 }, (_, i) => (
        <line
          key={`y${i}`}
          x1={x(0)}
          x2={x(1)}
          y1={y(i / 6)}
          y2={y(i / 6)}
          stroke={i === 0 ? 'var(--ink)' : 'var(--line)'}
        />
      ))}
    </>
  )
}

interface AxesProps {
  readonly ask: Extract<Ask, { readonly kind: 'curve' }>
  /** Whether the measured curve is drawn. */
  readonly answers: boolean
  /** Settings with which the step begins. */
  readonly preset: string | null
}

export function Axes({ ask, answers, preset }: AxesProps) {
  const measured = useMeasured(ask, preset)
  const truth = measured.kind === 'points' ? measured.points : []
  const [low, high] = boundsOf(ask.heights, heightsOf(truth, ask.from, ask.to))
  const way = partOf(truth, ask.from, ask.to).map(
    ([at, value]) =>
      `${x((at - ask.from) / (ask.to - ask.from)).toFixed(1)},${y((value - low) / (high - low)).toFixed(1)}`,
  )
  const short = (value: number) => plain(Number(value.toPrecision(2)))
  return (
    <>
      <svg
        viewBox={`0 0 ${AXES.width} ${AXES.height}`}
        className="num w-full max-w-md"
        fontSize="11"
        fill="var(--ink)"
        role="img"
        aria-label={`Axes for a curve: ${ask.of} along ${ask.along}`}
      >
        <Grid />
        {measured.kind !== 'loading' &&
          [0, 0.5, 1].map((share) => (
            <text key={share} x={AXES.left - 5} y={y(share) + 4} textAnchor="end">
              {short(low + share * (high - low))}
            </text>
          ))}
        {[0, 0.5, 1].map((share) => (
          <text key={share} x={x(share)} y={foot + 14} textAnchor={share === 1 ? 'end' : 'middle'}>
            {short(ask.from + share * (ask.to - ask.from))}
          </text>
        ))}
        <text x={AXES.left} y="11">
          {ask.of}
        </text>
        <text x={x(0.5)} y={AXES.height - 4} textAnchor="middle">
          {ask.along}
        </text>
        {answers && <polyline points={way.join(' ')} fill="none" stroke="var(--ink)" strokeWidth="2" />}
      </svg>
      {answers && measured.kind === 'failed' && <p className="text-label text-alert">{measured.message}</p>}
    </>
  )
}
