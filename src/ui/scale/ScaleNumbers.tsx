/** A scale in both forms: as s, and as the w of papers. */
import { scaleText } from '../../core/format'

export function ScaleNumbers({ scale }: { readonly scale: number }) {
  return (
    <p
      data-part="scales"
      translate="no"
      className="num flex gap-2.5 text-label whitespace-nowrap"
      title="s in D⁺ + s (D⁺ − D⁻), and the same as w in D⁻ + w (D⁺ − D⁻)"
    >
      <span className="min-w-12 font-medium">s {scaleText(scale)}</span>
      <span className="min-w-13 text-muted">w {scaleText(Number((scale + 1).toFixed(4)))}</span>
    </p>
  )
}
