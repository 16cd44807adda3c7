/** Further negatives: each its own method, scale, window, layers and parameters, folded until asked for. */
import { useState } from 'react'
import { methodById, readsMap } from '../../guidance/index'
import { STACK, TERM } from '../../settings'
import type { Term } from '../../settings/types'
import { formatSigma } from '../kit/format'
import type { Gesture } from '../app/link'
import { usePage, useSession } from '../app/store'
import { addTerm, patchTerm, removeTerm, withTermMethod } from '../equation/terms'
import { NumberInput, Slide } from '../kit/fields'
import { Kernel } from '../network/Kernel'
import { MapInspector } from '../network/MapInspector'
import { MethodSelect } from '../method/MethodSelect'
import { LayerPicker } from '../network/NetworkDrawing'
import { ParameterFields } from './ParameterFields'

/** The window as two numbers; the band on the noise axis belongs to the first negative. */
function WindowFields({
  window,
  prefix,
  onChange,
}: {
  readonly window: Term['window']
  readonly prefix: string
  readonly onChange: (window: Term['window']) => void
}) {
  const [low, high] = window
  return (
    <div className="num flex items-center justify-between gap-2 text-[0.8125rem]">
      <span>Window</span>
      <span className="flex items-center gap-1.5 whitespace-nowrap">
        <NumberInput
          label={`${prefix}Window, lower σ`}
          value={low}
          min={0}
          max={Infinity}
          className="w-14"
          onChange={(next) => next < high && onChange([next, high])}
        />
        {'< σ ≤'}
        <NumberInput
          label={`${prefix}Window, upper σ`}
          value={high}
          min={0}
          max={Infinity}
          className="w-14"
          onChange={(next) => next > low && onChange([low, next])}
        />
      </span>
    </div>
  )
}

function StackedTerm({ at, term }: { readonly at: number; readonly term: Term }) {
  const session = useSession()
  const model = usePage((state) => state.model)
  const settings = usePage((state) => state.settings)
  const [open, setOpen] = useState(false)
  const method = methodById(term.method)
  if (!method) return null
  const prefix = `Negative ${at + 1}: `
  const set = (patch: Partial<Term>, gesture?: Gesture) =>
    session.change(patchTerm(session.store.getState().settings, at, patch), gesture)
  const [low, high] = term.window
  return (
    <li className="rounded-md border border-line bg-surface p-2.5">
      <div className="flex items-center gap-1.5">
        <div className="min-w-0 flex-1">
          <MethodSelect
            label={`Negative ${at + 1}`}
            at={at}
            value={term.method}
            onChange={(id) => session.change(withTermMethod(settings, at, id, model))}
          />
        </div>
        <button
          type="button"
          className="button quiet h-9 px-2 text-xs text-muted"
          aria-label={`Remove negative ${at + 1}, ${method.name}`}
          onClick={() => session.change(removeTerm(settings, at))}
        >
          Remove
        </button>
      </div>
      <div className="mt-1.5">
        <Slide
          label="Scale s"
          prefix={prefix}
          value={term.scale}
          min={0}
          max={Math.max(method.scale.max, term.scale)}
          step={0.05}
          readout={
            <NumberInput
              label={`${prefix}Scale s, number`}
              value={term.scale}
              min={TERM.scale.min}
              max={TERM.scale.max}
              className="w-16"
              onChange={(scale) => set({ scale })}
            />
          }
          onChange={(scale) => set({ scale }, 'drag')}
          onSettle={session.settle}
        />
      </div>
      <button
        type="button"
        aria-expanded={open}
        className="flex w-full items-baseline justify-between gap-2 text-left text-xs text-muted hover:text-ink"
        onClick={() => setOpen(!open)}
      >
        <span className="underline decoration-line underline-offset-2">
          {open ? 'Fewer settings' : 'More settings'}
          <span className="sr-only"> of negative {at + 1}</span>
        </span>
        <span className="num">
          {low === 0 && high === Infinity ? 'at every σ' : `${formatSigma(low)} < σ ≤ ${formatSigma(high)}`}
        </span>
      </button>
      {open && (
        <div className="mt-2.5 flex flex-col gap-2.5">
          <WindowFields window={term.window} prefix={prefix} onChange={(window) => set({ window })} />
          <ParameterFields
            term={at}
            method={method}
            values={term.parameters}
            prefix={prefix}
            onChange={(parameters, gesture) => set({ parameters }, gesture)}
          />
          <Kernel term={at} />
          {method.kind === 'negative' && method.layers && (
            <LayerPicker term={at} value={term.layers} prefix={prefix} onChange={(layers) => set({ layers })} />
          )}
          {((method.kind === 'negative' && method.layers) || readsMap(term)) && <MapInspector term={at} />}
        </div>
      )}
    </li>
  )
}

export function Stack() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const settings = usePage((state) => state.settings)
  return (
    <div className="flex flex-col gap-2.5">
      {settings.stack.length > 0 && (
        <ul className="flex flex-col gap-2" aria-label="Further negatives">
          {settings.stack.map((term, index) => (
            // Terms have no identity but their place; one that moves up takes the place's folding.
            <StackedTerm key={index} at={index + 1} term={term} />
          ))}
        </ul>
      )}
      <div>
        <p className="mb-1.5 text-xs text-muted">Differences of several negatives add up.</p>
        {settings.stack.length < STACK.max && (
          <MethodSelect
            label="Add another negative"
            placeholder="Add another negative"
            at={settings.stack.length + 1}
            value={null}
            onChange={(id) => session.change(addTerm(settings, id, model))}
          />
        )}
      </div>
    </div>
  )
}
