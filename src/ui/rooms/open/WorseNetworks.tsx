/** Worse networks beside an opened one, for autoguidance: brought, shown and taken away. */
import { openedParts } from '../../../model/opened'
import type { ModelInfo } from '../../../model/types'
import type { KeptModel } from '../../../storage/opened-models'
import { Progress } from '../../kit/Progress'
import { Chooser } from './Bring'
import type { Opening } from './contract'
import { worseOf } from './second'
import { type OpenState, valueOf } from './state'
import { countText } from './words'

interface WorseNetworksProps {
  readonly opening: Opening
  readonly adding: OpenState['adding']
  readonly kept: KeptModel
  /** Of the kept model, as people read it. */
  readonly name: string
}

function Under({ opening, adding }: Pick<WorseNetworksProps, 'opening' | 'adding'>) {
  if (adding?.work.kind === 'failed')
    return (
      <p role="alert" data-part="second-failed" className="mt-1 text-label text-alert">
        {adding.work.why}
      </p>
    )
  if (adding?.work.kind !== 'working') return null
  const { done, total, what } = adding.work
  return (
    <div className="mt-1 flex max-w-md items-end gap-3 text-label text-muted">
      <div className="flex-1">
        Trying the worse network{what === '' ? '' : `: ${what}`}…
        <Progress label="Trying the worse network" done={done} total={total} />
      </div>
      <button type="button" className="button" data-part="stop-second" onClick={opening.stop}>
        Stop
      </button>
    </div>
  )
}

/** Beside a model of the list. */
export function WorseNetworks({ opening, adding, kept, name }: WorseNetworksProps) {
  const worse = worseOf(kept)
  const own = adding?.id === kept.id ? adding : null
  return (
    <div data-part="worse-networks" className="mt-1 basis-full">
      {worse.map((one) => (
        <p key={one.id} className="flex flex-wrap items-center gap-x-3">
          <span>
            Its worse network for autoguidance: <span className="font-medium">{one.name}</span>,{' '}
            {countText(one.parameters)} parameters,{' '}
            <span translate="no" className="num text-muted">
              {openedParts(one.id)?.hash.slice(0, 8)}…
            </span>
          </span>
          <button
            type="button"
            className="button quiet ml-auto"
            data-part="drop-second"
            aria-label={`Take ${one.name} away from ${name}`}
            onClick={() => opening.dropSecond(kept.id, one.id)}
          >
            Take it away
          </button>
        </p>
      ))}
      <p className="flex flex-wrap items-center gap-x-2 text-muted">
        <Chooser
          part="second-files"
          label={worse.length === 0 ? 'Add a worse network…' : 'Add another…'}
          quiet
          disabled={own?.work.kind === 'working'}
          onFiles={(files) => void opening.addSecond(kept.id, files)}
        />
        {worse.length === 0 && 'for autoguidance: earlier or smaller, with the same inputs and outputs'}
      </p>
      <Under opening={opening} adding={own} />
    </div>
  )
}

interface OfferProps {
  readonly opening: Opening
  readonly state: OpenState
  /** Kept models that are asked as the graph in hand is. */
  readonly beside: readonly ModelInfo[]
}

/** What else the graph in hand could be. */
export function OfferBeside({ opening, state, beside }: OfferProps) {
  const { files, graph, adding } = state
  const opened = valueOf(state.opening)
  const others = beside.filter(({ id }) => id !== opened?.model.id)
  if (others.length === 0 || graph === null) return null
  const chosen = others.find(({ id }) => id === adding?.id)
  return (
    <div data-part="could-be-second" className="note mt-2 max-w-[46rem] text-label">
      It has the inputs and outputs of {others.length === 1 ? 'a network that is here' : 'networks that are here'}, so
      it can be the worse one beside it, for autoguidance:{' '}
      {others.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          data-part="be-second"
          className="link mr-2"
          disabled={adding?.work.kind === 'working'}
          onClick={() => void opening.addSecond(id, files, graph)}
        >
          use it beside {name}
        </button>
      ))}
      {chosen && <Under opening={opening} adding={adding} />}
      {chosen && adding?.work.kind === 'done' && (
        <a className="link font-medium" data-part="guide-by-second" href={`#model=${chosen.id}&method=autoguidance`}>
          Added: guide {chosen.name} by it
        </a>
      )}
    </div>
  )
}
