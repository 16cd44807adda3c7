/** What can be varied: an axis is a key of a preset with texts of values, as a link writes them. */
import { methodById, methods, negativeMethodOf, parametersOf } from '../guidance'
import type { Parameter } from '../guidance/types'
import type { ModelInfo } from '../model/types'
import { solverById, solvers } from '../sampling/solver-registry'
import { FLAG_KEYS } from '../settings'
import { OWN, TERM, type OwnKey, type TermKey } from '../settings/table'
import type { Settings } from '../settings/types'

export interface Axis {
  /** A key of a preset, or one end of the window. */
  readonly key: string
  readonly values: readonly string[]
}

export const WINDOW_ENDS = ['window.low', 'window.high'] as const

export interface AxisKey {
  readonly key: string
  readonly label: string
  readonly help: string
  /** Values that `valuesOf` reads and that work from here. */
  readonly example: string
  /** How much a change of it costs: what is dearer is changed less often. */
  readonly cost: number
}

/** Another model is loaded anew, other weights are made, another class or seed begins from other noise; the rest is cheap. */
const COSTS: Readonly<Record<string, number>> = { model: 9, network: 8, ema: 7, class: 6, seed: 6, steps: 5, solver: 5 }

export const costOf = (key: string): number => COSTS[key] ?? (methodsOwn(key)?.kind === 'network' ? 4 : 1)

/** The parameter that some method or solver calls so. */
function methodsOwn(key: string): Parameter | undefined {
  return methods.flatMap(({ parameters }) => parameters).find((parameter) => parameter.key === key)
}

/** Keys that can be an axis at all. */
export const AXIS_KEYS: readonly string[] = [
  ...FLAG_KEYS.filter((key) => key !== 'stack' && key !== 'samples'),
  ...WINDOW_ENDS,
]

export const isAxisKey = (key: string): boolean => AXIS_KEYS.includes(key)

const LABELS: Readonly<Record<OwnKey | TermKey, string>> = {
  network: 'Network',
  ema: 'Average of weights',
  class: 'Class',
  seed: 'Seed',
  samples: 'Samples',
  image: 'Image',
  steps: 'Steps',
  solver: 'Solver',
  rescale: 'Rescale φ',
  scale: 'Guidance scale s',
  layers: 'Layers',
  window: 'Guidance window',
}

/** What an axis of the key is called, whatever the method. */
export function axisLabel(key: string): string {
  switch (key) {
    case 'model':
      return 'Model'
    case 'method':
      return 'Method'
    case 'window.low':
      return 'Window’s low end σ'
    case 'window.high':
      return 'Window’s high end σ'
    default: {
      const labels: Readonly<Record<string, string | undefined>> = LABELS
      const solver = solvers.flatMap(({ parameters }) => parameters).find((parameter) => parameter.key === key)
      return labels[key] ?? methodsOwn(key)?.label ?? solver?.label ?? key
    }
  }
}

const few = (ids: readonly string[]) => ids.slice(0, 5).join(', ')

/** Values around what a number is now, inside its range. */
function around(now: number, min: number, max: number, whole: boolean): string {
  const middle = Number.isFinite(now) ? now : 5
  const top = Math.min(max, Math.max(2 * middle, min + 1, 1))
  const bottom = Math.max(min, 0)
  return whole && top - bottom < 4
    ? `${bottom}..${Math.ceil(top)} by 1`
    : `${bottom}..${Number(top.toPrecision(2))} in 5`
}

function parameterExample(parameter: Parameter, model: ModelInfo, settings: Settings): string {
  switch (parameter.kind) {
    case 'number': {
      const { slider, min, max, whole } = parameter
      if (slider !== 'linear' && !whole) return `${2 ** slider.from}..${2 ** slider.to} log 5`
      return around(Number(settings.parameters[parameter.key] ?? parameter.default), min, max, whole ?? false)
    }
    case 'choice':
      return few(parameter.choices.map(({ value }) => value))
    case 'flag':
      return 'false, true'
    case 'network':
      return few(model.networks.filter((network) => parameter.among(network, model)).map(({ id }) => id))
    case 'layer':
      return few(model.layers.map(({ index }) => String(index)))
    case 'ema':
      return 'stored, 0.05, 0.1'
    default:
      return parameter satisfies never
  }
}

/** How far the scale is worth looking at: to four times what it is now, or to 2. */
const scaleExample = ({ scale }: Settings) => `0..${Number((scale > 0 ? 4 * scale : 2).toPrecision(2))} in 5`

function ownExample(key: OwnKey | TermKey, settings: Settings, model: ModelInfo): string {
  switch (key) {
    case 'network':
      return few(model.networks.map(({ id }) => id))
    case 'ema':
      return 'stored, 0.05, 0.1'
    case 'class':
      return model.conditioning.classes.map((_, index) => index).join(', ')
    case 'seed':
      return `${settings.seed}..${settings.seed + 4} by 1`
    case 'image':
    case 'samples':
      return '0..4 by 1'
    case 'steps':
      return '8, 16, 32'
    case 'solver':
      return few(solvers.map(({ id }) => id))
    case 'rescale':
      return '0..1 in 5'
    case 'scale':
      return scaleExample(settings)
    case 'layers':
      return ['all', ...model.layers.map(({ index }) => String(index))].slice(0, 9).join(', ')
    case 'window':
      return '0_inf, 0.3_inf, 0_2'
    default:
      return key satisfies never
  }
}

/** Methods that this model can have, those whose start was measured first. */
function methodsExample(model: ModelInfo, settings: Settings): string {
  const able = methods.filter(({ kind, unavailable }) => kind === 'negative' && unavailable(model) === null)
  const measured = Object.keys(model.starts.class)
  const rank = (id: string) => (id === settings.method ? -1 : measured.includes(id) ? 0 : 1)
  return few([...able].sort((a, b) => rank(a.id) - rank(b.id)).map(({ id }) => id))
}

const OWN_AXES = ['seed', 'class', 'steps', 'solver', 'network', 'ema', 'rescale'] as const satisfies readonly OwnKey[]

/** What can be varied from these settings, what is varied most first; some values of an example may not run. `families`: ids of models. */
export function candidates(settings: Settings, model: ModelInfo, families: readonly string[] = []): readonly AxisKey[] {
  const method = methodById(settings.method)
  const own = (key: OwnKey | TermKey): AxisKey => {
    const row: { readonly help: string } = { ...OWN, ...TERM }[key]
    return axis(key, row.help, ownExample(key, settings, model))
  }
  const parameters = (method ? parametersOf(method, settings.parameters) : []).map((parameter) =>
    axis(parameter.key, parameter.help, parameterExample(parameter, model, settings)),
  )
  const solver = solverById(settings.solver).parameters.map(({ key, help, min, max, default: standard }) =>
    axis(key, help, around(settings.solverParameters[key] ?? standard, min, max, false)),
  )
  const [low, high] = settings.window
  const { min, max } = model.sigma
  const [bottom, top] = [Math.max(min, 0.05), Math.min(max, 20)]
  const end = (key: string, from: number, to: number, help: string) =>
    axis(key, help, to > from ? `${Number(from.toPrecision(2))}..${Number(to.toPrecision(2))} log 5` : '')
  return [
    axis('method', 'what the negative is', methodsExample(model, settings)),
    own('scale'),
    ...(model.layers.length > 0 && negativeMethodOf(settings)?.layers ? [own('layers')] : []),
    ...parameters,
    end('window.low', bottom, high <= top ? 0.8 * high : top, 'guidance acts above this noise level only'),
    end('window.high', Math.max(bottom, 1.25 * low), top, 'guidance acts up to this noise level only'),
    ...OWN_AXES.map(own),
    ...solver,
    ...(families.length > 1 ? [axis('model', 'the family of networks', few(families))] : []),
  ].filter(({ example }) => example !== '')
}

const axis = (key: string, help: string, example: string): AxisKey => ({
  key,
  label: axisLabel(key),
  help,
  example,
  cost: costOf(key),
})
