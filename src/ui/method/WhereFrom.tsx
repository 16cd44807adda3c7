/** Where a method's numbers come from: space, scale, where it acts, what was run beside it, and how it differs. */
import { Fragment } from 'react'
import { provenanceRows } from '../../guidance/provenance'
import { provenances } from '../../guidance/provenances/index.generated'

export function WhereFrom({ method }: { readonly method: string }) {
  const told = provenances.find((provenance) => provenance.method === method)
  if (!told) return null
  return (
    <details data-part="provenance" className="border-t border-line pt-2 text-hint">
      <summary className="cursor-pointer text-muted hover:text-ink">Where its numbers come from</summary>
      <dl className="mt-1.5 grid grid-cols-[4.75rem_1fr] gap-y-1 [&_dt]:text-muted">
        {provenanceRows(told).map(([name, text]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  )
}
