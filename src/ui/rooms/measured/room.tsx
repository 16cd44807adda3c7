/** What was measured of all methods, on all families: one table, and the article's curves beside what it says of them. */
import { useMemo } from 'react'
import { cardAddress } from '../../../model/served'
import { decodeLink, firstSettings, linkModel } from '../../../settings'
import { Link } from '../../kit/Link'
import { useRoomDocument } from '../document'
import { roomAddress, type RoomProps, withoutRoom } from '../rooms'
import { Claims } from './Claims'
import { entriesOf, type Family } from './entries'
import { type Evaluation, Failed, useEvaluations } from './evaluations'
import { MethodTable } from './MethodTable'
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
  const { loaded, again } = useEvaluations()
  const address = withoutRoom(hash)
  const heading = useRoomDocument(TITLE)
  return (
    <>
      <header className="flex h-12 items-center gap-4 border-b border-line px-3 sm:px-6">
        <p className="shrink-0 font-semibold tracking-[-0.01em]">
          Guidance<span className="max-sm:hidden"> Playground</span>
        </p>
        <a data-part="to-play" className="button ml-auto" href={address}>
          Back to the pictures
        </a>
      </header>
      <main className="mx-auto max-w-[82rem] px-3 pt-5 pb-12 sm:px-6">
        <h1 ref={heading} tabIndex={-1} className="text-lead font-semibold outline-none">
          {TITLE}
        </h1>
        {loaded.kind === 'loading' && <p className="mt-2 text-label text-muted">Fetching what was measured…</p>}
        {loaded.kind === 'loaded' && loaded.failures.length > 0 && (
          <Failed
            failures={loaded.failures}
            again={() => {
              heading.current?.focus({ preventScroll: true })
              again()
            }}
          />
        )}
        {loaded.kind === 'loaded' && loaded.evaluations.length > 0 && (
          <>
            <Contents evaluations={loaded.evaluations} address={address} />
            <Cards evaluations={loaded.evaluations} address={address} />
          </>
        )}
      </main>
    </>
  )
}
