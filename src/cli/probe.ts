/** `npm run -s probe -- FILE --inputs IN.npz --layers 0,3 --pag 1 | --seg SIGMA --out OUT.npz`: what a change of attention does, once. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { GraphError } from '../network/onnx'
import type { AttentionControl } from '../network/types'
import { npy } from '../storage/npy'
import type { NamedTensor } from '../storage/tensors'
import { zipped } from '../storage/zip'
import { needed, readFlags, SHARED_HELP, wholeNumbers, type GivenFlags } from './network/arguments'
import { guidedRun, type GuidedRun } from './network/guided-run'
import { guidedLayers, surveyFile, type Survey } from './network/survey'
import { checkTarget } from './network/write-graph'
import { runCommand, UsageError } from './usage'

const HELP = `Usage: npm run -s probe -- FILE --inputs IN.npz --layers 0,3 (--pag MIX | --seg SIGMA) [--rows 1] [--maps] --out OUT.npz

Runs an ONNX diffusion network once on named arrays, with the attention of some layers changed, and writes its outputs.

  FILE              the graph; weights in other files lie beside it
  --layers 0,3      the layers that are changed, as npm run inspect numbers them, or all
  --pag MIX         the identity in place of the attention map: 1 all of it, between 0 and 1 a part, 0 nothing
  --seg SIGMA       the queries blurred over the image's tokens by a Gaussian of this deviation in tokens, or inf: their mean
  --rows 1          the rows of the arrays that are changed, counted from 0 (default: all)
  --maps            also the maps of these layers, as the mean over heads: map_0, map_3
  --out OUT.npz     an archive with every output of the graph under its name, in float32
${SHARED_HELP}

Exit status: 0 done, 1 something else failed, 2 the file, the arrays or the arguments are wrong.`

const OWN = {
  layers: { type: 'string' },
  pag: { type: 'string' },
  seg: { type: 'string' },
  rows: { type: 'string' },
  maps: { type: 'boolean' },
  out: { type: 'string' },
} as const

/** What is done to the layers. Throws UsageError. */
function controlOf(flags: GivenFlags): AttentionControl {
  const [pag, seg] = [flags.text('pag'), flags.text('seg')]
  if ((pag === null) === (seg === null)) throw new UsageError('give one of --pag MIX and --seg SIGMA (--help explains)')
  if (pag !== null) {
    const mix = Number(pag)
    if (pag.trim() === '' || !(mix >= 0 && mix <= 1)) throw new UsageError(`--pag is between 0 and 1, not ${pag}`)
    return { mix }
  }
  const sigma = seg === 'inf' ? Infinity : Number(seg)
  if (seg?.trim() === '' || !(sigma >= 0))
    throw new UsageError(`--seg is a deviation of at least 0, or inf, not ${seg}`)
  return { querySigma: sigma }
}

function layersOf(flags: GivenFlags, { file, layers }: Survey): readonly number[] {
  const { length } = guidedLayers(layers)
  if (length === 0)
    throw new UsageError(`${file.path} has no attention that can be guided; npm run inspect says why, layer by layer`)
  const text = needed(flags, 'layers', '0,3')
  if (text === 'all') return Array.from({ length }, (_, i) => i)
  const numbers = wholeNumbers('layers', text)
  const odd = numbers.find((number) => number >= length)
  if (odd !== undefined)
    throw new UsageError(
      `--layers names layer ${odd}, and there are ${length} that can be guided, from 0 on (npm run inspect)`,
    )
  return numbers
}

function rowsOf(flags: GivenFlags, all: number): readonly number[] {
  const text = flags.text('rows')
  if (text === null) return Array.from({ length: all }, (_, i) => i)
  const rows = wholeNumbers('rows', text)
  const odd = rows.find((row) => row >= all)
  if (odd !== undefined) throw new UsageError(`--rows names row ${odd}, and the arrays have ${all}, from 0 on`)
  return rows
}

/** Throws UsageError where a blur has no grid to be over. */
function checkGrids({ layers, control, survey }: GuidedRun): void {
  if (!control.querySigma || control.querySigma === Infinity) return
  const guided = guidedLayers(survey.layers)
  const open = layers.find((number) => guided[number]?.image?.grid === null)
  if (open !== undefined)
    throw new UsageError(
      `layer ${open} can’t be blurred until its grid is known: its ${guided[open]?.image?.count} tokens come in a row; give --grid HxW, or --seg inf`,
    )
}

/** What the arguments ask for, done: outputs by name. */
export async function probe(
  flags: GivenFlags,
): Promise<{ readonly asked: GuidedRun; readonly tensors: readonly NamedTensor[] }> {
  const control = controlOf(flags)
  needed(flags, 'layers', '0,3')
  needed(flags, 'inputs', 'IN.npz')
  const survey = await surveyFile(flags.survey)
  const { arrays } = survey
  if (!arrays) throw new UsageError('--inputs IN.npz is missing (--help explains)')
  const asked = { survey, arrays, control, layers: layersOf(flags, survey), rows: rowsOf(flags, arrays.rows) }
  checkGrids(asked)
  try {
    return { asked, tensors: await guidedRun(asked, flags.has('maps')) }
  } catch (error) {
    throw error instanceof GraphError ? new UsageError(`${survey.file.path}: ${error.message}`) : error
  }
}

const list = (numbers: readonly number[]) => `${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}`

/** The command's output. Rejects with UsageError for wrong arguments, and for what can't be done to the layers. */
export async function probeCommand(argv: readonly string[]): Promise<string> {
  const flags = readFlags(argv, OWN)
  if (!flags) return HELP
  const out = needed(flags, 'out', 'OUT.npz')
  checkTarget(out, flags.survey.file)
  if (flags.survey.inputs !== null) checkTarget(out, flags.survey.inputs)
  const { asked, tensors } = await probe(flags)
  const files = tensors.map(({ name, data, shape }) => [`${name}.npy`, npy(data, shape)] as const)
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, zipped(Object.fromEntries(files)))
  const written = tensors.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')
  return `${out}: ${written}, with layer${list(asked.layers)} changed in row${list(asked.rows)}`
}

if (process.argv[1]?.endsWith('probe.ts')) await runCommand(probeCommand)
