/**
 * Every setting, a row each: its kind, range, default, help, and whether it decides the trajectories of the positive and the
 * negative alone. Types, links, presets, the published schema, flags and the check of worker messages follow from the rows.
 */
import { networkOfClass } from '../guidance/networks'
import { NEGATIVE_ITSELF } from '../guidance/scale'
import { DEFAULT_SOLVER, solvers } from '../sampling/solver-registry'
import { rulesOf, type Rules } from './kinds'
import type { KindName, Row } from './kinds/types'

interface Told {
  /** For people who write presets and flags. */
  readonly help: string
  /** False where only the guided trajectory depends on it. */
  readonly decidesTrajectories: boolean
}

/** A row with what can be done with its values. */
function setting<K extends KindName, const R extends Row<K> & Told>(row: R & { readonly kind: K }) {
  return { ...row, ...rulesOf<K>(row) }
}

/** What the settings have beside their terms, in the order in which it is written. */
export const OWN = {
  network: setting({
    kind: 'network',
    help: 'the network of the positive, by id',
    decidesTrajectories: true,
    among: ({ role }) => role !== 'second',
    // Without a class, one that knows how.
    default: (model, label) => networkOfClass(label, model)?.id ?? '',
  }),
  ema: setting({
    kind: 'average',
    help: 'length σ_rel of the average of the positive’s weights, or "stored" for the weights as shipped',
    decidesTrajectories: true,
  }),
  class: setting({
    kind: 'class',
    help: 'index or name of a class, or "none" for any image',
    decidesTrajectories: true,
  }),
  seed: setting({
    kind: 'number',
    help: 'seed of the noise',
    decidesTrajectories: true,
    whole: true,
    min: 0,
    max: 2 ** 32 - 1,
    default: 1,
  }),
  samples: setting({
    kind: 'number',
    help: 'how many images; image i uses stream i of the seed for all that is drawn',
    decidesTrajectories: true,
    whole: true,
    min: 1,
    max: 9,
    default: 1,
  }),
  image: setting({
    kind: 'number',
    help: 'the first image, counted from 0: with samples 1, image i of a larger run alone, to the bit',
    decidesTrajectories: true,
    whole: true,
    min: 0,
    max: 999,
    default: 0,
  }),
  steps: setting({
    kind: 'number',
    help: 'steps from noise to image',
    decidesTrajectories: true,
    whole: true,
    min: 2,
    max: 64,
    default: 16,
  }),
  solver: setting({
    kind: 'choice',
    help: 'how a step is taken',
    decidesTrajectories: true,
    default: DEFAULT_SOLVER.id,
    choices: solvers.map(({ id, name, help }) => ({ value: id, label: name, help })),
  }),
  rescale: setting({
    kind: 'number',
    help: 'share φ by which the guided prediction’s deviation is pulled to the positive’s (arXiv 2305.08891)',
    decidesTrajectories: false,
    min: 0,
    max: 1,
    default: 0,
  }),
} as const

/** What each term has beside its method and the method's parameters. */
export const TERM = {
  scale: setting({
    kind: 'number',
    help: 'guidance scale s in D⁺ + s (D⁺ − D⁻); w = s + 1, and s = −1, alone and without rescale, is the negative itself',
    decidesTrajectories: false,
    min: NEGATIVE_ITSELF,
    max: 20,
    default: 1,
  }),
  layers: setting({
    kind: 'layers',
    help: 'perturbed self-attention layers: "all", or indices in graph order or names',
    decidesTrajectories: true,
  }),
  window: setting({
    kind: 'window',
    help: 'the term acts where low < σ ≤ high: [low, high], "inf" for no bound',
    decidesTrajectories: false,
  }),
} as const

/** Negatives beside the first. */
export const STACK = {
  help: 'more negatives, each with method, scale, layers, window and the method’s own keys',
  max: 4,
  decidesTrajectories: false,
} as const

type Held<T> = { readonly [K in keyof T]: T[K] extends Rules<infer V> ? V : never }

/** What the rows hold. */
export type Own = Held<typeof OWN>
export type TermOwn = Held<typeof TERM>
export type OwnKey = keyof Own
export type TermKey = keyof TermOwn

/** The same rows by key, for code that goes through all of them. */
export const OWN_RULES: { readonly [K in OwnKey]: Rules<Own[K]> } = OWN
export const TERM_RULES: { readonly [K in TermKey]: Rules<TermOwn[K]> } = TERM
export const OWN_KEYS = Object.keys(OWN) as readonly OwnKey[]
/** What presets leave out, since it came after records were named by complete presets. */
export const UNSAID: Partial<Own> = { image: OWN.image.default }
export const TERM_KEYS = Object.keys(TERM) as readonly TermKey[]
