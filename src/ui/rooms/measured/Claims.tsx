/** The article's claims that rows of the table decide. */
import type { Family } from './entries'
import { claims } from './claims/index.generated'
import { FINDINGS } from './shape'

export function Claims({ families }: { readonly families: readonly Family[] }) {
  const told = [...claims]
    .sort((a, b) => a.order - b.order)
    .map((claim) => ({
      ...claim,
      found: families.flatMap(({ model, rows }) => {
        const verdict = claim.verdict(rows, model)
        return verdict ? [{ model, ...verdict }] : []
      }),
    }))
    .filter(({ found }) => found.length > 0)
  if (told.length === 0) return null
  return (
    <ul data-part="claims" className="mt-8 grid gap-x-8 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
      {told.map(({ id, article, found }) => (
        <li key={id} className="num border-t border-line pt-2 text-hint text-muted">
          <span className="block text-label font-medium text-ink">The article: {article}</span>
          {found.map(({ model, finding, sentence }) => (
            <span key={model.id} className="block">
              <strong className="font-medium text-ink">{FINDINGS[finding]}</strong>
              {families.length > 1 && ` on ${model.name}`}: {sentence}
            </span>
          ))}
        </li>
      ))}
    </ul>
  )
}
