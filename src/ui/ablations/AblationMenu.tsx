/** The article's ablations in a menu; a click begins one. */
import { usePage, useSession } from '../app/store'
import { Chevron } from '../kit/Chevron'
import { MenuButton } from '../kit/dropdown'
import type { Ablation } from './ablation'
import { ABLATIONS } from './index'
import { offersOf } from './offers'

export default function AblationMenu() {
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
    <MenuButton
      part="ablations"
      className="button quiet -my-1 -mr-1.5 h-7 gap-1 px-1.5 text-hint text-muted"
      face={
        <>
          Ablations
          <Chevron />
        </>
      }
      title="Ablations of the article"
      popupClassName="max-h-(--available-height) w-88 max-w-[calc(100vw-1.5rem)] overflow-y-auto"
      items={() =>
        ABLATIONS.map((ablation) => ({
          part: `ablation-${ablation.id}`,
          label: (
            <>
              {ablation.label}{' '}
              <span className="num shrink-0 text-hint whitespace-nowrap text-muted">
                {ablation.variants(model).length} variants
              </span>
            </>
          ),
          onChoose: () => choose(ablation),
        }))
      }
    />
  )
}
