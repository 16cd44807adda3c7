/**
 * The models of the page: those that it was built with (every `models/<id>/manifest.json`, validated), and those that a person opened. Hidden
 * ones, which no menu has, are read where an address names one.
 * Judges and evaluations are loaded when asked for, with what reads them.
 */
import type { JudgeInfo } from '../../evaluation/judge'
import type { Curve } from '../../evaluation/curves'
import type { Published } from '../../evaluation/published'
import { inOrder } from '../../model/families'
import { parseManifest } from '../../model/manifest'
import type { ModelInfo } from '../../model/types'

/** A test holds these to be all that are not hidden, and those of `hidden` to be the others. */
const manifests = import.meta.glob<unknown>(
  ['../../../models/*/manifest.json', '!../../../models/tiny/manifest.json'],
  {
    eager: true,
    import: 'default',
  },
)
const hidden = import.meta.glob<unknown>('../../../models/tiny/manifest.json', { import: 'default' })

const all = [...inOrder(Object.values(manifests).map(parseManifest))]
const heard = new Set<() => void>()
let version = 0

/** In the order of menus. The list itself grows when a person opens one, or an address names one that is hidden. */
export const models: readonly ModelInfo[] = all

/** Puts others in their place, as `opened.ts` does. */
export function setModels(next: readonly ModelInfo[]): void {
  all.splice(0, all.length, ...next)
  version++
  for (const changed of heard) changed()
}

/** Reads the hidden ones into the list. Rejects where their manifests can't be fetched, or with ManifestError. */
export async function readHidden(): Promise<void> {
  const read = await Promise.all(Object.values(hidden).map(async (load) => parseManifest(await load())))
  setModels(inOrder([...all, ...read.filter(({ id }) => !all.some((known) => known.id === id))]))
}

/** The list's version: how often it has changed. */
export const listVersion = (): number => version

export function watchModels(changed: () => void): () => void {
  heard.add(changed)
  return () => heard.delete(changed)
}

const described = import.meta.glob<unknown>('../../../models/*/{judge,evaluation}.json', { import: 'default' })

/** The judge of the family's images. Rejects with JudgeError where it has none. */
export async function loadJudgeInfo({ name, judge }: ModelInfo): Promise<JudgeInfo> {
  const { JudgeError, parseJudge } = await import('../../evaluation/judge')
  const load = judge && described[`../../../models/${judge.family}/${judge.file}`]
  if (!load) throw new JudgeError(`${name} has no judge.`)
  return parseJudge(await load())
}

/** The file of what was measured of a model before, fetched when it is asked for; undefined for one without an evaluation. */
const evaluationOf = ({ id, evaluation }: ModelInfo) =>
  evaluation === null ? undefined : described[`../../../models/${id}/${evaluation}`]

export async function publishedOf(model: ModelInfo): Promise<readonly Published[]> {
  const load = evaluationOf(model)
  if (!load) return []
  const { parsePublished } = await import('../../evaluation/published')
  return parsePublished(await load(), model)
}

export async function curvesOf(model: ModelInfo): Promise<readonly Curve[]> {
  const load = evaluationOf(model)
  if (!load) return []
  const { parseCurves } = await import('../../evaluation/curves')
  return parseCurves(await load(), model)
}
