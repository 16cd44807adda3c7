/** What pictures were made with, in few words: what each rests on always, and what else sets it apart from other settings. Pure. */
import { isGuided, methodById, parametersOf } from '../../guidance/index'
import type { Parameter } from '../../guidance/types'
import type { ModelInfo } from '../../model/types'
import { sameSolver, solverById } from '../../sampling/solver-registry'
import type { ParameterValue, Settings, Term } from '../../settings/types'
import { networkById } from '../controls/parameters'
import { formatSigma, plain, scaleText } from '../kit/format'
import { changesPositive, type Role } from './run'

/** Stands with all that the controls have left behind: pictures, numbers, maps. */
export const FROM_BEFORE = 'From before your last change'

/** The class that is asked for. */
export function className(label: number | null, model: ModelInfo): string {
  return label === null ? 'any class' : (model.conditioning.classes[label]?.name ?? `class ${label}`)
}

export function methodName({ method }: Pick<Term, 'method'>): string {
  return methodById(method)?.name ?? method
}

/** A method with its scale: `PAG, s 0.50`. */
export function termWords(term: Pick<Term, 'method' | 'scale'>): string {
  return isGuided(term) ? `${methodName(term)}, s ${scaleText(term.scale)}` : 'no guidance'
}

export function layersWords({ layers }: Term, model: ModelInfo): string {
  const all = model.layers.length
  if (layers === 'all') return `all ${all} attention layers`
  return layers.length === 0 ? 'no attention layer' : `${layers.length} of ${all} attention layers`
}

/** The first image of a seed goes without its number. */
export const seedWords = ({ seed, image }: Settings) => `seed ${seed}${image === 0 ? '' : `, image ${image}`}`
export const stepsWords = ({ steps, solver }: Settings) => `${steps} ${solverById(solver).name} steps`

export const emaWords = (ema: number | null) => (ema === null ? 'weights as stored' : `average σ_rel ${plain(ema)}`)

export const layerName = (index: number, model: ModelInfo) =>
  model.layers.find((layer) => layer.index === index)?.name ?? `layer ${index}`

/** A parameter's value as its control says it. */
export function valueWords(parameter: Parameter, value: ParameterValue, model: ModelInfo): string {
  switch (parameter.kind) {
    case 'number':
      if (parameter.heads) return value === -1 ? parameter.heads.all : String(value)
      return `${plain(Number(value))}${parameter.unit && value !== Infinity ? ` ${parameter.unit}` : ''}`
    case 'choice':
      return parameter.choices.find((choice) => choice.value === value)?.label ?? String(value)
    case 'flag':
      return value === true ? 'on' : 'off'
    case 'network':
      return networkById(value, model)?.name ?? String(value)
    case 'layer':
      return layerName(Number(value), model)
    case 'ema':
      return emaWords(typeof value === 'number' ? value : null)
    default:
      return parameter satisfies never
  }
}

const alike = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export function windowWords({ window: [low, high] }: Term): string {
  return low === 0 && high === Infinity ? 'at every σ' : `${formatSigma(low)} < σ ≤ ${formatSigma(high)}`
}

/** The layers, by name where another choice has as many. */
function layersUnlike(own: Term, than: Term, model: ModelInfo): string {
  const { layers } = own
  const counted = layersWords(own, model)
  if (layers === 'all' || counted !== layersWords(than, model)) return counted
  return layers.map((index) => layerName(index, model)).join(', ')
}

/** The method's own parameters that differ; none of another method, which has others. */
function parametersUnlike(own: Term, than: Term, model: ModelInfo): readonly string[] {
  const method = methodById(own.method)
  if (!method || own.method !== than.method) return []
  return parametersOf(method, own.parameters)
    .filter(({ key }) => own.parameters[key] !== than.parameters[key])
    .flatMap((parameter) => {
      const value = own.parameters[parameter.key]
      return value === undefined ? [] : [`${parameter.label} ${valueWords(parameter, value, model)}`]
    })
}

/** A further term, with what tells it from the one in its place. */
function stackedWords(own: Term, than: Term | undefined, model: ModelInfo): string {
  const name = `+ ${termWords(own)}`
  if (!than || termWords(than) !== termWords(own)) return name
  const unlike = [
    ...(alike(own.layers, than.layers) ? [] : [layersUnlike(own, than, model)]),
    ...parametersUnlike(own, than, model),
    ...(alike(own.window.map(String), than.window.map(String)) ? [] : [windowWords(own)]),
  ]
  return unlike.length > 0 ? `${name} (${unlike.join(', ')})` : name
}

/** One respect in which settings can differ, and its words. `of`: the picture that depends on it, and those after it. */
interface Respect {
  readonly of: Role
  readonly same: (a: Settings, b: Settings) => boolean
  readonly words: (settings: Settings, than: Settings, model: ModelInfo) => readonly string[]
}

/** Those that are not said in any case. */
const RESPECTS: readonly Respect[] = [
  {
    of: 'positive',
    same: (a, b) => a.class === b.class,
    words: (own, _, model) => [className(own.class, model)],
  },
  {
    of: 'positive',
    same: (a, b) => a.network === b.network,
    words: (own, _, model) => [networkById(own.network, model)?.name ?? own.network],
  },
  {
    of: 'positive',
    same: (a, b) => a.ema === b.ema,
    words: ({ ema }) => [emaWords(ema)],
  },
  {
    of: 'positive',
    same: (a, b) => a.samples === b.samples,
    words: ({ samples }) => [samples === 1 ? 'one image' : `${samples} images`],
  },
  {
    of: 'positive',
    same: (a, b) => a.steps === b.steps && sameSolver(a, b),
    words: (own, than) => [
      stepsWords(own),
      ...solverById(own.solver)
        .parameters.filter(({ key }) => own.solverParameters[key] !== than.solverParameters[key])
        .map(({ key, label }) => `${label} ${plain(own.solverParameters[key] ?? 0)}`),
    ],
  },
  {
    of: 'negative',
    same: (a, b) => alike(a.layers, b.layers),
    words: (own, than, model) => [layersUnlike(own, than, model)],
  },
  {
    of: 'negative',
    // Another method has other parameters, and its name is said.
    same: (a, b) => a.method !== b.method || alike(a.parameters, b.parameters),
    words: parametersUnlike,
  },
  {
    of: 'guided',
    same: (a, b) => alike(a.window.map(String), b.window.map(String)),
    words: (own) => [windowWords(own)],
  },
  { of: 'guided', same: (a, b) => a.rescale === b.rescale, words: ({ rescale }) => [`φ ${plain(rescale)}`] },
  {
    of: 'guided',
    same: (a, b) => alike(a.stack, b.stack),
    words: ({ stack }, than, model) =>
      stack.length === 0 ? ['no further negative'] : stack.map((term, at) => stackedWords(term, than.stack[at], model)),
  },
]

/** What is said of each picture in any case, and the pictures whose respects it shares. */
const SAID: Record<Role, { readonly always: (own: Settings) => readonly string[]; readonly of: readonly Role[] }> = {
  positive: { always: (own) => [seedWords(own)], of: ['positive'] },
  negative: { always: (own) => [methodName(own), seedWords(own)], of: ['positive', 'negative'] },
  guided: { always: (own) => [termWords(own), seedWords(own)], of: ['positive', 'negative', 'guided'] },
}

/** What a picture was made with, in words that tell it from the one that `than` will make. */
export function pictureWords(role: Role, own: Settings, than: Settings, model: ModelInfo): readonly string[] {
  const { always, of } = SAID[role]
  // A method may change what the positive is asked, and then what sets negatives apart sets the positive apart.
  const reach: readonly Role[] = role === 'positive' && changesPositive(own) ? ['positive', 'negative'] : of
  const further = RESPECTS.filter((respect) => reach.includes(respect.of) && !respect.same(own, than))
  return [...always(own), ...further.flatMap(({ words }) => words(own, than, model))]
}
