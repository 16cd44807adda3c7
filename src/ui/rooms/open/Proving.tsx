/** How far the proof of a model's layers is, how long one takes, and why one failed. */
import { Progress } from '../../kit/Progress'
import type { Opening } from './contract'
import { type OpenState, valueOf } from './state'
import { proofText } from './words'

interface Props {
  readonly opening: Opening
  readonly state: OpenState
}

const sentence = (clause: string) => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`

/** A bar, and the way to end what it is of. */
export function Underway({
  work: { what, done, total },
  label,
  onStop,
}: {
  readonly work: Extract<OpenState['opening'], { kind: 'working' }>
  readonly label: string
  readonly onStop: () => void
}) {
  return (
    <div className="mt-2 flex max-w-md items-end gap-3 text-label text-muted">
      <div className="flex-1">
        {what === '' ? 'Loading the network…' : `${sentence(what)}…`}
        <Progress label={label} done={done} total={total} />
      </div>
      <button type="button" className="button" data-part="stop-opening" onClick={onStop}>
        Stop
      </button>
    </div>
  )
}

export function Why({ work }: { readonly work: OpenState['opening'] | OpenState['proving'] }) {
  if (work.kind !== 'failed') return null
  return (
    <p role="alert" data-part="open-failed" className="mt-2 text-label text-alert">
      {work.why}
    </p>
  )
}

/** Of a model that can be used already: how far its proof is. */
export function Proving({ opening, state }: Props) {
  const { proving } = state
  if (proving.kind === 'working')
    return (
      <div data-part="proving">
        <Underway work={proving} label="Finding and proving layers" onStop={opening.stop} />
        <p className="mt-1 text-hint text-muted">It goes on while you use the model, as long as this page is open.</p>
      </div>
    )
  return (
    <>
      <Why work={proving} />
      <ProofTime state={state} />
      <button type="button" data-part="prove-model" className="button mt-2" onClick={opening.open}>
        Find and prove its layers
      </button>
    </>
  )
}

/** How long a proof takes, where that is long. */
export function ProofTime({ state }: Pick<Props, 'state'>) {
  const looked = valueOf(state.looking)
  const proof = looked && proofText(looked.look.parameters, state.trial?.milliseconds ?? null)
  if (proof === null) return null
  return (
    <p data-part="proof-time" className="mt-1 max-w-[46rem] text-label text-muted">
      {proof}
    </p>
  )
}
