/** `npm run -s instrument -- FILE -o OUT`: the graph with control inputs at its attention maps, for any runtime. */
import { ControlInputs } from '../network/controls/inputs'
import { instrument, type ControlledMap, type Instrumented } from '../network/maps/instrument'
import { deviation, ROUNDING, shaken, singles } from '../network/maps/trial'
import type { Feeds } from '../network/maps/types'
import { GraphError } from '../network/onnx'
import { needed, readFlags, SHARED_HELP, wholeNumber, type GivenFlags } from './network/arguments'
import { guidedLayers, surveyFile, type Survey } from './network/survey'
import { checkTarget, writeProved } from './network/write-graph'
import { runCommand, UsageError } from './usage'

const HELP = `Usage: npm run -s instrument -- FILE -o OUT [--map LAYER] [--inputs IN.npz] [--size HxW] [--grid HxW] [--sample NAME] [--threads N]

Writes the graph with inputs that change its attention maps row by row: mix_I (the identity in place of the map, PAG), blur_h_I and
blur_w_I (a blur of the queries, SEG) of each layer I that npm run inspect numbers. docs/any-network.md specifies them, with an
example in Python. With neutral values it gives what FILE gives, which is proved before OUT is written.

  FILE              the graph; weights in other files lie beside it
  -o, --out OUT     the ONNX file to write; weights of more than 2 GiB go into OUT.data
  --map LAYER       also outputs of this layer: map_I, its map as the mean over heads, and received_I
${SHARED_HELP}

Exit status: 0 done, 1 something else failed, 2 the file or the arguments are wrong.`

/** Largest deviation of neutral controls; more only where the last bit of the graph's own inputs makes more of one. */
const NEUTRAL = 1e-5

interface NeutralCheck {
  readonly error: number
  /** What the last bit of the inputs changes. */
  readonly lastBit: number
}

/** Compares what was written with the file that it was made of, both loaded from the disk. Throws UsageError where they differ. */
async function checkNeutral(
  { file, feeds, batch, output, proof }: Survey,
  { layers }: Instrumented,
  path: string,
): Promise<NeutralCheck> {
  const rows = batch ?? proof.rows ?? 2
  const given = feeds(rows)
  const controls = Object.entries(new ControlInputs(layers).feeds(Array<null>(rows).fill(null), [])).map(
    ([name, { data, dims }]) => [name, { type: 'float32' as const, data, dims }] as const,
  )
  const run = async (from: string, all: readonly Feeds[]) => {
    const session = await file.openFile(from)
    try {
      const results: Float32Array[] = []
      for (const one of all) results.push(singles(await session.run(one), output))
      return results
    } finally {
      await session.release()
    }
  }
  const [original, shifted] = await run(file.path, [given, shaken(given, 23)])
  const [neutral] = await run(path, [{ ...given, ...Object.fromEntries(controls) }])
  const error = deviation(neutral!, original!)
  const lastBit = deviation(shifted!, original!)
  // A graph that computes in few bits is no more exact than it is itself.
  const bound = Math.max(NEUTRAL, 3 * lastBit, proof.bound > ROUNDING ? proof.bound : 0)
  if (!(error <= bound))
    throw new UsageError(
      `${file.path}: with neutral controls its output ${output} changes by ${error.toPrecision(2)} deviations, more than ${bound.toPrecision(2)}; nothing was written`,
    )
  return { error, lastBit }
}

function mapOf(flags: GivenFlags, count: number): number | null {
  const text = flags.text('map')
  if (text === null) return null
  const map = wholeNumber('map', text)
  if (map >= count)
    throw new UsageError(`--map names layer ${map}, and there are ${count} that can be guided, from 0 on`)
  return map
}

const told = (value: number) => (value === 0 ? 'nothing' : value.toExponential(1))

function layerLine({ layer, node, inputs, outputs, grid }: ControlledMap): string {
  const lengths = Object.entries(inputs).map(([name, dims]) => `${name} [rows, ${dims.join(', ')}]`)
  const lies = grid ? `, grid ${grid[0]}x${grid[1]}` : ''
  return `  ${layer}  ${node}${lies}: ${[...lengths, ...outputs].join(', ')}`
}

/** The command's output. Rejects with UsageError for wrong arguments and for graphs that can't be guided. */
export async function instrumentCommand(argv: readonly string[]): Promise<string> {
  const flags = readFlags(argv, { out: { type: 'string', short: 'o' }, map: { type: 'string' } })
  if (!flags) return HELP
  const out = needed(flags, 'out', 'FILE')
  checkTarget(out, flags.survey.file)
  const survey = await surveyFile(flags.survey)
  const { file, model, layers, batch, feeds } = survey
  const guided = guidedLayers(layers)
  if (guided.length === 0)
    throw new UsageError(`${file.path} has no attention that can be guided; npm run inspect says why, layer by layer`)
  const map = mapOf(flags, guided.length)
  let made: Instrumented
  try {
    made = instrument({ model, layers, batch, feeds: feeds(batch ?? 1), map })
  } catch (error) {
    throw error instanceof GraphError ? new UsageError(`${file.path}: ${error.message}`) : error
  }
  const { files, proof } = await writeProved(out, made.model, file.weights, (path) => checkNeutral(survey, made, path))
  return [
    `${files.join(', ')}: ${made.maps.length} layers with controls`,
    `With neutral ones ${survey.output} is off by ${told(proof.error)} of its deviations; the last bit of its inputs moves it by ${told(proof.lastBit)}.`,
    ...made.maps.map(layerLine),
  ].join('\n')
}

if (process.argv[1]?.endsWith('instrument.ts')) await runCommand(instrumentCommand)
