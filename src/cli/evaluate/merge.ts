/** The images of several shards together. */
import { existsSync, readFileSync } from 'node:fs'
import type { Judged } from '../../evaluation/metrics'
import { mergeRecords, readRecord } from '../../evaluation/record'
import { UsageError } from '../usage'
import type { EvaluateArguments } from './arguments'
import { observerOf } from './observer'

export function mergeFiles({ model, samples, features }: EvaluateArguments, files: readonly string[]): Judged[] {
  const records = files.map((name) => {
    if (!existsSync(name)) throw new UsageError(`there is no file ${name}`)
    return { name, stored: readRecord(readFileSync(name, 'utf8'), name) }
  })
  const { digest } = observerOf(features, model)
  if (!records[0]!.stored.subject.includes(`"judge":"${digest}"`))
    throw new UsageError(`${files[0]} was seen by another judge or feature network than this one: draw it again`)
  const judged = mergeRecords(records)
  const count = samples ?? 1 + judged.reduce((max, { index }) => Math.max(max, index), -1)
  const chosen = judged.filter(({ index }) => index < count)
  if (chosen.length < count)
    throw new UsageError(
      `${count - chosen.length} of ${count} images are missing: a shard is not done, or its file was not named`,
    )
  return chosen
}
