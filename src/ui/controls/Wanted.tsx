/** What is wanted: the class, the seed, and how many images. */
import { unconditionalNetwork } from '../../guidance/networks'
import { OWN } from '../../settings'
import { usePage, useSession } from '../app/store'
import { Choice } from '../kit/Choice'
import { Flag } from '../kit/Flag'
import { Hint } from '../kit/Hint'
import { Link } from '../kit/Link'
import { NumberInput } from '../kit/NumberInput'
import { Row } from '../kit/Row'
import { Section } from '../kit/Section'
import { Slide } from '../kit/Slide'
import { ModelChoice } from './ModelChoice'

const ANY = { value: 'any', label: 'Any (unconditional)' }

function WantedClass() {
  const session = useSession()
  const { classes } = usePage((state) => state.model.conditioning)
  const label = usePage((state) => state.settings.class)
  const able = usePage((state) => unconditionalNetwork(state.model) !== undefined)
  const style = label === null ? undefined : classes[label]
  const options = [...classes.map(({ name }, index) => ({ value: String(index), label: name })), ...(able ? [ANY] : [])]
  if (options.length < 2) return <Hint>This model has one class, so there is none to choose.</Hint>
  return (
    <div>
      <Choice
        part="class"
        label="Class"
        value={label === null ? ANY.value : String(label)}
        options={options}
        onChange={(next) => session.want({ class: next === ANY.value ? null : Number(next) })}
      />
      {style?.artist && (
        <Hint className="mt-1 text-right">
          drawn by {style.url ? <Link href={style.url}>{style.artist}</Link> : style.artist}
          {style.licence && `, ${style.licence}`}
        </Hint>
      )}
    </div>
  )
}

function Seed() {
  const session = useSession()
  const seed = usePage((state) => state.settings.seed)
  const locked = usePage((state) => state.controls.seedLocked)
  return (
    <>
      <Row label="Seed">
        <div className="flex items-center gap-1">
          <NumberInput
            part="seed"
            label="Seed"
            value={seed}
            min={OWN.seed.min}
            max={OWN.seed.max}
            whole
            className="w-20"
            onChange={(next) => session.change({ seed: next })}
          />
          <button type="button" data-part="next-seed" className="button h-7" onClick={session.nextSeed}>
            Next
          </button>
        </div>
      </Row>
      <Flag
        part="keep-seed"
        label="Keep the seed"
        help={locked ? 'The noise stays the same whatever else changes.' : 'Another class draws the next seed.'}
        value={locked}
        onChange={(next) => session.set({ controls: { seedLocked: next } })}
      />
    </>
  )
}

export function Wanted() {
  const session = useSession()
  const samples = usePage((state) => state.settings.samples)
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
