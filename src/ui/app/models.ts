/** The models that the page was built with: every `models/<id>/manifest.json`, validated. The tiny one is for tests only. */
import { parseManifest } from '../../model/manifest'
import type { ModelInfo } from '../../model/types'
import { parseJudge, type JudgeInfo } from '../../evaluation/judge'
import { parsePublished, type Published } from '../../evaluation/published'

const manifests = import.meta.glob<unknown>('../../../models/*/manifest.json', { eager: true, import: 'default' })

const judges = import.meta.glob<unknown>('../../../models/avatars/judge.json', { eager: true, import: 'default' })

/** The judge of the images, whatever model drew them. */
export const judge: JudgeInfo = parseJudge(Object.values(judges)[0])

export const models: readonly ModelInfo[] = Object.values(manifests).map(parseManifest)

const evaluations = import.meta.glob<unknown>('../../../models/*/evaluation.json', { import: 'default' })

/** What was measured of a model before, fetched when it is asked for; nothing of one without an evaluation. */
export async function publishedOf(model: ModelInfo): Promise<readonly Published[]> {
  const evaluation = await evaluations[`../../../models/${model.id}/evaluation.json`]?.()
  return evaluation === undefined ? [] : parsePublished(evaluation, model)
}
