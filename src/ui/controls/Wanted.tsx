/** What is wanted: the class, the seed, and how many images. */
import { unconditionalNetwork } from '../../guidance/networks'
import { OWN } from '../../settings'
import { usePage, useSession, useWanted } from '../app/store'
import { Choice } from '../kit/Choice'
import { Hint } from '../kit/Hint'
import { NumberInput } from '../kit/NumberInput'
import { Row } from '../kit/Row'
import { Section } from '../kit/Section'
import { Slide } from '../kit/Slide'
import { ModelChoice } from './ModelChoice'
import { Seed } from './Seed'
import { Part } from '../view/Part'

const ANY = { value: 'any', label: 'Any (unconditional)' }

function WantedClass() {
  const session = useSession()
  const { classes, kind } = usePage((state) => state.model.conditioning)
  const label = useWanted((settings) => settings.class)
  const able = usePage((state) => unconditionalNetwork(state.model) !== undefined)
  const options = [...classes.map(({ name }, index) => ({ value: String(index), label: name })), ...(able ? [ANY] : [])]
  if (classes.length === 0) return <Hint>This model is asked for nothing: it draws what it learned.</Hint>
  if (options.length < 2) return <Hint>This model has one class, so there is none to choose.</Hint>
  return (
    <Choice
      part="class"
      label={kind === 'text' ? 'Text' : 'Class'}
      value={label === null ? ANY.value : String(label)}
      options={options}
      onChange={(next) => session.want({ class: next === ANY.value ? null : Number(next) })}
    />
  )
}

/** Which images of the seed: the large one of several alone, or the way back from it. */
function Images() {
  const session = useSession()
  const samples = useWanted((settings) => settings.samples)
  const image = useWanted((settings) => settings.image)
  const focus = usePage((state) => state.stage.focus)
  if (samples === 1 && image === 0) return null
  const alone = image + Math.min(focus, samples - 1)
  return (
    <Row label={samples === 1 ? 'Image of the seed' : 'First image of the seed'}>
      <div className="flex items-center gap-1">
        <NumberInput
          part="image"
          label="First image of the seed, counted from 0"
          value={image}
          min={OWN.image.min}
          max={OWN.image.max}
          whole
          className="w-14"
          onChange={(next) => session.change({ image: next })}
        />
        <button
          type="button"
          data-part="image-alone"
          className="button h-7"
          disabled={alone > OWN.image.max}
          onClick={() => session.change(samples === 1 ? { image: 0 } : { image: alone, samples: 1 })}
        >
          {samples === 1 ? 'First' : `Only ${alone}`}
        </button>
      </div>
    </Row>
  )
}

export function Wanted() {
  const session = useSession()
  const samples = useWanted((settings) => settings.samples)
  return (
    <Section title="What is wanted">
      <Part name="model">
        <ModelChoice />
      </Part>
      <Part name="class">
        <WantedClass />
      </Part>
      <Part name="seed">
        <Seed />
      </Part>
      <Part name="samples">
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
        <Images />
      </Part>
    </Section>
  )
}
