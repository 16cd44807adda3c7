/** Finds and proves the layers, says what was found, and takes the model to the pictures. */
import { useMemo, useState } from 'react'
import { suggestLayers } from '../../../evaluation/layers/suggestion'
import { messageOf } from '../../../core/failure'
import { methods, refusal } from '../../../guidance'
import { defaultSettings } from '../../../settings'
import type { OpenedModel } from '../../../worker/opener/messages'
import { Progress } from '../../kit/Progress'
import { go } from '../../lesson/address'
import { Effects } from './Effects'
import { doubtful, faultOf, type Form } from './form'
import { Layers } from './Layers'
import type { Opening } from './contract'
import { ProofTime, Proving, Underway, Why } from './Proving'
import { saveManifest } from './save'
import { missingOf, type OpenState, valueOf } from './state'
import { addressOf, beyond } from './use'
import { verdictText } from './words'

interface Props {
  readonly opening: Opening
  readonly state: OpenState
  /** The address in force, which may hold settings that wait for this model. */
  readonly hash: string
}

/** Methods that can't act on the model, each with its reason. */
function Refused({ opened }: { readonly opened: OpenedModel }) {
  const refused = methods.flatMap((method) => {
    const why = refusal(defaultSettings(opened.model, method.id), opened.model)
    return why === null ? [] : [{ id: method.id, name: method.name, why }]
  })
  const able = methods.length - refused.length
  return (
    <details className="mt-2 text-label">
      <summary>
        <span className="num">{able}</span> of {methods.length} methods run on it
        {refused.length > 0 && '; which do not, and why'}
      </summary>
      <ul data-part="refused-methods" className="mt-1 max-w-[46rem] pl-4 text-muted">
        {refused.map(({ id, name, why }) => (
          <li key={id}>
            <span className="text-ink">{name}</span>: {why}
          </li>
        ))}
      </ul>
      {opened.refused.length > 0 && (
        <ul data-part="refused-handles" className="mt-2 max-w-[46rem] pl-4 text-muted">
          {opened.refused.map((why) => (
            <li key={why}>{why}</li>
          ))}
        </ul>
      )}
    </details>
  )
}

interface UseProps extends Props {
  readonly opened: OpenedModel
  readonly disabled: boolean
}

interface ButtonsProps {
  readonly state: OpenState
  readonly opened: OpenedModel
  readonly disabled: boolean
  /** `layers`: those at which PAG begins; null for the model's first picture. */
  readonly onUse: (layers: readonly number[] | null) => void
}

function Buttons({ state, opened, disabled, onUse }: ButtonsProps) {
  const { keeping } = state
  const map = valueOf(state.mapping)
  const suggested = useMemo(() => map && suggestLayers(map, opened.model.layers), [map, opened])
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      <button
        type="button"
        data-part="use-model"
        className="button border-ink! bg-ink! text-bg!"
        disabled={disabled}
        onClick={() => onUse(null)}
      >
        {keeping.kind === 'done' ? 'Go to its pictures' : 'Use this model'}
      </button>
      {suggested && suggested.layers.length < opened.model.layers.length && (
        <button
          type="button"
          data-part="use-suggested"
          className="button"
          disabled={disabled}
          onClick={() => onUse(suggested.layers)}
        >
          Use it with PAG at {suggested.layers.join(', ')}
        </button>
      )}
      <button
        type="button"
        data-part="save-manifest"
        className="button"
        onClick={() => saveManifest(opened.manifest, opened.model.id)}
      >
        Save its description (manifest.json)
      </button>
    </div>
  )
}

/** Keeps the model and goes to its pictures; one that stays for the life of the page only says so before. */
function Use({ opening, state, hash, opened, disabled }: UseProps) {
  const { keeping } = state
  const [failure, setFailure] = useState<string | null>(null)
  const use = async (layers: readonly number[] | null) => {
    setFailure(null)
    const kept = await opening.keep()
    if (kept?.place.kind === 'stored' || kept?.told) go(addressOf(kept.id, hash, layers))
  }
  const begin = (layers: readonly number[] | null) =>
    void use(layers).catch((error: unknown) => setFailure(messageOf(error)))
  return (
    <>
      {keeping.kind === 'working' && (
        <div className="mt-2 max-w-md text-label text-muted">
          Keeping it in this browser…
          <Progress label="Keeping the model" done={keeping.done} total={keeping.total} />
        </div>
      )}
      {keeping.kind === 'done' && (
        <p role="status" data-part="kept-where" className="mt-2 text-label text-muted">
          {keeping.value}
        </p>
      )}
      {failure !== null && (
        <p role="alert" className="mt-2 text-label text-alert">
          {failure}
        </p>
      )}
      <Buttons {...{ state, opened }} disabled={disabled || keeping.kind === 'working'} onUse={begin} />
    </>
  )
}

function Found({ opening, state, hash, opened }: Props & { readonly opened: OpenedModel & { readonly form: Form } }) {
  const { form } = state
  const { layers } = opened
  const searched = opened.model.brought?.searched !== false
  const count = layers.filter((layer) => verdictText(layer).able).length
  const stale = form !== opened.form
  const waits = searched ? null : beyond(hash, opened.model)
  return (
    <>
      <p data-part="found" className="mt-1 max-w-[46rem] text-label" role="status">
        {!searched
          ? 'It denoises, and can be used now, as it came: methods that need nothing from inside run on it. Those that act on its layers are unlocked when these are proved.'
          : layers.length === 0
            ? 'No attention map was found in it (no softmax of products of queries and keys): methods that need nothing from inside run all the same.'
            : `${count} of ${layers.length} layers can be guided. Each was proved on this machine: neutral controls give the original, and what is done to a layer is what the method says.`}
      </p>
      {waits && (
        <p data-part="link-waits" className="note mt-2 max-w-[46rem] text-label">
          Your link asks for {waits.name}, which acts on its layers: find and prove them first. Used before, the model
          begins without it.
        </p>
      )}
      {!searched && <Proving {...{ opening, state }} />}
      {layers.length > 0 && form && <Layers {...{ layers, form }} onChange={opening.change} />}
      {opened.notes.map((note) => (
        <p key={note} className="note mt-2 max-w-[46rem] text-label">
          {note}
        </p>
      ))}
      <Effects {...{ opening, state, opened }} />
      <Refused opened={opened} />
      {stale && (
        <p data-part="stale" className="note mt-3 text-label">
          The description has changed since. <Again opening={opening} />
        </p>
      )}
      <Use {...{ opening, state, hash, opened }} disabled={stale} />
    </>
  )
}

function Again({ opening }: Pick<Props, 'opening'>) {
  return (
    <button type="button" data-part="open-again" className="link" onClick={opening.open}>
      Open it again so
    </button>
  )
}

interface BeginProps extends Pick<Props, 'opening' | 'state'> {
  /** Entries of the description that are to be confirmed. */
  readonly doubts: number
  readonly disabled: boolean
}

/** Before anything is proved: what will be done. Before that the model is there as it came. */
function Begin({ opening, state, doubts, disabled }: BeginProps) {
  return (
    <>
      <p className="mt-1 max-w-[46rem] text-label text-muted">
        They are found by what the graph computes, and each is proved on this machine before it is guided. Methods that
        need nothing from inside run before.
        {doubts > 0 && ` Of the description above ${doubts} ${doubts === 1 ? 'entry is' : 'entries are'} to confirm.`}
      </p>
      <ProofTime state={state} />
      <div className="mt-2 flex flex-wrap gap-2">
        <button type="button" data-part="open-model" className="button" disabled={disabled} onClick={opening.open}>
          Find and prove its layers
        </button>
        <button
          type="button"
          data-part="open-outside"
          className="button"
          disabled={disabled}
          onClick={opening.openOutside}
        >
          Use it as it came
        </button>
      </div>
    </>
  )
}

export function Opened(props: Props) {
  const { opening, state } = props
  const { form, looking } = state
  const looked = valueOf(looking)
  const opened = valueOf(state.opening)
  if (!form || !looked || missingOf(state).length > 0) return null
  const fault = faultOf(form)
  const doubts = doubtful(looked, form)
  const working = state.opening.kind === 'working' ? state.opening : null
  return (
    <section aria-label="Layers of the network" className="mt-6 border-t border-line pt-4">
      <h2 className="font-medium">Its attention layers</h2>
      {fault !== null && (
        <p role="alert" data-part="fault" className="mt-1 text-label text-alert">
          {fault}
        </p>
      )}
      {!opened && !working && <Begin {...{ opening, state, doubts, disabled: fault !== null }} />}
      {working && <Underway work={working} label="Opening the model" onStop={opening.stop} />}
      <Why work={state.opening} />
      {opened && <Found {...props} opened={opened} />}
    </section>
  )
}
