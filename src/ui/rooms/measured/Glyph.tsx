/** The dot of a verdict: full where guidance helps, square where it harms, hollow where that is not told apart. */
import type { Verdict } from '../../method/measured'

/** The colour of text; lines and fills are its `currentColor`. */
export const COLOUR = {
  helps: 'text-positive',
  same: 'text-muted',
  harms: 'text-negative',
} as const satisfies Record<Verdict, string>

function shapeOf(verdict: Verdict) {
  switch (verdict) {
    case 'helps':
      return <circle r="4" fill="currentColor" />
    case 'same':
      return <circle r="3.5" fill="var(--bg)" stroke="currentColor" strokeWidth="1.5" />
    case 'harms':
      return <rect x="-4" y="-4" width="8" height="8" fill="currentColor" transform="rotate(45)" />
    default:
      return verdict satisfies never
  }
}

/** In the middle of twelve units, inside a drawing. */
export function Glyph({ verdict, transform }: { readonly verdict: Verdict; readonly transform?: string }) {
  return (
    <g className={COLOUR[verdict]} transform={transform}>
      {shapeOf(verdict)}
    </g>
  )
}

/** Beside text. */
export function Dot({ verdict }: { readonly verdict: Verdict }) {
  return (
    <svg viewBox="-6 -6 12 12" className="size-3 overflow-visible" aria-hidden>
      <Glyph verdict={verdict} />
    </svg>
  )
}
