/** The controls in the order of thought: what is wanted, what makes the negative worse, how hard to push, how to walk. */
import { type ReactNode, useId } from 'react'
import { methodById, methods } from '../../guidance'
import type { Parameter } from '../../guidance/types'
import { LIMITS, withMethod } from '../../settings/codec'
import { plain } from '../format'
import { applies, logStopIndex, logStops } from '../parameters'
import { usePage, useSession } from '../store'
import { Choice, Flag, NumberInput, Segments, Slide } from './fields'
import { MapInspector } from './MapInspector'
import { NetworkDrawing } from './NetworkDrawing'
import { Tex } from './Tex'

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="border-b border-line py-4 first:pt-0 last:border-b-0">
      <h2 id={id} className="mb-2.5 font-medium">
        {title}
      </h2>
      <div className="flex flex-col gap-2.5">{children}</div>
    </section>
  )
}

function Wanted() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const label = usePage((state) => state.settings.class)
  const seed = usePage((state) => state.settings.seed)
  const samples = usePage((state) => state.settings.samples)
  const locked = usePage((state) => state.seedLocked)
  const { classes } = model.conditioning
  const style = classes[label]
  return (
    <Section title="What is wanted">
      {classes.length > 1 ? (
        <div>
          <Choice
            label="Class"
            value={String(label)}
            options={classes.map(({ name }, index) => ({ value: String(index), label: name }))}
            onChange={(next) => session.want({ class: Number(next) })}
          />
          {style?.artist && (
            <p className="mt-1 text-right text-xs text-muted">
              drawn by{' '}
              <a className="underline decoration-line underline-offset-2 hover:decoration-ink" href={style.url} target="_blank" rel="noreferrer">
                {style.artist}
              </a>
              {style.licence && `, ${style.licence}`}
            </p>
          )}
        </div>
      ) : (
        <p className="text-xs text-muted">This model has one class, so there is none to choose.</p>
      )}
      <div className="flex items-center justify-between gap-3">
        <span className="text-[0.8125rem]">Seed</span>
        <div className="flex items-center gap-1">
          <NumberInput label="Seed" value={seed} min={0} max={LIMITS.seed.max} whole className="w-20" onChange={(next) => session.change({ seed: next })} />
          <button type="button" className="button h-7" onClick={session.nextSeed}>
            Next
          </button>
        </div>
      </div>
      <Flag
        label="Keep the seed"
        help={locked ? 'The noise stays the same whatever else changes.' : 'Another class draws the next seed.'}
        value={locked}
        onChange={(next) => session.set({ seedLocked: next })}
      />
      <Slide
        label="Samples"
        value={samples}
        min={LIMITS.samples.min}
        max={LIMITS.samples.max}
        step={1}
        whole
        onChange={(next) => session.change({ samples: next }, 'drag')}
        onSettle={session.settle}
      />
    </Section>
  )
}

function ParameterControl({ parameter }: { readonly parameter: Parameter }) {
  const session = useSession()
  const parameters = usePage((state) => state.settings.parameters)
  const value = parameters[parameter.key] ?? parameter.default
  const set = (next: number | string | boolean, gesture: 'drag' | 'discrete') =>
    session.change({ parameters: { ...parameters, [parameter.key]: next } }, gesture)
  switch (parameter.kind) {
    case 'flag':
      return <Flag label={parameter.label} help={parameter.help} value={value === true} onChange={(next) => set(next, 'discrete')} />
    case 'choice': {
      const chosen = parameter.choices.find((choice) => choice.value === value)
      return (
        <div>
          {parameter.choices.length > 3 ? (
            <Choice label={parameter.label} value={String(value)} options={parameter.choices} onChange={(next) => set(next, 'discrete')} />
          ) : (
            <div className="flex items-center justify-between gap-3">
              <span className="text-[0.8125rem]">{parameter.label}</span>
              <Segments label={parameter.label} value={String(value)} options={parameter.choices} onChange={(next) => set(next, 'discrete')} />
            </div>
          )}
          <p className="mt-1 text-xs text-muted">{chosen?.help ?? parameter.help}</p>
        </div>
      )
    }
    case 'number': {
      const number = typeof value === 'number' ? value : parameter.default
      if (parameter.slider === 'linear') {
        return (
          <Slide
            label={parameter.label}
            help={parameter.help}
            value={number}
            min={parameter.min}
            max={parameter.max}
            step={parameter.step}
            onChange={(next) => set(next, 'drag')}
            onSettle={session.settle}
          />
        )
      }
      const stops = logStops(parameter, parameter.slider)
      const text = number === 0 && parameter.min === 0 ? 'off' : number === Infinity ? '∞' : `${plain(number)}${parameter.unit ? ` ${parameter.unit}` : ''}`
      return (
        <Slide
          label={parameter.label}
          help={parameter.help}
          value={logStopIndex(number, stops)}
          min={0}
          max={stops.length - 1}
          step={1}
          readout={
            <span className="flex items-center gap-2">
              <span className="num text-xs text-muted">{number === 0 ? 'off' : number === Infinity ? '' : parameter.unit}</span>
              <NumberInput
                label={`${parameter.label}, number`}
                value={number}
                min={parameter.min}
                max={parameter.max}
                className="w-16"
                onChange={(next) => set(next, 'discrete')}
              />
            </span>
          }
          valueText={text}
          marks={stops.flatMap((stop, at) => (stop === 0 ? [{ at, text: 'off' }] : stop === Infinity ? [{ at, text: '∞' }] : [1, 4, 16].includes(stop) ? [{ at, text: plain(stop) }] : []))}
          onChange={(at) => set(stops[at] ?? number, 'drag')}
          onSettle={session.settle}
        />
      )
    }
    default:
      return parameter satisfies never
  }
}

function Worse() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const settings = usePage((state) => state.settings)
  const method = methodById(settings.method)
  const available = methods.filter((candidate) => candidate.unavailable(model) === null)
  const reasons = methods.flatMap((candidate) => {
    const reason = candidate.unavailable(model)
    return reason === null ? [] : [`${candidate.name}: ${reason}`]
  })
  if (!method) return null
  const parameters = method.parameters.filter((parameter) => applies(parameter, settings.parameters))
  return (
    <Section title="What makes the negative worse">
      <Segments
        wide
        label="Guidance method"
        value={settings.method}
        options={available.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(id) => session.change(withMethod(settings, id, model))}
      />
      <div>
        <h3 className="text-[0.8125rem] font-medium">{method.title}</h3>
        <p className="mt-0.5 text-[0.8125rem] text-muted">The negative {method.sentence}</p>
        <div className="mt-1.5 text-[0.8125rem]">
          <Tex block>{method.formula(settings.parameters)}</Tex>
        </div>
        <a
          className="text-xs text-muted underline decoration-line underline-offset-2 hover:decoration-ink"
          href={method.source.url}
          target="_blank"
          rel="noreferrer"
        >
          {method.source.text}
        </a>
      </div>
      {parameters.map((parameter) => (
        <ParameterControl key={parameter.key} parameter={parameter} />
      ))}
      {method.layers ? (
        <>
          <NetworkDrawing />
          <MapInspector />
        </>
      ) : (
        method.id !== 'none' && <p className="text-xs text-muted">{method.name} does not touch the attention layers, so there are none to pick.</p>
      )}
      {reasons.map((reason) => (
        <p key={reason} className="text-xs text-muted">
          {reason}
        </p>
      ))}
    </Section>
  )
}

/** The scale as numbers; its slider stands with the equation. */
function Strength() {
  const session = useSession()
  const settings = usePage((state) => state.settings)
  const method = methodById(settings.method)
  const field = (label: string, offset: number) => (
    <NumberInput
      label={label}
      value={Number((settings.scale + offset).toFixed(4))}
      min={LIMITS.scale.min + offset}
      max={LIMITS.scale.max + offset}
      className="w-16"
      onChange={(next) => session.change({ scale: Number((next - offset).toFixed(4)) })}
    />
  )
  return (
    <Section title="How hard to push">
      {method && method.scale.max > 0 ? (
        <>
          <div className="num flex items-center justify-between gap-2 text-[0.8125rem]">
            <span>Scale</span>
            <span className="flex items-center gap-2">
              s {field('Scale s, number', 0)} <span className="pl-1.5 text-muted">w</span> {field('Scale w, number', 1)}
            </span>
          </div>
          <p className="text-xs text-muted">One scale, two ways to write it: w = s + 1. Papers use both. Its slider is beside the equation.</p>
        </>
      ) : (
        <p className="text-xs text-muted">Without a negative there is nothing to push away from.</p>
      )}
    </Section>
  )
}

function Walk() {
  const session = useSession()
  const steps = usePage((state) => state.settings.steps)
  const solver = usePage((state) => state.settings.solver)
  return (
    <Section title="How to walk">
      <Slide
        label="Steps"
        value={steps}
        min={LIMITS.steps.min}
        max={LIMITS.steps.max}
        step={1}
        whole
        onChange={(next) => session.change({ steps: next }, 'drag')}
        onSettle={session.settle}
      />
      <div className="flex items-center justify-between gap-3">
        <span className="text-[0.8125rem]">Solver</span>
        <Segments
          label="Solver"
          value={solver}
          options={[
            { value: 'euler', label: 'Euler' },
            { value: 'heun', label: 'Heun' },
          ]}
          onChange={(next) => session.change({ solver: next === 'heun' ? 'heun' : 'euler' })}
        />
      </div>
      <p className="text-xs text-muted">{solver === 'heun' ? 'Two evaluations a step, second order.' : 'One evaluation a step, first order.'}</p>
    </Section>
  )
}

export function Controls() {
  return (
    <>
      <Wanted />
      <Worse />
      <Strength />
      <Walk />
    </>
  )
}
