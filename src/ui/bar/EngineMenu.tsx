/** Where the model runs, in a few words; behind them the choice of a backend and what the last run took. */
import { usePage } from '../app/store'
import { PopoverButton } from '../kit/dropdown'
import { fetchingText } from '../engine/fetching'
import { Later } from '../kit/Later'
import { statusDot, statusText } from './engine-status'

const loadDetails = () => import('./EngineDetails')

export function EngineMenu() {
  const engine = usePage((state) => state.engine.status)
  const fetching = usePage((state) => state.engine.fetching)
  const text = engine.kind === 'ready' && fetching ? fetchingText(fetching) : statusText(engine)
  // On a phone there is room for what computes, not for how many cores or which card.
  const [name, more] = text.split(' · ', 2)
  return (
    <PopoverButton
      part="engine"
      className="button quiet num min-w-0"
      label={`Engine: ${text}`}
      face={
        <>
          <span className={`size-1.5 shrink-0 rounded-full ${statusDot(engine)}`} aria-hidden />
          <span className="truncate">
            {name}
            {more && <span className="max-sm:hidden"> · {more}</span>}
          </span>
        </>
      }
      title="Where the model runs"
    >
      <Later load={loadDetails} props={{}} />
    </PopoverButton>
  )
}
