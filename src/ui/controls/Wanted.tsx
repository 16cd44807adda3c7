/** What is wanted: the class, the seed, and how many images. */
import { unconditionalNetwork } from '../../guidance/networks'
import { OWN } from '../../settings'
import { usePage, useSession, useWanted } from '../app/store'
import { Choice } from '../kit/Choice'
import { Hint } from '../kit/Hint'
import { Section } from '../kit/Section'
import { Slide } from '../kit/Slide'
import { ModelChoice } from './ModelChoice'
import { Seed } from './Seed'

const ANY = { value: 'any', label: 'Any (unconditional)' }

function WantedClass() {
  const session = useSession()
  const { classes } = usePage((state) => state.model.conditioning)
  const label = useWanted((settings) => settings.class)
  const able = usePage((state) => unconditionalNetwork(state.model) !== undefined)
  const options = [...classes.map(({ name }, index) => ({ value: String(index), label: name })), ...(able ? [ANY] : [])]
  if (options.length < 2) return <Hint>This model has one class, so there is none to choose.</Hint>
  return (
    <Choice
      part="class"
      label="Class"
      value={label === null ? ANY.value : String(label)}
      options={options}
      onChange={(next) => session.want({ class: next === ANY.value ? null : Number(next) })}
    />
  )
}

export function Wanted() {
  const session = useSession()
  const samples = useWanted((settings) => settings.samples)
  return (
    <Section title="What is wanted">
      <ModelChoice />
      <WantedClass />
      <Seed />
      <Slide
        part="samples"
        label="Samples"
        value={samples}
        min={OWN.samples.min}
        max={OWN.samples.max}
        step={1}
        whole
        onChange={(next) => session.change({ samples: next }, 'drag')}
        onSettle={session.settle}
      />
    </Section>
  )
}
