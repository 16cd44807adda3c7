/** The names that conditions may ask for, each with words for people: settings by their keys, and what is measured of the pictures. */
import { methods } from '../guidance'
import { solvers } from '../sampling/solver-registry'
import { OWN, TERM, type OwnKey, type TermKey } from '../settings/table'

export interface FactInfo {
  readonly name: string
  /** Completes “so far: … is 0.52”. */
  readonly words: string
  readonly kind: 'number' | 'text'
}

/** Of the settled run, whose pictures are seen, and of the plane's points. */
const MEASURED: readonly (readonly [name: string, words: string])[] = [
  ['distance.guided', 'distance of the guided picture from real drawings'],
  ['distance.positive', 'distance of the unguided picture from real drawings'],
  ['distance.negative', 'distance of the negative picture from real drawings'],
  ['agrees.guided', 'whether the judge sees the class asked for in the guided picture (1 or 0)'],
  ['agrees.positive', 'whether the judge sees the class asked for in the unguided picture (1 or 0)'],
  ['change', 'how much guidance changed the picture (0 to 1)'],
  [
    'clipped',
    'share of values beyond black and white in the finished guided picture (0 to 1; the noise axis tells of a step)',
  ],
  ['evaluations', 'evaluations of the network'],
  ['outside.guided', 'share of guided points outside'],
  ['outside.positive', 'share of unguided points outside'],
  ['outside.negative', 'share of the negative’s points outside'],
  ['loglik.guided', 'log-likelihood of the guided points'],
  ['loglik.positive', 'log-likelihood of the unguided points'],
  ['loglik.negative', 'log-likelihood of the negative’s points'],
  ['covered.guided', 'share of twigs that guided points reach'],
  ['covered.positive', 'share of twigs that unguided points reach'],
  ['covered.negative', 'share of twigs that the negative’s points reach'],
]

/** What is no number among the settings of its own. */
const OWN_KINDS: Readonly<Record<string, FactInfo['kind']>> = { number: 'number', class: 'number' }

/** Settings by their keys, in words; the window is two facts, the layers are one that is written. */
const WORDS: Readonly<Record<Exclude<OwnKey | TermKey, 'window' | 'layers'>, string>> = {
  network: 'network of the positive',
  ema: 'average of the positive’s weights',
  class: 'class asked for, counted from 0, or “none”',
  seed: 'seed of the noise',
  samples: 'number of pictures',
  image: 'number of the first picture, counted from 0',
  steps: 'steps from noise to picture',
  solver: 'solver',
  rescale: 'rescale φ',
  scale: 'scale s',
}

const ROWS: ReadonlyMap<string, { readonly kind: string }> = new Map(Object.entries({ ...OWN, ...TERM }))

const settingFacts: readonly FactInfo[] = [
  { name: 'model', words: 'family of networks', kind: 'text' },
  { name: 'method', words: 'method', kind: 'text' },
  { name: 'w', words: 'w, which is the scale + 1', kind: 'number' },
  { name: 'terms', words: 'number of negatives', kind: 'number' },
  { name: 'window.low', words: 'lower end of the window', kind: 'number' },
  { name: 'window.high', words: 'upper end of the window', kind: 'number' },
  { name: 'layers', words: 'changed layers, such as “0_2” or “all”', kind: 'text' },
  ...Object.entries(WORDS).map(([name, words]): FactInfo => ({
    name,
    words,
    kind: OWN_KINDS[ROWS.get(name)?.kind ?? ''] ?? 'text',
  })),
]

const parameterFacts: readonly FactInfo[] = [...methods, ...solvers].flatMap(({ parameters }) =>
  parameters.map(({ key, label, kind }): FactInfo => ({
    name: key,
    words: label,
    kind: kind === 'number' || kind === 'layer' ? 'number' : 'text',
  })),
)

const FACTS: ReadonlyMap<string, FactInfo> = new Map(
  [
    ...parameterFacts,
    ...settingFacts,
    ...MEASURED.map(([name, words]): FactInfo => ({ name, words, kind: 'number' })),
  ].map((fact) => [fact.name, fact]),
)

export const facts: readonly FactInfo[] = [...FACTS.values()]

export const factNamed = (name: string): FactInfo | undefined => FACTS.get(name)

/** Names that a wrong one may mean: with the same beginning, or all measured ones. */
export function factsLike(name: string): readonly string[] {
  const [first = ''] = name.split('.')
  const near = facts.filter((fact) => fact.name.startsWith(first.slice(0, 3)) && first !== '').map((fact) => fact.name)
  return (near.length > 0 ? near : MEASURED.map(([each]) => each)).slice(0, 8)
}
