/** The controls in the order of thought: what is wanted, what makes the negative worse, how hard to push, how to walk. */
import { type ReactNode, useId, useMemo } from 'react'
import { isGuided, methodById, negativeMethodOf, readsMap } from '../../guidance/index'
import { OWN, TERM } from '../../settings'
import { fetchingText, megabytes } from '../kit/format'
import { missingBytes, settingsRefusals } from '../method/methods'
import { hasAverages, networkById } from './parameters'
import { usePage, useSession } from '../app/store'
import { withTermMethod } from '../equation/terms'
import { AblationMenu, AblationPanel } from './Ablations'
import { Choice, Flag, NumberInput, Segments, Slide } from '../kit/fields'
import { Kernel } from '../network/Kernel'
import { MapInspector } from '../network/MapInspector'
import { MethodCard } from '../method/MethodCard'
import { MethodSelect } from '../method/MethodSelect'
import { LayerPicker } from '../network/NetworkDrawing'
import { EmaSlide, ParameterControl, ParameterFields } from './ParameterFields'
import { solverById, solverParameters, solvers } from '../../sampling/solver-registry'
import { Stack } from './Stack'
import { VisionFile } from '../network/VisionFile'

function Section({
  title,
  aside,
  children,
}: {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="border-b border-line py-4 first:pt-0 last:border-b-0">
      <div className="mb-2.5 flex items-baseline justify-between gap-1">
        <h2 id={id} className="font-medium whitespace-nowrap">
          {title}
        </h2>
        {aside}
      </div>
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
  const locked = usePage((state) => state.controls.seedLocked)
  const { classes } = model.conditioning
  const network = usePage((state) => networkById(state.settings.network, state.model))
  const style = label === null ? undefined : classes[label]
  // Only a network that was trained without a class at times can draw without one.
  const any = network?.labelDropout ? [{ value: 'any', label: 'Any (unconditional)' }] : []
  return (
    <Section title="What is wanted">
      {classes.length + any.length > 1 ? (
        <div>
          <Choice
            label="Class"
            value={label === null ? 'any' : String(label)}
            options={[...classes.map(({ name }, index) => ({ value: String(index), label: name })), ...any]}
            onChange={(next) => session.want({ class: next === 'any' ? null : Number(next) })}
          />
          {style?.artist && (
            <p className="mt-1 text-right text-xs text-muted">
              drawn by{' '}
              <a
                className="underline decoration-line underline-offset-2 hover:decoration-ink"
                href={style.url}
                target="_blank"
                rel="noreferrer"
              >
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
          <NumberInput
            label="Seed"
            value={seed}
            min={0}
            max={OWN.seed.max}
            whole
            className="w-20"
            onChange={(next) => session.change({ seed: next })}
          />
          <button type="button" className="button h-7" onClick={session.nextSeed}>
            Next
          </button>
        </div>
      </div>
      <Flag
        label="Keep the seed"
        help={locked ? 'The noise stays the same whatever else changes.' : 'Another class draws the next seed.'}
        value={locked}
        onChange={(next) => session.set({ controls: { seedLocked: next } })}
      />
      <Slide
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

/** Whose weights make the positive, and of which average. */
function PositiveNetwork() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const id = usePage((state) => state.settings.network)
  const ema = usePage((state) => state.settings.ema)
  const label = usePage((state) => state.settings.class)
  const network = networkById(id, model)
  if (model.networks.length < 2) return null
  const choose = (next: string) => {
    const chosen = networkById(next, model)
    session.change({
      network: next,
      ...(!hasAverages(chosen) && { ema: null }),
      ...(label === null && !chosen?.labelDropout && { class: 0 }),
    })
  }
  return (
    <Section title="Whose weights">
      <div>
        <Choice
          label="Network"
          value={id}
          options={model.networks.map((each) => ({
            value: each.id,
            label: `${each.name} · ${megabytes(each.weights.bytes)} MB`,
          }))}
          onChange={choose}
        />
        {network && (
          <p className="num mt-1 text-xs text-muted">
            For the positive: {(network.parameters / 1e6).toFixed(1)} M parameters,{' '}
            {(network.samples / 1e6).toFixed(network.samples < 1e6 ? 2 : 1)} M images seen
            {network.labelDropout && ', class dropped at times'}.
          </p>
        )}
      </div>
      {(hasAverages(network) || ema !== null) && (
        <EmaSlide
          label="Weight average"
          help="Length of the positive’s average over training, relative to it: longer is smoother and further behind."
          of={id}
          value={ema}
          onChange={(next, gesture) => session.change({ ema: next }, gesture)}
          onSettle={session.settle}
        />
      )}
    </Section>
  )
}

/** Networks on their way, or how much a run under these settings has to fetch. */
function Fetching() {
  const fetching = usePage((state) => state.engine.fetching)
  const ready = usePage((state) => state.engine.status.kind === 'ready')
  const settings = usePage((state) => state.settings)
  const model = usePage((state) => state.model)
  const fetched = usePage((state) => state.engine.fetched)
  const missing = useMemo(
    () => (ready && settingsRefusals(settings, model).length === 0 ? missingBytes(settings, model, fetched) : 0),
    [ready, settings, model, fetched],
  )
  if (!fetching)
    return missing > 0 ? <p className="num text-xs text-muted">Needs {megabytes(missing)} MB more.</p> : null
  const share = fetching.loaded / Math.max(1, fetching.total)
  return (
    <div>
      <p className="num text-xs text-muted">{fetchingText(fetching)}</p>
      <div
        className="mt-1 h-0.5 bg-line"
        role="progressbar"
        aria-label={fetching.label}
        aria-valuenow={Math.round(100 * share)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div className="h-full bg-positive" style={{ width: `${100 * share}%` }} />
      </div>
    </div>
  )
}

function Worse() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const settings = usePage((state) => state.settings)
  const method = methodById(settings.method)
  if (!method) return null
  const negative = negativeMethodOf(settings)
  const reasons = settingsRefusals(settings, model)
  const attention = negative?.layers !== null && negative !== null
  const reads = readsMap(settings)
  return (
    <Section title="What makes the negative worse" aside={<AblationMenu />}>
      <AblationPanel />
      <MethodSelect
        label="Guidance method"
        at={0}
        value={settings.method}
        onChange={(id) => session.change(withTermMethod(settings, 0, id, model))}
      />
      {reasons.map((reason) => (
        <p key={reason} className="border-l-2 border-alert pl-2 text-[0.8125rem]">
          {reason}
        </p>
      ))}
      <Fetching />
      <MethodCard>
        <ParameterFields
          term={0}
          method={method}
          values={settings.parameters}
          onChange={(parameters, gesture) => session.change({ parameters }, gesture)}
        />
        <VisionFile />
        <Kernel term={0} />
        {attention && (
          <LayerPicker term={0} value={settings.layers} onChange={(layers) => session.change({ layers })} />
        )}
        {(attention || reads) && <MapInspector term={0} />}
      </MethodCard>
    </Section>
  )
}

/** More negatives, each with its own scale; a section of its own, since the first has long controls. */
function More() {
  const off = usePage((state) => !isGuided(state.settings))
  return off ? null : (
    <Section title="Other negatives">
      <Stack />
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
      min={TERM.scale.min + offset}
      max={TERM.scale.max + offset}
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
          <p className="text-xs text-muted">
            One scale, two ways to write it: w = s + 1. Papers use both. Its slider is beside the equation.
          </p>
          <Slide
            label="Rescale φ"
            help="Pulls the contrast of the guided prediction back to the positive’s, against oversaturation: 0 leaves it, 1 makes them equal."
            value={settings.rescale}
            min={0}
            max={1}
            step={0.05}
            onChange={(rescale) => session.change({ rescale }, 'drag')}
            onSettle={session.settle}
          />
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
  const given = usePage((state) => state.settings.solverParameters)
  const model = usePage((state) => state.model)
  const chosen = solverById(solver)
  return (
    <Section title="How to walk">
      <Slide
        label="Steps"
        value={steps}
        min={OWN.steps.min}
        max={OWN.steps.max}
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
          options={solvers.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(next) =>
            session.change({ solver: next, solverParameters: solverParameters(solverById(next), given) })
          }
        />
      </div>
      <p className="text-xs text-muted">{chosen.help}</p>
      {chosen.parameters
        .filter((parameter) => parameter.with === undefined || given[parameter.with]! > 0)
        .map((parameter) => (
          <ParameterControl
            key={parameter.key}
            term={0}
            parameter={parameter}
            values={given}
            model={model}
            prefix=""
            set={(next, gesture) =>
              session.change({ solverParameters: { ...given, [parameter.key]: Number(next) } }, gesture)
            }
          />
        ))}
    </Section>
  )
}

export function Controls() {
  return (
    <>
      <Wanted />
      <Worse />
      <More />
      <PositiveNetwork />
      <Strength />
      <Walk />
    </>
  )
}
