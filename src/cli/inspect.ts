/** `npm run -s inspect -- FILE [--json]`: what is in an ONNX file, and what guidance can do in it. */
import { readFlags, SHARED_HELP } from './network/arguments'
import { readGraphFile } from './network/graph-file'
import { reportOf } from './network/report'
import { surveyFile, SurveyError } from './network/survey'
import { reportText } from './network/table'
import { runCommand } from './usage'

const HELP = `Usage: npm run -s inspect -- FILE [--json] [--inputs IN.npz] [--size HxW] [--grid HxW] [--sample NAME] [--threads N]

Looks into an ONNX diffusion network: what its inputs mean, and each attention layer with what can be done there. Each layer is proved
on this graph: what is done there is compared with the same made another way. docs/any-network.md explains the verdicts.

  FILE              the graph; weights in other files lie beside it
  --json            as JSON (docs/inspect.schema.json)
${SHARED_HELP}

Exit status: 0 done, 1 something else failed, 2 the file or the arguments are wrong.`

/** The command's output. Rejects with UsageError for wrong arguments and for what is no graph. */
export async function inspectCommand(argv: readonly string[]): Promise<string> {
  const flags = readFlags(argv, { json: { type: 'boolean' } })
  if (!flags) return HELP
  const file = readGraphFile(flags.survey.file, flags.survey.threads)
  const found = await surveyFile(flags.survey, file).catch((error: unknown) => {
    // A graph that does not run is still told about.
    if (error instanceof SurveyError) return error.message
    throw error
  })
  const report = reportOf(file, found)
  return flags.has('json') ? JSON.stringify(report, null, 2) : reportText(report)
}

if (process.argv[1]?.endsWith('inspect.ts')) await runCommand(inspectCommand)
