/**
 * `npm run -s evaluate -- --preset FILE_OR_LINK --samples N`: how good the guided images of a preset are, in numbers.
 * Drawn by the page's engine, seen by the judge of the model's family, compared with held-out renders.
 */
import { metricsOf, NEIGHBOURS, type Judged } from '../evaluation/metrics'
import { readArguments, type EvaluateArguments } from './evaluate/arguments'
import { judgePreset } from './evaluate/draw'
import { featureReport } from './evaluate/features'
import { HELP } from './evaluate/help'
import { judgeImages } from './evaluate/images'
import { judgeOf, realStatistics } from './evaluate/judge'
import { mergeFiles } from './evaluate/merge'
import { report, seenReport } from './evaluate/report'
import { readModel } from './models'
import { runCommand } from './usage'

async function judgedOf(args: EvaluateArguments): Promise<Judged[]> {
  const { source } = args
  switch (source.kind) {
    case 'preset':
      return judgePreset(args, source.preset, source.samples)
    case 'images':
      return judgeImages(args, source.images)
    case 'merge':
      return mergeFiles(args, source.files)
    default:
      return source satisfies never
  }
}

/** The command's output. Rejects with UsageError for wrong arguments, and with what goes wrong on the way. */
export async function evaluate(argv: readonly string[]): Promise<string> {
  const args = readArguments(argv)
  if (!args) return HELP
  const { part, of } = args.shard
  const judged = await judgedOf(args)
  if (of > 1) return `shard ${part} of ${of} is done: ${args.out}. When all are, give their files to --merge.`
  if (args.features) return featureReport(args.features, args, judged)
  // Fewer make no set that has a distance, but one image can be asked for alone.
  if (judged.length <= NEIGHBOURS) {
    const seen = judged.map(({ index, asked, seen: sees }) => ({ index, asked, seen: sees }))
    return args.json ? JSON.stringify({ samples: seen.length, seen }, null, 2) : seenReport(seen, readModel(args.model))
  }
  const judge = judgeOf(args.model)
  const metrics = metricsOf(judged, realStatistics(judge))
  return args.json ? JSON.stringify(metrics, null, 2) : report(metrics, judge.metric)
}

if (process.argv[1]?.endsWith('evaluate.ts')) await runCommand(evaluate)
