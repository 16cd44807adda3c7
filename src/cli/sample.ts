/**
 * `npm run -s sample -- --preset FILE_OR_LINK --out DIR [--tensors]`: the page's engine on the command line.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encode } from 'fast-png'
import { filmStrip, type ImageSize } from '../core/image'
import { valueOf } from '../numbers'
import { differenceLength } from '../numbers/numbers/difference-length'
import { differenceSize } from '../numbers/numbers/difference-size'
import { noiseCosine } from '../numbers/numbers/noise-cosine'
import type { FinalSample, SampleRecord, StepRecord } from '../sampling/records'
import { sample } from '../sampling/sample'
import { solvers } from '../sampling/solver-registry'
import { firstNotFinite } from '../core/vector'
import { loadNodeModel } from './node-model'
import { methods } from '../guidance'
import { toPreset } from '../settings'
import { npy } from './npy'
import { modelFolder } from './models'
import { openPreset } from './preset'
import { UsageError } from './usage'

const HELP = `Usage: npm run -s sample -- --preset FILE_OR_LINK --out DIR [--tensors] [--threads N]

Samples the positive alone, the negative alone and the guided image, as the page does, on the CPU.

  --preset FILE_OR_LINK  a preset file (JSON, as the page's "Save JSON" writes it) or a link copied from the page
  --out DIR              receives positive.png, negative.png (not for method none), guided.png and run.json;
                         several samples stand side by side
  --tensors              also x.npy, D_pos.npy, D_neg.npy, D.npy: float32 [steps, samples, channels, height, width] along
                         the guided trajectory; D_neg (of stacked negatives D_neg_1, ...) is NaN where it was not evaluated
  --threads N            CPU threads (default: all)
  --help                 this text

Keys of a preset, all optional: model, method, scale (s in D_pos + s (D_pos - D_neg)), class (index, name, or "none" for any
image), seed, samples, steps, solver (${solvers.map(({ id }) => id).join(', ')}), layers ("all", or a list of indices in graph order or names), window
([low, high] in sigma, "inf" for no bound), network and ema (the positive's weights), rescale (0 to 1), stack (a list of further
negatives, each with method, scale, layers, window and the method's own keys), and the method's own:
${methods.map(({ id, parameters }) => `  ${id.padEnd(14)} ${parameters.map(({ key }) => key).join(', ') || '-'}`).join('\n')}
A combiner (${methods
  .filter(({ kind }) => kind === 'combiner')
  .map(({ id }) => id)
  .join(', ')}) also has the keys of its negative.

Exit status: 0 done, 1 the run failed, 2 the arguments or the preset are wrong.`

function readArguments(): { preset: string; out: string; tensors: boolean; threads: number } | null {
  let values
  try {
    values = parseArgs({
      options: {
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
  if (values.help) return null
  if (!values.preset) throw new UsageError('--preset FILE_OR_LINK is missing (--help explains)')
  if (!values.out) throw new UsageError('--out DIR is missing (--help explains)')
  const threads = Number(values.threads)
  if (!Number.isInteger(threads) || threads < 0)
    throw new UsageError(`--threads must be a whole number, not ${values.threads}`)
  return { preset: values.preset, out: values.out, tensors: values.tensors, threads }
}

const measures = (sample: SampleRecord, shape: ImageSize, term = 0) => ({
  differenceNorm: valueOf(differenceLength, sample, shape, term),
  differenceRatio: valueOf(differenceSize, sample, shape, term),
  cosine: valueOf(noiseCosine, sample, shape, term),
})

const sha256 = (tensor: Float32Array) =>
  createHash('sha256')
    .update(new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength))
    .digest('hex')

async function main(): Promise<void> {
  const args = readArguments()
  if (!args) return console.log(HELP)
  const source = openPreset(args.preset)
  const folder = modelFolder(source.model)
  const loadingFrom = performance.now()
  const loaded = await loadNodeModel(folder, { threads: args.threads })
  const { model, denoiser, vision } = loaded
  const result = source.settings(model)
  if (!result.ok) throw new UsageError(result.problem)
  const { settings } = result
  // Before the work, so that nothing is sampled in vain.
  try {
    mkdirSync(args.out, { recursive: true })
  } catch (error) {
    throw new UsageError(
      `--out ${args.out} cannot be a folder: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const samplingFrom = performance.now()

  const steps: { record: StepRecord; milliseconds: number }[] = []
  let final: readonly FinalSample[] = []
  let mark = samplingFrom
  for await (const event of sample({
    denoiser,
    settings,
    alone: ['positive', 'negative'],
    ...(vision && { vision }),
  })) {
    if (event.kind === 'final') final = event.samples
    else {
      const now = performance.now()
      steps.push({ record: event.record, milliseconds: now - mark })
      mark = now
    }
  }
  const broken = steps.find(({ record }) =>
    record.samples.some(({ positive, negative, guided }) =>
      [positive, negative, guided].some((frame) => frame && firstNotFinite(frame.denoised) >= 0),
    ),
  )
  if (broken) {
    throw new Error(
      `the result is not finite from step ${broken.record.index} on (sigma ${broken.record.sigma}): lower the scale, or choose other layers`,
    )
  }

  const { channels, height, width } = model.image
  const columns = {
    positive: final.flatMap(({ positive }) => (positive ? [positive] : [])),
    negative: final.flatMap(({ negative }) => (negative ? [negative] : [])),
    guided: final.map(({ guided }) => guided),
  }
  for (const [name, images] of Object.entries(columns)) {
    if (images.length === 0) continue
    const data = filmStrip(images, model.image)
    writeFileSync(
      join(args.out, `${name}.png`),
      encode({
        width: width * images.length,
        height,
        channels: 3,
        data,
        text: { settings: JSON.stringify(toPreset(settings)) },
      }),
    )
  }
  const run = {
    settings: toPreset(settings),
    seed: settings.seed,
    model: { id: model.id, weights: model.weights.sha256 },
    steps: steps.map(({ record, milliseconds }) => ({
      sigma: record.sigma,
      sigmaNext: record.sigmaNext,
      inWindow: record.inWindow,
      rows: record.rows,
      milliseconds: Math.round(milliseconds * 10) / 10,
      samples: record.samples.map((sample) => ({
        ...measures(sample, model.image),
        ...(sample.stacked.length > 0 && {
          stacked: sample.stacked.map((_, term) => measures(sample, model.image, term + 1)),
        }),
      })),
    })),
    timings: {
      loadMilliseconds: Math.round(samplingFrom - loadingFrom),
      sampleMilliseconds: Math.round(mark - samplingFrom),
      rows: steps.reduce((sum, { record }) => sum + record.rows, 0),
    },
    sha256: {
      positive: columns.positive.map(sha256),
      negative: columns.negative.map(sha256),
      guided: columns.guided.map(sha256),
    },
  }
  writeFileSync(join(args.out, 'run.json'), JSON.stringify(run, null, 2) + '\n')
  if (args.tensors) {
    const shape = [settings.steps, settings.samples, channels, height, width]
    const pixels = channels * height * width
    const tensors = {
      x: (at: StepRecord['samples'][number]) => at.guided.x,
      D_pos: (at: StepRecord['samples'][number]) => at.predictionPositive,
      ...Object.fromEntries(
        [settings, ...settings.stack].map((_, term) => [
          term === 0 ? 'D_neg' : `D_neg_${term}`,
          (at: StepRecord['samples'][number]) =>
            (term === 0 ? at : at.stacked[term - 1])?.predictionNegative ?? new Float32Array(pixels).fill(NaN),
        ]),
      ),
      D: (at: StepRecord['samples'][number]) => at.guided.denoised,
    }
    for (const [name, of] of Object.entries(tensors)) {
      const data = new Float32Array(settings.steps * settings.samples * pixels)
      steps.forEach(({ record }, i) =>
        record.samples.forEach((at, j) => data.set(of(at), (i * settings.samples + j) * pixels)),
      )
      writeFileSync(join(args.out, `${name}.npy`), npy(data, shape))
    }
  }
  await loaded.dispose()
  console.log(
    `${args.out}: ${settings.method}, s ${settings.scale}, ${run.timings.rows} rows in ${run.timings.sampleMilliseconds} ms`,
  )
}

try {
  await main()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  // One line, whatever the file's own text or Node's wording holds.
  console.error(message.replaceAll(/\s*\n\s*/g, ' '))
  process.exitCode = error instanceof UsageError ? 2 : 1
}
