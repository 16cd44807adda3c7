/** Numbers on their scale, a dot a sheet, above what is right. */
import type { Ask } from '../../../lesson'
import { histogram } from '../../../lesson'
import { plain } from '../../../core/format'

const PARTS = 40
const SIZE = { width: 360, side: 12, dot: 3.4, foot: 26, least: 5, words: 72 }

interface DotsProps {
  readonly ask: Extract<Ask, { readonly kind: 'number' }>
  readonly values: readonly number[]
  readonly revealed: boolean
}

export function Dots({ ask, values, revealed }: DotsProps) {
  const { min, max, right, tolerance, unit } = ask
  const counts = histogram(values, min, max, PARTS)
  const rows = Math.max(SIZE.least, ...counts)
  const [across, pitch] = [SIZE.width - 2 * SIZE.side, 2 * SIZE.dot + 1]
  const foot = rows * pitch + 6
  const x = (value: number) => SIZE.side + (across * (Math.min(max, Math.max(min, value)) - min)) / (max - min)
  const named = (value: number) =>
    unit === 's' ? `s ${plain(value)}` : `${plain(value)}${unit === null ? '' : `\u00a0${unit}`}`
  /** An end is not written where the right value would be written over it. */
  const free = (end: number) => !revealed || Math.abs(x(end) - x(right)) > SIZE.words
  const label = `${values.length} numbers from ${named(min)} to ${named(max)}${revealed ? `; right is ${named(right)}` : ''}`
  return (
    <svg
      data-part="answer-dots"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${SIZE.width} ${foot + SIZE.foot}`}
      className="num w-full max-w-lg"
      fontSize="11"
      fill="var(--muted)"
    >
      {revealed && (
        <>
          <rect
            x={x(right - tolerance)}
            width={Math.max(2, x(right + tolerance) - x(right - tolerance))}
            y="0"
            height={foot}
            fill="var(--positive)"
            opacity="0.18"
          />
          <line x1={x(right)} x2={x(right)} y1="0" y2={foot} stroke="var(--positive)" strokeWidth="1.5" />
        </>
      )}
      {counts.flatMap((count, part) =>
        Array.from({ length: count }, (_, row) => (
          <circle
            key={`${part} ${row}`}
            cx={SIZE.side + (across * (part + 0.5)) / PARTS}
            cy={foot - 2 - (row + 0.5) * pitch}
            r={SIZE.dot}
            fill="var(--ink)"
          />
        )),
      )}
      <line x1={SIZE.side} x2={SIZE.width - SIZE.side} y1={foot} y2={foot} stroke="var(--edge)" />
      {[min, max].filter(free).map((end) => (
        <text key={end} x={x(end)} y={foot + 16} textAnchor={end === min ? 'start' : 'end'}>
          {named(end)}
        </text>
      ))}
      {revealed && (
        <text x={x(right)} y={foot + 16} textAnchor="middle" fill="var(--positive)">
          {named(right)}
        </text>
      )}
    </svg>
  )
}
