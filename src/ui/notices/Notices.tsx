/** What went wrong, in a sentence, and a way on. Never blocks the page. */
import { Hint } from '../kit/Hint'
import type { ReactNode } from 'react'
import { lastResort } from '../../worker/client/backends'
import type { EngineFailure } from '../../core/failure'
import { type Remedy, remediesFor } from './remedies'
import { sameSettings } from '../../settings'
import { usePage, useSession } from '../app/store'

function Notice({
  tone,
  children,
  actions,
}: {
  readonly tone: 'alert' | 'plain'
  readonly children: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <div
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border px-3 py-2 text-label ${tone === 'alert' ? 'border-alert' : 'border-line'} bg-surface`}
    >
      <div className="min-w-0 flex-[1_1_18rem]">{children}</div>
      {actions && <div className="flex gap-1.5">{actions}</div>}
    </div>
  )
}

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
      default:
        return remedy.kind satisfies never
    }
  }
  return (
    <Notice
      tone="alert"
      actions={remedies.map((remedy) => (
        <button key={remedy.kind} type="button" className="button" onClick={() => act(remedy)}>
          {remedy.label}
        </button>
      ))}
    >
      <span className="font-medium text-alert">{failure.message}</span> {failure.remedy}
    </Notice>
  )
}

export function Notices() {
  const session = useSession()
  const engine = usePage((state) => state.engine.status)
  const choice = usePage((state) => state.engine.choice)
  const runFailure = usePage((state) => state.run.failure)
  const warning = usePage((state) => state.notices.warning)
  const problems = usePage((state) => state.notices.problems)
  const notes = usePage((state) => state.notices.notes)
  const refusal = usePage((state) => state.notices.refusal)
  const waiting = usePage(
    ({ run: { shown }, settings, engine: { status } }) =>
      status.kind === 'loading' && shown !== null && !sameSettings(shown.settings, settings),
  )
  return (
    <div className="flex flex-col gap-2 pt-3 pb-1 has-[>:only-child:empty]:hidden lg:pt-0 lg:pb-3">
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
      {warning && (
        <Notice
          tone="plain"
          actions={
            <button type="button" className="button" onClick={() => session.set({ notices: { warning: null } })}>
              Dismiss
            </button>
          }
        >
          {warning.message} <span className="text-muted">{warning.remedy}</span>
        </Notice>
      )}
      {refusal && (
        <Notice
          tone="plain"
          actions={
            <button type="button" className="button" onClick={() => session.set({ notices: { refusal: null } })}>
              Dismiss
            </button>
          }
        >
          <p className="font-medium">This file was not opened; nothing has changed.</p>
          <p className="text-muted">{refusal}</p>
        </Notice>
      )}
      {notes.map((note) => (
        <Notice
          key={note}
          tone="plain"
          actions={
            <button
              type="button"
              className="button"
              onClick={() => session.set({ notices: { notes: notes.filter((other) => other !== note) } })}
            >
              Dismiss
            </button>
          }
        >
          {note}
        </Notice>
      ))}
      {problems.length > 0 && (
        <Notice
          tone="plain"
          actions={
            <button type="button" className="button" onClick={() => session.set({ notices: { problems: [] } })}>
              Dismiss
            </button>
          }
        >
          <p className="font-medium">Part of this link was not understood; the default stands in its place.</p>
          <ul className="text-muted">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      {waiting && (
        <Hint>These pictures are from before the last change; the new ones come as soon as the model is ready.</Hint>
      )}
    </div>
  )
}
