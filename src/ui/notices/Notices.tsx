/** What went wrong, in a sentence, and a way on. Never blocks the page. */
import { lastResort } from '../../worker/client/backends'
import type { EngineFailure } from '../../core/failure'
import { type Remedy, remediesFor } from './remedies'
import { usePage, useSession } from '../app/store'
import { NewVersion, Notice, Refusal, Told } from './Told'

function Failure({ failure, remedies }: { readonly failure: EngineFailure; readonly remedies: readonly Remedy[] }) {
  const session = useSession()
  const act = (remedy: Remedy) => {
    switch (remedy.kind) {
      case 'restart':
        return session.restart()
      case 'rerun':
        return session.rerun()
      case 'use-auto':
        return session.chooseBackend('auto')
      case 'use-last-resort':
        return session.chooseBackend(lastResort)
      case 'reset-layers':
        return session.resetMethod()
      case 'load-page':
        return window.location.reload()
      default:
        return remedy.kind satisfies never
    }
  }
  return (
    <Notice
      tone="alert"
      actions={remedies.map((remedy) => (
        <button
          key={remedy.kind}
          type="button"
          data-part={`remedy-${remedy.kind}`}
          className="button"
          onClick={() => act(remedy)}
        >
          {remedy.label}
        </button>
      ))}
    >
      <span className="font-medium text-alert">{failure.message}</span> {failure.remedy}
    </Notice>
  )
}

/** What the page has to say that does not stop it. */
function AllTold() {
  const session = useSession()
  const { warning, problems, notes, refusal, newVersion } = usePage((state) => state.notices)
  return (
    <>
      {newVersion && <NewVersion />}
      {warning && (
        <Told onDismiss={() => session.set({ notices: { warning: null } })}>
          {warning.message} <span className="text-muted">{warning.remedy}</span>
        </Told>
      )}
      {refusal && <Refusal why={refusal} onDismiss={() => session.set({ notices: { refusal: null } })} />}
      {notes.map((note) => (
        <Told key={note} onDismiss={() => session.set({ notices: { notes: notes.filter((other) => other !== note) } })}>
          {note}
        </Told>
      ))}
      {problems.length > 0 && (
        <Told onDismiss={() => session.set({ notices: { problems: [] } })}>
          <p className="font-medium">Part of this link was not understood; the default stands in its place.</p>
          <ul className="text-muted">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Told>
      )}
    </>
  )
}

export function Notices() {
  const engine = usePage((state) => state.engine.status)
  const choice = usePage((state) => state.engine.choice)
  const runFailure = usePage((state) => state.run.failure)
  return (
    <div className="flex flex-col gap-2 pt-3 pb-1 has-[>:only-child:empty]:hidden lg:pb-0">
      <div role="alert" className="flex flex-col gap-2 empty:hidden">
        {engine.kind === 'failed' && (
          <Failure failure={engine.failure} remedies={remediesFor(engine.failure, 'engine', choice)} />
        )}
        {runFailure && <Failure failure={runFailure} remedies={remediesFor(runFailure, 'run', choice)} />}
      </div>
      {engine.kind === 'recovering' && (
        <Notice tone="plain">
          {engine.failure.message} {engine.failure.remedy}
        </Notice>
      )}
      <AllTold />
    </div>
  )
}
