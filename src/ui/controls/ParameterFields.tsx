/** A method's own parameters as controls, drawn from its metadata. */
import { averageError } from '../../engine/recipe'
import type { ModelInfo } from '../../model/types'
import { parametersOf } from '../../guidance/index'
import { layersOfNetwork } from '../../guidance/networks'
import type { GuidanceMethod, Parameter } from '../../guidance/types'
import type { ParameterValue } from '../../settings/types'
import { megabytes, percent, plain } from '../kit/format'
import {
  applies,
  EMA_RANGE,
  EMA_STOPS,
  emaStopIndex,
  hasAverages,
  logStopIndex,
  logStops,
  networkById,
  withParameter,
} from './parameters'
import type { Gesture } from '../app/link'
import { usePage, useSession } from '../app/store'
import { termOf } from '../equation/terms'
import { Choice, Flag, NumberInput, Segments, Slide } from '../kit/fields'
import { LayerChoice } from '../network/NetworkDrawing'

/** Few short choices are all shown; the column has room for about this many letters. */
const LETTERS = 26

export function EmaSlide({
  label,
  help,
  of,
  value,
  onChange,
  onSettle,
}: {
  readonly label: string
  readonly help: string
  /** Id of the network whose weights are averaged. */
  readonly of: string
  /** σ_rel; null for the weights as stored. */
  readonly value: number | null
  readonly onChange: (value: number | null, gesture: Gesture) => void
  readonly onSettle: () => void
}) {
  const network = usePage((state) => networkById(of, state.model))
  if (!network || !hasAverages(network)) {
    return (
      <div className="text-[0.8125rem]">
        <p className="flex justify-between gap-3">
          {label} <span className="text-muted">as stored</span>
        </p>
        <p className="mt-0.5 text-xs text-muted">
          {network ? `${network.name} was` : 'These weights were'} stored with one average only, so its length is fixed.
        </p>
      </div>
    )
  }
  const stored = network.sigmaRel === null ? 'as stored' : `as stored, ${plain(network.sigmaRel)}`
  return (
    <Slide
      label={label}
      help={
        value === null || value === network.sigmaRel
          ? help
          : `${help} This one is put together from stored averages, ${percent(averageError(network, value))} off the true one.`
      }
      value={emaStopIndex(value)}
      min={0}
      max={EMA_STOPS.length}
      step={1}
      valueText={value === null ? stored : `σ_rel ${plain(value)}`}
      readout={
        value === null ? (
          <span className="num flex h-7 items-center text-[0.8125rem] text-muted">{stored}</span>
        ) : (
          <span className="num flex items-center gap-2 text-xs text-muted">
            σ_rel
            <NumberInput
              label={`${label}, number`}
              value={value}
              min={EMA_RANGE.min}
              max={EMA_RANGE.max}
              className="w-16"
              onChange={(next) => onChange(next, 'discrete')}
            />
          </span>
        )
      }
      marks={[
        { at: 0, text: 'stored' },
        ...[0.05, 0.1, 0.155, 0.25].map((stop) => ({ at: emaStopIndex(stop), text: plain(stop) })),
      ]}
      onChange={(at) => onChange(at === 0 ? null : (EMA_STOPS[at - 1] ?? null), 'drag')}
      onSettle={onSettle}
    />
  )
}

/** All heads, or one; as many as the layers have. */
function HeadChoice({
  term,
  label,
  help,
  all,
  layer,
  value,
  onChange,
}: {
  readonly term: number
  readonly label: string
  readonly help: string
  readonly all: string
  /** Whose heads: a layer's, or null for those of the term's layers. */
  readonly layer: number | null
  readonly value: number
  readonly onChange: (head: number) => void
}) {
  const count = usePage(({ settings, model }) => {
    const chosen = layer === null ? termOf(settings, term).layers : [layer]
    const layers = layersOfNetwork(settings.network, model).filter(
      ({ index }) => chosen === 'all' || chosen.includes(index),
    )
    return Math.max(1, ...layers.map(({ heads }) => heads))
  })
  // A link may name a head that these layers lack; the method says so beside.
  const heads = [...Array(count).keys(), ...(value >= count ? [value] : [])]
  const options = [
    { value: '-1', label: all },
    ...heads.map((head) => ({ value: String(head), label: `head ${head}` })),
  ]
  return (
    <div>
      <Choice label={label} value={String(value)} options={options} onChange={(next) => onChange(Number(next))} />
      <p className="mt-1 text-xs text-muted">{help}</p>
    </div>
  )
}

interface ControlProps {
  /** The term whose parameter it is: 0 is the first. */
  readonly term: number
  readonly parameter: Parameter
  readonly values: Readonly<Record<string, ParameterValue>>
  readonly model: ModelInfo
  /** Goes before the labels that are read aloud, where the same control stands on the page twice. */
  readonly prefix: string
  readonly set: (next: ParameterValue, gesture: Gesture) => void
}

export function ParameterControl({ term, parameter, values, model, prefix, set }: ControlProps) {
  const session = useSession()
  const value = values[parameter.key]
  const { help } = parameter
  const label = parameter.label
  switch (parameter.kind) {
    case 'flag':
      return <Flag label={label} help={help} value={value === true} onChange={(next) => set(next, 'discrete')} />
    case 'choice': {
      const chosen = parameter.choices.find((choice) => choice.value === value)
      const letters = parameter.choices.reduce((sum, choice) => sum + choice.label.length + 3, 0)
      return (
        <div>
          {letters + label.length > LETTERS + 8 || parameter.choices.length > 3 ? (
            <Choice
              label={label}
              value={String(value)}
              options={parameter.choices}
              onChange={(next) => set(next, 'discrete')}
            />
          ) : (
            <div className="flex items-center justify-between gap-3">
              <span className="text-[0.8125rem]">{label}</span>
              <Segments
                label={`${prefix}${label}`}
                value={String(value)}
                options={parameter.choices}
                onChange={(next) => set(next, 'discrete')}
              />
            </div>
          )}
          <p className="mt-1 text-xs text-muted">{chosen?.help ?? help}</p>
        </div>
      )
    }
    case 'network': {
      const among = model.networks.filter((network) => parameter.among(network, model))
      return (
        <div>
          <Choice
            label={label}
            value={String(value)}
            options={among.map(({ id, name, weights }) => ({
              value: id,
              label: `${name} · ${megabytes(weights.bytes)} MB`,
            }))}
            onChange={(next) => set(next, 'discrete')}
          />
          <p className="mt-1 text-xs text-muted">{help}</p>
        </div>
      )
    }
    case 'ema':
      return (
        <EmaSlide
          label={label}
          help={help}
          of={String(values[parameter.of] ?? '')}
          value={typeof value === 'number' ? value : null}
          onChange={(next, gesture) => set(next ?? 'stored', gesture)}
          onSettle={session.settle}
        />
      )
    case 'layer':
      return (
        <LayerChoice
          term={term}
          label={label}
          help={help}
          prefix={prefix}
          value={Number(value)}
          onChange={(next) => set(next, 'discrete')}
        />
      )
    case 'number': {
      const number = typeof value === 'number' ? value : parameter.default
      if (parameter.heads) {
        const { all, layer } = parameter.heads
        return (
          <HeadChoice
            term={term}
            label={label}
            help={help}
            all={all}
            layer={layer === undefined ? null : Number(values[layer])}
            value={number}
            onChange={(next) => set(next, 'discrete')}
          />
        )
      }
      if (parameter.slider === 'linear') {
        return (
          <Slide
            label={label}
            prefix={prefix}
            help={help}
            value={number}
            min={parameter.min}
            max={parameter.max}
            step={parameter.step}
            whole={parameter.whole ?? false}
            onChange={(next) => set(next, 'drag')}
            onSettle={session.settle}
          />
        )
      }
      const stops = logStops(parameter, parameter.slider)
      const text =
        number === 0 && parameter.min === 0
          ? 'off'
          : number === Infinity
            ? '∞'
            : `${plain(number)}${parameter.unit ? ` ${parameter.unit}` : ''}`
      return (
        <Slide
          label={label}
          prefix={prefix}
          help={help}
          value={logStopIndex(number, stops)}
          min={0}
          max={stops.length - 1}
          step={1}
          readout={
            <span className="flex items-center gap-2">
              <span className="num text-xs text-muted">
                {number === 0 ? 'off' : number === Infinity ? '' : parameter.unit}
              </span>
              <NumberInput
                label={`${prefix}${label}, number`}
                value={number}
                min={parameter.min}
                max={parameter.max}
                whole={parameter.whole ?? false}
                className="w-16"
                onChange={(next) => set(next, 'discrete')}
              />
            </span>
          }
          valueText={text}
          marks={stops.flatMap((stop, at) =>
            stop === 0
              ? [{ at, text: 'off' }]
              : stop === Infinity
                ? [{ at, text: '∞' }]
                : stop === stops[0] || [1, 4, 16].includes(stop)
                  ? [{ at, text: plain(stop) }]
                  : [],
          )}
          onChange={(at) => set(stops[at] ?? number, 'drag')}
          onSettle={session.settle}
        />
      )
    }
    default:
      return parameter satisfies never
  }
}

interface ParameterFieldsProps {
  readonly term: number
  readonly method: GuidanceMethod
  readonly values: Readonly<Record<string, ParameterValue>>
  readonly prefix?: string
  readonly onChange: (values: Readonly<Record<string, ParameterValue>>, gesture: Gesture) => void
}

/** All parameters that mean something beside the others, borrowed ones included. */
export function ParameterFields({ term, method, values, prefix = '', onChange }: ParameterFieldsProps) {
  const model = usePage((state) => state.model)
  const label = usePage((state) => state.settings.class)
  return parametersOf(method, values)
    .filter((parameter) => applies(parameter, values))
    .map((parameter) => (
      <ParameterControl
        key={parameter.key}
        term={term}
        parameter={parameter}
        values={values}
        model={model}
        prefix={prefix}
        set={(next, gesture) => onChange(withParameter(method, values, parameter.key, next, model, label), gesture)}
      />
    ))
}
