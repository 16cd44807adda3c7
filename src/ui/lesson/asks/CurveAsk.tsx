/** A curve that is drawn by hand or by keys, and then the measured one over it. */
import { useState } from 'react'
import { boundsOf, compared, heightsOf, KNOTS, places, type Point, SHAPE_WORDS } from '../../../lesson'
import { plain } from '../../../core/format'
import { usePageView } from '../../view/Part'
import type { AskProps } from '../tasks/props'
import { CurvePad, type Frame } from './CurvePad'
import { useMeasured } from './measured'
import { Say } from './Say'

function frameOf(
  { along, of, from, to, heights }: AskProps<'curve'>['ask'],
  points: readonly Point[],
  large: boolean,
): Frame {
  const [low, high] = boundsOf(heights, heightsOf(points, from, to))
  return { along, of, from, to, low, high, large }
}

const shown = (x: number) => plain(Number(x.toPrecision(2)))

function Compared({
  frame,
  heights,
  points,
}: {
  readonly frame: Frame
  readonly heights: readonly number[]
  readonly points: readonly Point[]
}) {
  const { drawn, measured, turns } = compared(heights, points, frame.from, frame.to)
  const same = drawn === measured
  return (
    <p data-part="lesson-verdict" data-right={same} className="text-label">
      <span className={`font-medium ${same ? 'text-positive' : 'text-negative'}`}>
        {same ? '✓ The same shape: ' : '✗ Another shape. '}
      </span>
      {same
        ? `it ${SHAPE_WORDS[measured]}.`
        : `Yours ${SHAPE_WORDS[drawn]}; the measured one ${SHAPE_WORDS[measured]}.`}
      {turns && ` Yours turns at ${frame.along} ${shown(turns[0])}, the measured one at ${shown(turns[1])}.`}
    </p>
  )
}

export function CurveAsk({ ask, question, answer, onAnswer }: AskProps<'curve'>) {
  const measured = useMeasured(ask, null)
  const large = usePageView((view) => view.present && !view.embed)
  const [drawn, setDrawn] = useState<readonly number[] | null>(null)
  if (measured.kind === 'loading') return <p className="text-hint text-muted">Fetching what was measured…</p>
  if (measured.kind === 'failed') return <p className="text-label text-alert">{measured.message}</p>
  const frame = frameOf(ask, measured.points, large)
  const middle = places(ask.from, ask.to).map(() => (frame.low + frame.high) / 2)
  const heights = answer?.heights.length === KNOTS ? answer.heights : (drawn ?? middle)
  if (answer !== null) {
    return (
      <>
        <CurvePad frame={frame} label={question} heights={heights} begun measured={measured.points} onDraw={null} />
        <Compared frame={frame} heights={heights} points={measured.points} />
      </>
    )
  }
  return (
    <>
      <CurvePad
        frame={frame}
        label={question}
        heights={heights}
        begun={drawn !== null}
        measured={null}
        onDraw={setDrawn}
      />
      <p className="text-hint text-muted">
        Draw from left to right. By keys: ← and → go along the curve, ↑ and ↓ move it.
      </p>
      <Say disabled={drawn === null} onClick={() => drawn && onAnswer({ kind: 'curve', heights: drawn })} />
    </>
  )
}
