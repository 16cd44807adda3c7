/** The judge of a model family, from this disk, and what it knows of held-out renders. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { Judge, parseJudge, parseStatistics, type JudgeInfo } from '../../evaluation/judge'
import type { RealStatistics } from '../../evaluation/metrics'
import type { ModelFile } from '../../model/types'
import { modelFolder, readModel } from '../models'
import { UsageError } from '../usage'

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

export interface JudgeFolder {
  readonly info: JudgeInfo
  /** What its Fréchet distance is called. */
  readonly metric: string
  readonly folder: string
}

/** Throws UsageError for a family that has no judge. */
export function judgeOf(model: string): JudgeFolder {
  const { judge } = readModel(model)
  if (!judge) throw new UsageError(`model ${model} has no judge: its manifest names none`)
  const folder = modelFolder(judge.family)
  const info = parseJudge(JSON.parse(readFileSync(join(folder, judge.file), 'utf8')))
  return { info, metric: judge.metric, folder }
}

function readChecked({ folder }: JudgeFolder, { file, bytes, sha256: digest }: ModelFile): Uint8Array {
  const path = join(folder, file)
  const data = readFileSync(path)
  if (data.byteLength !== bytes || sha256(data) !== digest)
    throw new Error(`${path} is not the file that judge.json describes. Make both again with judge.py.`)
  return data
}

export function loadJudge(judge: JudgeFolder, threads: number): Promise<Judge> {
  return Judge.load({
    info: judge.info,
    graph: readChecked(judge, judge.info.graph),
    weights: readChecked(judge, judge.info.weights),
    runtime: { InferenceSession, Tensor },
    sessionOptions: { executionProviders: ['cpu'], intraOpNumThreads: threads },
  })
}

const read = new Map<string, RealStatistics>()

/** Read once in a process: what `metricsOf` knows of them takes two seconds to find. */
export function realStatistics(judge: JudgeFolder): RealStatistics {
  const { statistics, heads } = judge.info
  const attributes = heads ? readChecked(judge, heads) : null
  const known = read.get(statistics.sha256) ?? parseStatistics(readChecked(judge, statistics), judge.info, attributes)
  read.set(statistics.sha256, known)
  return known
}
