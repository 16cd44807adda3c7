/** The arguments of `npm run sample`, and what it says about itself. */
import { parseArgs } from 'node:util'
import { methods } from '../../guidance'
import { solvers } from '../../sampling/solver-registry'
import { openPreset, SETTING_OPTIONS, settingFlags, settingsHelp, type PresetSource } from '../preset'
import { UsageError } from '../usage'

const parametersOf = (owners: readonly { readonly id: string; readonly parameters: readonly { key: string }[] }[]) =>
  owners
    .map(({ id, parameters }) => `  ${id.padEnd(14)} ${parameters.map(({ key }) => key).join(', ') || '-'}`)
    .join('\n')

export const HELP = `Usage: npm run -s sample -- [--preset FILE_OR_LINK] [--KEY VALUE ...] --out DIR [--tensors] [--threads N]

Samples the positive alone, the negative alone and the guided image, as the page does, on the CPU.

  --preset FILE_OR_LINK  a preset file (JSON, as the page's "Save JSON" writes it) or a link copied from the page
  --KEY VALUE            a key of a preset, written as in a link (--layers 2_3_4, --window 0.5_inf), in the preset's place
  --out DIR              receives positive.png, negative.png (not for method none), guided.png and run.json;
                         several samples stand side by side
  --tensors              also x.npy, D_pos.npy, D_neg.npy, D.npy: float32 [steps, samples, channels, height, width] along
                         the guided trajectory; D_neg (of stacked negatives D_neg_1, ...) is NaN where it was not evaluated
  --threads N            CPU threads (default: all)
  --help                 this text

Keys, all optional (public/preset.schema.json describes preset files to an editor):
${settingsHelp()}
The method's own (a combiner also has those of its negative):
${parametersOf(methods)}
The solver's own:
${parametersOf(solvers)}

Exit status: 0 done, 1 the run failed, 2 the arguments or the preset are wrong.`

export interface SampleArguments {
  readonly source: PresetSource
  readonly out: string
  readonly tensors: boolean
  readonly threads: number
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        ...SETTING_OPTIONS,
        preset: { type: 'string' },
        out: { type: 'string' },
        tensors: { type: 'boolean', default: false },
        threads: { type: 'string', default: '0' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** The arguments, checked; null where help was asked for. */
export function readArguments(argv: readonly string[]): SampleArguments | null {
  const values = parsed(argv)
  if (values.help) return null
  const flags = settingFlags(values)
  if (!values.preset && Object.keys(flags).length === 0)
    throw new UsageError('--preset FILE_OR_LINK is missing (--help explains)')
  if (!values.out) throw new UsageError('--out DIR is missing (--help explains)')
  const threads = Number(values.threads)
  if (!Number.isInteger(threads) || threads < 0)
    throw new UsageError(`--threads must be a whole number, not ${values.threads}`)
  return { source: openPreset(values.preset, flags), out: values.out, tensors: values.tensors, threads }
}
