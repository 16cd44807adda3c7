/** What was measured of all methods, on all families: one table, and the article's curves beside what it says of them. */
import { useMemo } from 'react'
import { cardAddress } from '../../../model/served'
import { decodeLink, firstSettings, linkModel, withoutRoom } from '../../../settings'
import { Link } from '../../kit/Link'
import { roomAddress, type RoomProps } from '../rooms'
import { Claims } from './Claims'
import { entriesOf, type Family } from './entries'
import { type Evaluation, useEvaluations } from './evaluations'
import { MethodTable } from './MethodTable'
import { Page } from './Page'
import { Shapes } from './Shapes'
import { Summaries } from './Summaries'

const TITLE = 'All methods, measured'

/** What is in force in the address, of its own family; other families are at their first picture. */
function familiesOf(evaluations: readonly Evaluation[], address: string): readonly Family[] {
  const asked = linkModel(
    address,
    evaluations.map(({ model }) => model),
  )
  return evaluations.map(({ model, rows }) => ({
    model,
    rows,
    now: model.id === asked ? decodeLink(address, model).settings : firstSettings(model),
    asked: model.id === asked,
  }))
}

function Contents({ evaluations, address }: { readonly evaluations: readonly Evaluation[]; readonly address: string }) {
  const families = useMemo(() => familiesOf(evaluations, address), [evaluations, address])
  const entries = useMemo(() => entriesOf(families), [families])
  return (
    <>
      <Summaries families={families} entries={entries} />
      <MethodTable families={families} entries={entries} />
      <Shapes
        drawn={evaluations.flatMap(({ model, curves }) => {
          const now = families.find((family) => family.model === model)?.now ?? firstSettings(model)
          return curves.map((curve) => ({ model, curve, now }))
        })}
      />
      <Claims families={families} />
    </>
  )
}

/** Where more is told. */
function Cards({ evaluations, address }: { readonly evaluations: readonly Evaluation[]; readonly address: string }) {
  return (
    <p className="mt-8 border-t border-line pt-3 text-hint text-muted">
      <a className="link text-ink" data-part="to-article" href={roomAddress('article', address.slice(1))}>
        The article, section by section
      </a>
      , with pictures of each point. How it was measured, all networks and Heun’s solver beside Euler’s:{' '}
      {evaluations.map(({ model }, at) => (
        <span key={model.id}>
          {at > 0 && ', '}
          <Link href={cardAddress(model.id)}>model card of {model.name}</Link>
        </span>
      ))}
      .
    </p>
  )
}

export default function MeasuredRoom({ hash }: RoomProps) {
  const evaluations = useEvaluations()
  const { loaded } = evaluations
  const address = withoutRoom(hash)
  return (
    <Page title={TITLE} back={address} {...evaluations}>
      {loaded.kind === 'loaded' && loaded.evaluations.length > 0 && (
        <>
          <Contents evaluations={loaded.evaluations} address={address} />
          <Cards evaluations={loaded.evaluations} address={address} />
        </>
      )}
    </Page>
  )
}
