/** Whose weights make the positive, and of which average. */
import { knowsClasses } from '../../guidance/networks'
import type { NetworkInfo } from '../../model/types'
import { usePage, useSession, useWanted } from '../app/store'
import { Choice } from '../kit/Choice'
import { Hint } from '../kit/Hint'
import { Section } from '../kit/Section'
import { EmaSlide } from './EmaSlide'
import { hasAverages, networkById, networkOption } from './parameters'
import { Part } from '../view/Part'

function NetworkFacts({ network }: { readonly network: NetworkInfo }) {
  const { parameters, samples, labelDropout } = network
  return (
    <Hint figures className="mt-1">
      For the positive: {(parameters / 1e6).toFixed(1)} M parameters, {(samples / 1e6).toFixed(samples < 1e6 ? 2 : 1)} M
      images seen
      {labelDropout && (knowsClasses(network) ? ', class dropped at times' : ', without classes')}.
    </Hint>
  )
}

export function Weights() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const id = useWanted((settings) => settings.network)
  const ema = useWanted((settings) => settings.ema)
  const label = useWanted((settings) => settings.class)
  const network = networkById(id, model)
  const networks = model.networks.filter(({ role }) => role !== 'second')
  if (networks.length < 2) return null
  const choose = (next: string) => {
    const chosen = networkById(next, model)
    session.change({
      network: next,
      ...(!hasAverages(chosen) && { ema: null }),
      ...(label === null && !chosen?.labelDropout && { class: 0 }),
      ...(chosen && !knowsClasses(chosen) && { class: null }),
    })
  }
  return (
    <Section title="Whose weights">
      <Part name="network">
        <div>
          <Choice part="network" label="Network" value={id} options={networks.map(networkOption)} onChange={choose} />
          {network && <NetworkFacts network={network} />}
        </div>
      </Part>
      <Part name="ema">
        {(hasAverages(network) || ema !== null) && (
          <EmaSlide
            part="ema"
            label="Weight average"
            help="Length of the positive’s average over training, relative to it: longer is smoother and further behind."
            of={id}
            value={ema}
            onChange={(next, gesture) => session.change({ ema: next }, gesture)}
            onSettle={session.settle}
          />
        )}
      </Part>
    </Section>
  )
}
