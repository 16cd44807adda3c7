/** A parameter that is a number: on a slider of even steps or of powers of two, or a head chosen by its name. */
import { layersOfNetwork } from '../../../guidance/networks'
import { useSession, useWanted } from '../../app/store'
import { termOf } from '../../equation/terms'
import { Choice } from '../../kit/Choice'
import { Hint } from '../../kit/Hint'
import { NumberInput } from '../../kit/NumberInput'
import { Slide } from '../../kit/Slide'
import { logMarks, type LogRange, logStopIndex, logStops, numberText } from '../parameters'
import type { FieldProps, ParameterOf } from './types'

interface Part extends FieldProps<'number'> {
  readonly value: number
}

/** All heads, or one; as many as the layers have. */
function Heads({ parameter, heads, term, value, values, set }: Part & { readonly heads: Heads }) {
  const layer = heads.layer === undefined ? null : Number(values[heads.layer])
  const count = useWanted((settings, { model }) => {
    const chosen = layer === null ? termOf(settings, term).layers : [layer]
    const layers = layersOfNetwork(settings.network, model).filter(
      ({ index }) => chosen === 'all' || chosen.includes(index),
    )
    return Math.max(1, ...layers.map((each) => each.heads))
  })
  // A link may name a head that these layers lack; the method says so beside.
  const known = [...Array(count).keys(), ...(value >= count ? [value] : [])]
  return (
    <div>
      <Choice
        part={parameter.key}
        label={parameter.label}
        value={String(value)}
        options={[
          { value: '-1', label: heads.all },
          ...known.map((head) => ({ value: String(head), label: `head ${head}` })),
        ]}
        onChange={(next) => set(Number(next), 'discrete')}
      />
      <Hint className="mt-1">{parameter.help}</Hint>
    </div>
  )
}

type Heads = NonNullable<ParameterOf<'number'>['heads']>

function Even({ parameter: { key, label, help, min, max, step, whole = false }, value, prefix, set }: Part) {
  const session = useSession()
  return (
    <Slide
      part={key}
      label={label}
      prefix={prefix}
      help={help}
      value={value}
      min={min}
      max={max}
      step={step}
      whole={whole}
      onChange={(next) => set(next, 'drag')}
      onSettle={session.settle}
    />
  )
}

function Powers({ parameter, range, value, prefix, set }: Part & { readonly range: LogRange }) {
  const session = useSession()
  const { key, label, help, min, max, whole = false } = parameter
  const stops = logStops(parameter, range)
  const { text, unit } = numberText(value, parameter)
  return (
    <Slide
      part={key}
      label={label}
      prefix={prefix}
      help={help}
      value={logStopIndex(value, stops)}
      min={0}
      max={stops.length - 1}
      step={1}
      readout={
        <span className="flex items-center gap-2">
          <span className="num text-hint text-muted">{unit}</span>
          <NumberInput
            part={`${key}-number`}
            label={`${prefix}${label}, number`}
            value={value}
            min={min}
            max={max}
            whole={whole}
            className="w-16"
            onChange={(next) => set(next, 'discrete')}
          />
        </span>
      }
      valueText={text}
      marks={logMarks(stops)}
      onChange={(at) => set(stops[at] ?? value, 'drag')}
      onSettle={session.settle}
    />
  )
}

export function NumberField(props: FieldProps<'number'>) {
  const { parameter, values } = props
  const given = values[parameter.key]
  const value = typeof given === 'number' ? given : parameter.default
  if (parameter.heads) return <Heads {...props} heads={parameter.heads} value={value} />
  if (parameter.slider === 'linear') return <Even {...props} value={value} />
  return <Powers {...props} range={parameter.slider} value={value} />
}
