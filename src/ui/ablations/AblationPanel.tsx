/** The variants of the chosen ablation, and what to look at. Those that this model can't do say why, under them. */
import { useMemo } from 'react'
import { sameSettings } from '../../settings'
import { usePage, useSession, useWanted } from '../app/store'
import { Close } from '../kit/Close'
import { Hint } from '../kit/Hint'
import { ABLATIONS } from './index'
import { RoomLink } from '../rooms/RoomLink'
import { offersOf } from './offers'

export default function AblationPanel() {
  const session = useSession()
  const id = usePage((state) => state.controls.ablation)
  const settings = useWanted((settings) => settings)
  const model = usePage((state) => state.model)
  const ablation = ABLATIONS.find((candidate) => candidate.id === id)
  const offers = useMemo(() => (ablation ? offersOf(ablation, settings, model) : []), [ablation, settings, model])
  if (!ablation) return null
  const reasons = [...new Set(offers.flatMap((offer) => (offer.kind === 'missing' ? offer.why : (offer.note ?? []))))]
  return (
    <div className="rounded-md border border-line bg-surface p-2.5">
      <div className="flex items-baseline justify-between gap-2">
        <h3 className="text-label font-medium">{ablation.label}</h3>
        <Close what="the ablation" onClick={() => session.set({ controls: { ablation: null } })} />
      </div>
      <div
        role="group"
        data-part="variants"
        aria-label={`Variants of ${ablation.label}`}
        className="mt-2 flex flex-wrap gap-1"
      >
        {offers.map((offer) => (
          <button
            key={offer.label}
            type="button"
            aria-pressed={offer.kind === 'settings' && sameSettings(offer.settings, settings)}
            disabled={offer.kind === 'missing'}
            className="num rounded-[4px] border border-line px-1.5 py-0.5 text-hint hover:border-edge disabled:border-dashed disabled:text-muted aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-bg"
            onClick={() => offer.kind === 'settings' && session.change(offer.settings)}
          >
            {offer.label}
          </button>
        ))}
      </div>
      <Hint className="mt-2">
        {ablation.look}{' '}
        <RoomLink room="article" part="to-article" className="link">
          What was measured of it, and what the paper shows
        </RoomLink>
      </Hint>
      {reasons.map((reason) => (
        <Hint key={reason} className="note mt-1">
          {reason}
        </Hint>
      ))}
    </div>
  )
}
