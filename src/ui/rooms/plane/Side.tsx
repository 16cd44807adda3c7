/** The settings that mean something for points: class, seed, networks, method, window, steps and solver. */
import { FirstMethod, FirstParameters } from '../../controls/FirstTerm'
import { useMemo } from 'react'
import { methodById } from '../../../guidance/index'
import { settingsFaults } from '../../../settings'
import { usePage, useSession, useWanted } from '../../app/store'
import { OtherNegatives } from '../../controls/OtherNegatives'
import { Sampler } from '../../controls/Sampler'
import { Seed } from '../../controls/Seed'
import { Choice } from '../../kit/Choice'
import { Hint } from '../../kit/Hint'
import { Section } from '../../kit/Section'
import { Part } from '../../view/Part'
import { methodSentence } from '../../method/methods'

const ANY = 'any'

function Wanted() {
  const session = useSession()
  const { classes } = usePage((state) => state.model.conditioning)
  const networks = usePage((state) => state.model.networks)
  const label = useWanted((settings) => settings.class)
  const network = useWanted((settings) => settings.network)
  return (
    <Section title="What is wanted">
      <Part name="class">
        <Choice
          part="class"
          label="Tree"
          value={label === null ? ANY : String(label)}
          options={[
            ...classes.map(({ name }, index) => ({ value: String(index), label: name })),
            { value: ANY, label: 'Any (no class)' },
          ]}
          onChange={(next) => session.want({ class: next === ANY ? null : Number(next) })}
        />
      </Part>
      <Part name="network">
        <Choice
          part="network"
          label="Network"
          value={network}
          options={networks.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(next) => session.change({ network: next })}
        />
      </Part>
      <Part name="seed">
        <Seed />
      </Part>
    </Section>
  )
}

function Worse() {
  const model = usePage((state) => state.model)
  const settings = useWanted((own) => own)
  const faults = useMemo(() => settingsFaults(settings, model), [settings, model])
  const method = useWanted((own) => methodById(own.method))
  return (
    <Section title="What makes the negative worse">
      <Part name="method">
        <FirstMethod />
      </Part>
      {faults.map(({ why }) => (
        <p key={why} data-part="refusal" className="border-l-2 border-alert pl-2 text-label">
          {why}
        </p>
      ))}
      {method && <Hint>{methodSentence(method)}</Hint>}
      {method && (
        <Part name="parameters">
          <FirstParameters />
        </Part>
      )}
    </Section>
  )
}

export function Side() {
  return (
    <>
      <Part name="method parameters">
        <Worse />
      </Part>
      <Part name="stack">
        <OtherNegatives />
      </Part>
      <Part name="class network seed">
        <Wanted />
      </Part>
      <Part name="steps solver">
        <Sampler />
      </Part>
    </>
  )
}
