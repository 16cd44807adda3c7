/** What makes the negative worse: the method, what stands in its way, and its card. */
import { FirstMethod } from './FirstTerm'
import { useMemo } from 'react'
import { Region } from '../app/Region'
import { usePage, useWanted } from '../app/store'
import { Later } from '../kit/Later'
import { Section } from '../kit/Section'
import { settingsRefusals } from '../method/methods'
import { RoomLink } from '../rooms/RoomLink'
import { useOpened } from '../run/use-opened'
import { Downloads } from './Downloads'
import { Part } from '../view/Part'

const loadAblations = () => import('../ablations/AblationMenu')
const loadAblation = () => import('../ablations/AblationPanel')
const loadDetails = () => import('./MethodDetails')

/** The place of the card is as tall as the column, so that what follows does not jump into view and out again. */
const DetailsPlace = () => <div className="min-h-dvh" aria-busy />

/** The card brings KaTeX; it is fetched once the first pictures stand, or none are to come. */
function Details() {
  const opened = useOpened()
  if (!opened) return <DetailsPlace />
  return (
    <Region name="The method’s card">
      <Later load={loadDetails} props={{}} fallback={<DetailsPlace />} />
    </Region>
  )
}

export function Worse() {
  const model = usePage((state) => state.model)
  const settings = useWanted((settings) => settings)
  const opened = useOpened()
  const chosen = usePage((state) => state.controls.ablation !== null)
  const reasons = useMemo(() => settingsRefusals(settings, model), [settings, model])
  return (
    <Section title="What makes the negative worse" aside={opened && <Later load={loadAblations} props={{}} />}>
      {chosen && <Later load={loadAblation} props={{}} />}
      <Part name="method">
        <FirstMethod />
        <p className="text-hint text-muted">
          <RoomLink room="measured" part="to-measured" className="link text-ink">
            All methods, measured
          </RoomLink>
          : what helps, what harms ·{' '}
          <a className="link text-ink" data-part="to-plane" href="#room=plane">
            The plane
          </a>
          : where all is known ·{' '}
          <RoomLink room="lab" part="vary" className="link text-ink">
            Vary this…
          </RoomLink>{' '}
          side by side
        </p>
      </Part>
      {reasons.map((reason) => (
        <p key={reason} data-part="refusal" className="border-l-2 border-alert pl-2 text-label">
          {reason}
        </p>
      ))}
      <Downloads />
      <Part name="parameters layers measured">
        <Details />
      </Part>
    </Section>
  )
}
