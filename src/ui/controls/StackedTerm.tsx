/** A further negative: its own method, scale, window, layers and parameters, folded until asked for. */
import { useState } from 'react'
import { methodById } from '../../guidance/index'
import { lowestScale } from '../../guidance/scale'
import type { GuidanceMethod } from '../../guidance/types'
import { TERM } from '../../settings'
import type { Term } from '../../settings/types'
import type { Gesture } from '../app/link'
import { usePage, useSession, useWanted } from '../app/store'
import { patchTerm, removeTerm, withTermMethod } from '../equation/terms'
import { formatSigma } from '../../core/format'
import { NumberInput } from '../kit/NumberInput'
import { Row } from '../kit/Row'
import { MethodSelect } from '../method/MethodSelect'
import { ScaleTrack } from '../scale/ScaleTrack'
import { ParameterFields } from './ParameterFields'
import { TermNetwork } from './TermNetwork'
import { WindowFields } from './WindowFields'

interface PartProps {
  /** Which term: 1 is the first of the further ones. */
  readonly at: number
  readonly term: Term
  readonly method: GuidanceMethod
  readonly prefix: string
  readonly set: (patch: Partial<Term>, gesture?: Gesture) => void
}

function Head({ at, term, method }: PartProps) {
  const session = useSession()
  const model = usePage((state) => state.model)
  const settings = useWanted((settings) => settings)
  return (
    <div className="flex items-center gap-1.5">
      <div className="min-w-0 flex-1">
        <MethodSelect
          part="method"
          label={`Negative ${at + 1}`}
          at={at}
          value={term.method}
          onChange={(id) => session.change(withTermMethod(settings, at, id, model))}
        />
      </div>
      <button
        type="button"
        className="button quiet h-9 px-2 text-hint text-muted"
        data-part="remove-term"
        aria-label={`Remove negative ${at + 1}, ${method.name}`}
        onClick={() => session.change(removeTerm(settings, at))}
      >
        Remove
      </button>
    </div>
  )
}

function Scale({ term, method, prefix, set }: PartProps) {
  const session = useSession()
  return (
    <div>
      <Row label="Scale s">
        <NumberInput
          part="scale-number"
          label={`${prefix}Scale s, number`}
          value={term.scale}
          min={lowestScale(method)}
          max={TERM.scale.max}
          className="w-16"
          onChange={(scale) => set({ scale })}
        />
      </Row>
      <ScaleTrack
        key={method.id}
        label={`${prefix}Scale s`}
        method={method}
        value={term.scale}
        onChange={(scale) => set({ scale }, 'drag')}
        onSettle={session.settle}
      />
    </div>
  )
}

function Details({ at, term, method, prefix, set }: PartProps) {
  return (
    <div className="mt-2.5 flex flex-col gap-2.5">
      <WindowFields window={term.window} prefix={prefix} onChange={(window) => set({ window })} />
      <ParameterFields
        term={at}
        method={method}
        values={term.parameters}
        prefix={prefix}
        onChange={(parameters, gesture) => set({ parameters }, gesture)}
      />
      <TermNetwork at={at} term={term} prefix={prefix} onLayers={(layers) => set({ layers })} />
    </div>
  )
}

export default function StackedTerm({ at, term }: Pick<PartProps, 'at' | 'term'>) {
  const session = useSession()
  const [open, setOpen] = useState(false)
  const method = methodById(term.method)
  if (!method) return null
  const [low, high] = term.window
  const part: PartProps = {
    at,
    term,
    method,
    prefix: `Negative ${at + 1}: `,
    set: (patch, gesture) => session.change(patchTerm(session.store.getState().settings, at, patch), gesture),
  }
  return (
    <li data-term={at} className="rounded-md border border-line bg-surface p-2.5">
      <Head {...part} />
      <div className="mt-1.5">
        <Scale {...part} />
      </div>
      <button
        type="button"
        data-part="term-settings"
        aria-expanded={open}
        className="flex w-full items-baseline justify-between gap-2 text-left text-hint text-muted hover:text-ink"
        onClick={() => setOpen(!open)}
      >
        <span className="link">
          {open ? 'Fewer settings' : 'More settings'}
          <span className="sr-only"> of negative {at + 1}</span>
        </span>
        <span className="num">
          {low === 0 && high === Infinity ? (
            'at every σ'
          ) : (
            <span translate="no">{`${formatSigma(low)} < σ ≤ ${formatSigma(high)}`}</span>
          )}
        </span>
      </button>
      {open && <Details {...part} />}
    </li>
  )
}
