/** What was measured of all methods, on all families: one table, and the article's curves beside what it says of them. */
import { useEffect, useMemo, useState } from 'react'
import { messageOf } from '../../../core/failure'
import type { Curve } from '../../../evaluation/curves'
import type { Published } from '../../../evaluation/published'
import { shownFamilies } from '../../../model/families'
import { cardAddress } from '../../../model/served'
import type { ModelInfo } from '../../../model/types'
import { decodeLink, firstSettings, linkModel } from '../../../settings'
import { openPort } from '../../app/engine-port'
import { Link } from '../../kit/Link'
import { useRoomDocument } from '../document'
import { type RoomProps, withoutRoom } from '../rooms'
import { Claims } from './Claims'
import { entriesOf, type Family } from './entries'
import { MethodTable } from './MethodTable'
import { Shapes } from './Shapes'
import { Summaries } from './Summaries'

const TITLE = 'All methods, measured'

interface Evaluation {
  readonly model: ModelInfo
  readonly rows: readonly Published[]
  readonly curves: readonly Curve[]
}

type Loaded =
  | { readonly kind: 'loading' }
  /** Of a family whose numbers can't be shown, a sentence. */
  | { readonly kind: 'loaded'; readonly evaluations: readonly Evaluation[]; readonly failures: readonly string[] }

async function load(): Promise<Loaded> {
  const { models, publishedOf, curvesOf } = openPort()
  const failures: string[] = []
  const all = await Promise.all(
    shownFamilies(models).map(async (model): Promise<Evaluation> => {
      try {
        return { model, rows: await publishedOf(model), curves: await curvesOf(model) }
      } catch (error) {
        failures.push(`What was measured of ${model.name} can’t be shown: ${messageOf(error)}`)
        return { model, rows: [], curves: [] }
      }
    }),
  )
  return { kind: 'loaded', evaluations: all.filter(({ rows }) => rows.length > 0), failures }
}

function useEvaluations() {
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  useEffect(() => void load().then(setLoaded), [])
  const again = () => {
    setLoaded({ kind: 'loading' })
    void load().then(setLoaded)
  }
  return { loaded, again }
}

interface FailedProps {
  readonly failures: readonly string[]
  readonly again: () => void
}

function Failed({ failures, again }: FailedProps) {
  return (
    <div
      role="alert"
      data-part="measured-failed"
      className="mt-3 flex max-w-[52rem] flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-alert bg-surface px-3 py-2 text-label"
    >
      <div className="min-w-0 flex-[1_1_18rem]">
        {failures.map((failure) => (
          <p key={failure}>{failure}</p>
        ))}
      </div>
      <button type="button" className="button" data-part="measured-again" onClick={again}>
        Try again
      </button>
    </div>
  )
}

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
function Cards({ evaluations }: { readonly evaluations: readonly Evaluation[] }) {
  return (
    <p className="mt-8 border-t border-line pt-3 text-hint text-muted">
      How it was measured, all networks and Heun’s solver beside Euler’s:{' '}
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
            <Cards evaluations={loaded.evaluations} />
          </>
        )}
      </main>
    </>
  )
}
