/** Each family in a sentence or two: how many methods help, and what sampling longer gains without any. */
import type { ReactNode } from 'react'
import { fixed } from '../../../core/format'
import { type Entry, type Family, referenceOf, type Summary, summaryOf } from './entries'
import { list } from './words'

const count = (images: number) => images.toLocaleString('en')

/** What the best control is and gains, and which methods gain more. */
function Control({ control, beyond }: Summary): ReactNode {
  if (control?.row.against?.margin === undefined || control.verdict !== 'helps') return null
  const { name, against, evaluations } = control.row
  return (
    <>
      {' '}
      <strong className="font-medium">
        {name.replace('No guidance, ', '')} alone, without guidance, gains {fixed(-against.value)}
      </strong>
      {against.margin !== null && ` ± ${fixed(against.margin)}`} with {evaluations} evaluations an image
      {beyond.length > 0
        ? `; only ${list(beyond)} ${beyond.length === 1 ? 'gains' : 'gain'} more than that, beyond both intervals.`
        : '; no method gains more than that, beyond both intervals.'}
    </>
  )
}

function Sentences({ family, summary }: { readonly family: Family; readonly summary: Summary }) {
  const { model, helps, same, harms } = summary
  const reference = referenceOf(family)
  const all = helps + same + harms
  return (
    <p className="num mt-2 max-w-[52rem] text-label">
      <strong className="font-medium">
        {model.name}: {helps} of {all} methods help
      </strong>{' '}
      at their best scale, {same} {same === 1 ? 'is' : 'are'} not told apart from no guidance, {harms}{' '}
      {harms === 1 ? 'harms' : 'harm'}.
      <Control {...summary} />
      {reference && (
        <span className="text-muted">
          {' '}
          {model.judge?.metric ?? 'Fréchet distance'} without guidance {fixed(reference.frechet.value)}
          {reference.frechet.margin !== null && ` ± ${fixed(reference.frechet.margin)}`}, lower is better;{' '}
          {count(reference.images)} images a row, {reference.settings.steps} Euler steps, unless the row says otherwise.
        </span>
      )}
    </p>
  )
}

export function Summaries({
  families,
  entries,
}: {
  readonly families: readonly Family[]
  readonly entries: readonly Entry[]
}) {
  return (
    <div data-part="measured-summary">
      {families.map((family) => (
        <Sentences key={family.model.id} family={family} summary={summaryOf(entries, family.model)} />
      ))}
    </div>
  )
}
