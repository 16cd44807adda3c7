/** Settings as a link's hash: written short, and read leniently (a fault is reported and its default used). */
import { parametersOf } from '../guidance'
import { networkById } from '../guidance/networks'
import { defaultFamily, type FamilyInfo } from '../model/families'
import { absentModel, meansModel } from '../model/opened'
import type { ModelInfo } from '../model/types'
import {
  ownDefaults,
  parameterDefault,
  parametersBy,
  requireMethod,
  termDefaults,
  withoutStarts,
  firstClass,
} from './defaults'
import { shown, type Report } from './faults'
import { firstSettings } from './first'
import { plain } from './kinds'
import { fewOf, LINK_CHARACTERS, tooLong, VALUE_CHARACTERS } from './limits'
import { linkParts } from './mend'
import { ownEntries, solverEntries, termEntries } from './preset'
import { read } from './read'
import { OWN_RULES, TERM_KEYS, TERM_RULES, type TermKey } from './table'
import { scalarFrom } from './text'
import type { Settings, Term } from './types'
import { withoutView } from './view-keys'
import { completed, leavesModelOut, LINK_VERSION } from './versions'

const linkText = (value: unknown): string =>
  Array.isArray(value) ? value.map(linkText).join('_') : encodeURIComponent(String(value))

type Entries = readonly (readonly [string, unknown])[]

/** The entries whose value is not the default, as `key=value`. */
function changed(entries: Entries, defaults: Entries): string[] {
  const standard = new Map(defaults)
  return entries.flatMap(([key, value]) =>
    linkText(value) === linkText(standard.get(key)) && !ALWAYS.includes(key) ? [] : `${key}=${linkText(value)}`,
  )
}

/** Said always: what a model's measured starts decide is not left to them. */
const ALWAYS = ['scale', 'layers']

/** What a term says beside its method and defaults. */
function changedTerm(term: Term, model: ModelInfo, label: number | null): string[] {
  const method = requireMethod(term.method)
  const standard = termDefaults(method, term.parameters, model, label)
  const own = TERM_KEYS.map(<K extends TermKey>(key: K) => [key, TERM_RULES[key].written(standard[key])] as const)
  const parameters: [string, unknown][] = []
  // By the term's own values, which decide what it borrows.
  parametersBy(method, (parameter, lender) => {
    parameters.push([parameter.key, plain(parameterDefault(parameter, lender, model, label))])
    return term.parameters[parameter.key] ?? ''
  })
  return changed(termEntries(term), [...own, ...parameters])
}

/** Tells the weights that a link was made with, so that one made with others can say so: the beginning of each network's hash. */
function weightsTag(settings: Settings, model: ModelInfo): string {
  const named = [settings, ...settings.stack].flatMap((term) =>
    parametersOf(requireMethod(term.method), term.parameters).flatMap(({ kind, key }) =>
      kind === 'network' ? String(term.parameters[key]) : [],
    ),
  )
  const hashes = [settings.network, ...named].flatMap((id) => networkById(id, model)?.weights.sha256.slice(0, 8) ?? [])
  return [...new Set(hashes)].join('.')
}

/**
 * Whether a link's tag names weights that no network of the family has. Which of them it should name is not asked: other parts
 * of the link may have been lost on the way, and so may some of the tag, of which only whole digests tell something.
 */
function hasOtherWeights(tag: string | undefined, { networks }: ModelInfo): boolean {
  const digests = tag?.match(/(?<![0-9a-z])[0-9a-f]{8}(?![0-9a-z])/g) ?? []
  return digests.some((digest) => !networks.some(({ weights }) => weights.sha256.startsWith(digest)))
}

/**
 * The link's hash, without `#`: the version, the model, each setting that is not what the methods' metadata says, scales and layers
 * in any case, and a tag of the weights. Negatives beside the first are written as `stack=seg:scale=0.5,layers=all;icg:scale=1`.
 */
export function encodeLink(settings: Settings, measured: ModelInfo): string {
  const { class: label, parameters } = settings
  // A network that came beside another is named in any case: a reader may have none, or one of another file.
  const networks = measured.networks.filter(({ role }) => role !== 'second')
  const model = { ...withoutStarts(measured), networks }
  const defaults = {
    ...ownDefaults(requireMethod(settings.method), parameters, model, label),
    class: firstClass(model),
  }
  const stack = settings.stack.map((term) =>
    [term.method, changedTerm(term, model, label).join(',')].filter((part) => part !== '').join(':'),
  )
  return [
    `v=${LINK_VERSION}`,
    `model=${linkText(settings.model)}`,
    `method=${linkText(settings.method)}`,
    ...changed(ownEntries(settings), ownEntries(defaults)),
    ...changed(solverEntries(settings), []),
    ...changedTerm(settings, model, label),
    ...(stack.length === 0 ? [] : [`stack=${stack.join(';')}`]),
    `weights=${weightsTag(settings, model)}`,
  ].join('&')
}

/** A link's or a flag's text as the value that a preset would hold; each key's own row judges it afterwards. */
export function fromLinkText(key: string, text: string): unknown {
  if (key === 'stack') return text === '' ? [] : text.split(';').map(fromTermText)
  const rules = new Map<string, { fromText(text: string): unknown }>(Object.entries({ ...OWN_RULES, ...TERM_RULES }))
  return (rules.get(key)?.fromText ?? scalarFrom)(text)
}

/** `seg:scale=0.5,sigma=inf` as a preset would hold it. */
function fromTermText(text: string): Record<string, unknown> {
  const [method = '', ...rest] = text.split(':')
  const pairs = rest
    .join(':')
    .split(',')
    .filter((part) => part !== '')
  return {
    ...Object.fromEntries(
      pairs.map((part) => {
        const [key = '', ...value] = part.split('=')
        return [key, fromLinkText(key, value.join('='))]
      }),
    ),
    method,
  }
}

/** Id of the model that a link asks for, which need not exist. A file that was opened under another name is the one that is here. */
export function linkModel(hash: string, families: readonly FamilyInfo[]): string {
  const { v, model } = linkParts(hash)
  if (model !== undefined) return families.find(({ id }) => meansModel(model, id))?.id ?? model
  const unnamed = leavesModelOut(v) ? families.find(({ family }) => family.unnamedInLinks) : undefined
  return (unnamed ?? defaultFamily(families)).id
}

export interface DecodedLink {
  readonly settings: Settings
  /** Each part that was not understood and was replaced by its default. */
  readonly problems: readonly string[]
  /** What was understood and is still worth saying. */
  readonly notes: readonly string[]
  /** Whether it means just this seed; links with a version do, where they leave it out, too. */
  readonly namesSeed: boolean
}

/** Reads a link leniently: never throws, whatever it holds, and gives settings that can run. */
export function decodeLink(hash: string, model: ModelInfo): DecodedLink {
  const { v, weights, ...parts } = withoutView(linkParts(hash))
  const long = tooLong('the link', hash, LINK_CHARACTERS)
  // What is said for a file's layers and classes means nothing to another model.
  const absent = meansModel(parts.model, model.id) ? null : absentModel(parts.model)
  if (absent !== null) return { settings: firstSettings(model), problems: [], notes: [absent], namesSeed: false }
  const problems: string[] = long === null ? [] : [`${long} Shown without it.`]
  const faultOf = (key: string, text: string) => (key === 'stack' ? null : tooLong(shown(key), text, VALUE_CHARACTERS))
  const entries = Object.entries(parts).flatMap(([key, text]): [string, unknown][] => {
    const fault = faultOf(key, text)
    if (fault === null) return [[key, fromLinkText(key, text)]]
    problems.push(fault)
    return []
  })
  const said = Object.fromEntries(entries)
  const complete = completed(v, said, model)
  if (complete === null) {
    return {
      settings: firstSettings(model),
      problems: [`v=${v}: this page reads links of version ${LINK_VERSION} and before`],
      notes: [],
      namesSeed: false,
    }
  }
  const report: Report = (problem, change) => problems.push(change ? `${problem} Shown ${change}.` : problem)
  // An address that says nothing is the family's first picture.
  const { raw } = complete
  const nothing = v === undefined && Object.keys(raw).every((key) => key === 'model')
  const settings = read(nothing ? { ...model.first, ...raw } : raw, complete.model, report)
  const notes = hasOtherWeights(weights, model)
    ? ['This link was made with other weights of the model, so its images were not quite these.']
    : []
  return { settings, problems: fewOf(problems), notes, namesSeed: v !== undefined || 'seed' in raw }
}
