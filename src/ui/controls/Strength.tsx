/** The scale as numbers; its slider stands with the equation. */
import { isGuided, methodById } from '../../guidance/index'
import { actsAlone, lowestScale } from '../../guidance/scale'
import { OWN, TERM } from '../../settings'
import { useSession, useWanted } from '../app/store'
import { Hint } from '../kit/Hint'
import { NumberInput } from '../kit/NumberInput'
import { Section } from '../kit/Section'
import { Slide } from '../kit/Slide'
import { Part } from '../view/Part'

/** The scale in one of its two conventions: s + `offset`. */
function ScaleField({
  part,
  label,
  offset,
}: {
  readonly part: string
  readonly label: string
  readonly offset: number
}) {
  const session = useSession()
  const scale = useWanted((settings) => settings.scale)
  const method = useWanted((settings) => methodById(settings.method))
  const tidy = (value: number) => Number(value.toFixed(4))
  return (
    <NumberInput
      part={part}
      label={label}
      value={tidy(scale + offset)}
      min={(method ? lowestScale(method) : TERM.scale.min) + offset}
      max={TERM.scale.max + offset}
      className="w-16"
      onChange={(next) => session.change({ scale: tidy(next - offset) })}
    />
  )
}

export function Strength() {
  const session = useSession()
  const guided = useWanted((settings) => isGuided(settings))
  const rescale = useWanted((settings) => settings.rescale)
  const alone = useWanted(actsAlone)
  const turns = useWanted((settings) => methodById(settings.method)?.oneWay === undefined)
  return (
    <Section title="How hard to push">
      {guided ? (
        <>
          <Part name="scale">
            <div className="num flex items-center justify-between gap-2 text-label">
              <span>Scale</span>
              <span className="flex items-center gap-2">
                s <ScaleField part="scale-number" label="Scale s, number" offset={0} />{' '}
                <span className="pl-1.5 text-muted">w</span>{' '}
                <ScaleField part="scale-w-number" label="Scale w, number" offset={1} />
              </span>
            </div>
            <Hint>
              One scale, two ways to write it: w = s + 1. Papers use both. Its slider is beside the equation.
              {turns && ` Below 0 the way goes towards the negative${alone ? '; s = −1 is the negative itself' : ''}.`}
            </Hint>
          </Part>
          <Part name="rescale">
            <Slide
              part="rescale"
              label="Rescale φ"
              help="Pulls the contrast of the guided prediction back to the positive’s, against oversaturation: 0 leaves it, 1 makes them equal."
              value={rescale}
              min={OWN.rescale.min}
              max={OWN.rescale.max}
              step={0.05}
              onChange={(next) => session.change({ rescale: next }, 'drag')}
              onSettle={session.settle}
            />
          </Part>
        </>
      ) : (
        <Hint>Without a negative there is nothing to push away from.</Hint>
      )}
    </Section>
  )
}
