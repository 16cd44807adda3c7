/** Behind the words on where the model runs: the choice of a backend, and what the last run took. */
import { backendMenu } from '../../worker/client/backends'
import { usePage, useSession, useShown } from '../app/store'

function Backends() {
  const session = useSession()
  const choice = usePage((state) => state.engine.choice)
  const rejected = usePage((state) => state.engine.rejected)
  return (
    <div role="radiogroup" aria-label="Backend" className="mt-2 flex flex-col">
      {backendMenu.map(({ value, label, help }) => {
        const refusal = rejected.find(({ backend }) => backend === value)
        return (
          <label key={value} className="flex gap-2.5 py-1.5 text-label">
            <input
              type="radio"
              name="backend"
              className="mt-0.5 accent-[var(--ink)]"
              checked={choice === value}
              onChange={() => session.chooseBackend(value)}
            />
            <span>
              {label}
              <span className="block text-hint text-muted">{refusal ? refusal.failure.message : help}</span>
            </span>
          </label>
        )
      })}
    </div>
  )
}

function Facts() {
  const engine = usePage((state) => state.engine.status)
  const model = usePage((state) => state.model)
  const summary = useShown((run) => run?.summary)
  return (
    <dl className="num mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 border-t border-line pt-2.5 text-hint [&_dt]:text-muted">
      <dt>Model</dt>
      <dd>
        {model.name}, {(model.parameters / 1e6).toFixed(1)} M parameters, {model.licence}
      </dd>
      {engine.kind === 'ready' && (
        <>
          <dt>Backend</dt>
          <dd>
            {engine.backend.label}
            {engine.backend.goldenError !== null &&
              `, within ${engine.backend.goldenError.toExponential(0)} of the reference`}
          </dd>
        </>
      )}
      {summary && (
        <>
          <dt>Last run</dt>
          <dd>
            {summary.evaluatedRows} evaluations in {(summary.milliseconds / 1000).toFixed(1)} s
          </dd>
          <dt>SHA-256</dt>
          <dd className="max-h-40 overflow-y-auto break-all">{summary.digests.join(' ')}</dd>
        </>
      )}
    </dl>
  )
}

export default function EngineDetails() {
  return (
    <>
      <Backends />
      <Facts />
    </>
  )
}
