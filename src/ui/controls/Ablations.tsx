/** The article's ablations, each a click: a menu of them, and for the chosen one its variants and what to look at. */
import { Menu } from '@base-ui/react/menu'
import { sameSettings } from '../../settings'
import { type Ablation, ABLATIONS, offersOf } from './presets'
import { usePage, useSession } from '../app/store'
import { popups } from '../kit/popups'

export function AblationMenu() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const choose = (ablation: Ablation) => {
    const first = offersOf(ablation, session.store.getState().settings, model).find(
      (offer) => offer.kind === 'settings',
    )
    session.set({ controls: { ablation: ablation.id } })
    if (first?.kind === 'settings') session.change(first.settings)
  }
  return (
    <Menu.Root>
      <Menu.Trigger className="button quiet -my-1 -mr-1.5 h-7 gap-1 px-1.5 text-xs text-muted">
        Ablations
        <svg viewBox="0 0 10 6" className="h-1.5 w-2.5" aria-hidden>
          <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </Menu.Trigger>
      <Menu.Portal container={popups}>
        <Menu.Positioner sideOffset={6} align="end" collisionPadding={12} className="z-50">
          <Menu.Popup className="popup max-h-(--available-height) w-88 max-w-[calc(100vw-1.5rem)] overflow-y-auto py-1">
            <Menu.Group>
              <Menu.GroupLabel className="px-3 pt-1.5 pb-1 text-xs text-muted">
                Ablations of the article
              </Menu.GroupLabel>
              {ABLATIONS.map((ablation) => (
                <Menu.Item
                  key={ablation.id}
                  className="flex cursor-default items-baseline justify-between gap-3 px-3 py-1.5 text-[0.8125rem] outline-none data-highlighted:bg-sunken"
                  onClick={() => choose(ablation)}
                >
                  {ablation.label}{' '}
                  <span className="num shrink-0 text-xs whitespace-nowrap text-muted">
                    {ablation.variants(model).length} variants
                  </span>
                </Menu.Item>
              ))}
            </Menu.Group>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}

/** The variants of the chosen ablation. Those that this model can't do say why, under them. */
export function AblationPanel() {
  const session = useSession()
  const id = usePage((state) => state.controls.ablation)
  const settings = usePage((state) => state.settings)
  const model = usePage((state) => state.model)
  const ablation = ABLATIONS.find((candidate) => candidate.id === id)
  if (!ablation) return null
  const offers = offersOf(ablation, settings, model)
  const reasons = [...new Set(offers.flatMap((offer) => (offer.kind === 'missing' ? offer.why : (offer.note ?? []))))]
  return (
    <div className="rounded-md border border-line bg-surface p-2.5">
      <div className="flex items-baseline justify-between gap-2">
        <h3 className="text-[0.8125rem] font-medium">{ablation.label}</h3>
        <button
          type="button"
          className="rounded-sm px-1 text-xs text-muted hover:text-ink"
          onClick={() => session.set({ controls: { ablation: null } })}
        >
          Close<span className="sr-only"> the ablation</span>
        </button>
      </div>
      <div role="group" aria-label={`Variants of ${ablation.label}`} className="mt-2 flex flex-wrap gap-1">
        {offers.map((offer) => (
          <button
            key={offer.label}
            type="button"
            aria-pressed={offer.kind === 'settings' && sameSettings(offer.settings, settings)}
            disabled={offer.kind === 'missing'}
            className="num rounded-[4px] border border-line px-1.5 py-0.5 text-xs hover:border-edge disabled:border-dashed disabled:text-muted aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-bg"
            onClick={() => offer.kind === 'settings' && session.change(offer.settings)}
          >
            {offer.label}
          </button>
        ))}
      </div>
      <p className="mt-2 text-xs text-muted">{ablation.look}</p>
      {reasons.map((reason) => (
        <p key={reason} className="mt-1 border-l-2 border-edge pl-1.5 text-xs text-muted">
          {reason}
        </p>
      ))}
    </div>
  )
}
