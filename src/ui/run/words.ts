/** What pictures were made with, in few words: what each rests on always, and what else sets it apart from other settings. Pure. */
import { methodById, parametersOf } from '../../guidance/index'
import { changesPositive } from '../../guidance/pair'
import type { ModelInfo } from '../../model/types'
import { sameSolver, solverById } from '../../sampling/solver-registry'
import type { Settings, Term } from '../../settings/types'
import {
  className,
  emaWords,
  layerName,
  layersWords,
  methodName,
  seedWords,
  stepsWords,
  termWords,
  valueWords,
  windowWords,
} from '../../settings/words'
import { networkById } from '../controls/parameters'
import { plain } from '../../core/format'
import type { Role } from './run'

/** Stands with all that the controls have left behind: pictures, numbers, maps. */
export const FROM_BEFORE = 'From before your last change'

const alike = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

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

/** What sets one run's settings apart from another's, in the words of the first. */
export function differenceWords(own: Settings, than: Settings, model: ModelInfo): readonly string[] {
  const others = pictureWords('guided', than, own, model)
  return pictureWords('guided', own, than, model).filter((words) => !others.includes(words))
}

/** What a picture was made with, in words that tell it from the one that `than` will make. */
export function pictureWords(role: Role, own: Settings, than: Settings, model: ModelInfo): readonly string[] {
  const { always, of } = SAID[role]
  // A method may change what the positive is asked, and then what sets negatives apart sets the positive apart.
  const reach: readonly Role[] = role === 'positive' && changesPositive(own) ? ['positive', 'negative'] : of
  const further = RESPECTS.filter((respect) => reach.includes(respect.of) && !respect.same(own, than))
  return [...always(own), ...further.flatMap(({ words }) => words(own, than, model))]
}
