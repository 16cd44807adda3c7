/**
 * `npm run -s evaluate -- --preset FILE_OR_LINK --samples N`: how good the guided images of a preset are, in numbers.
 * Drawn by the page's engine, seen by the judge of `models/avatars`, compared with held-out renders.
 */
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { sample } from '../sampling/sample'
import { firstNotFinite } from '../core/vector'
import { loadNodeModel } from './node-model'
import type { ModelFile, ModelInfo } from '../model/types'
import { Judge, JUDGED_SIDE, parseJudge, parseStatistics } from '../evaluation/judge'
import { metricsOf, type Estimate, type Judged, type Metrics, type RealStatistics } from '../evaluation/metrics'
import { judgedLine, mergeRecords, readRecord, subjectLine, type Subject } from '../evaluation/record'
import { sideBySide } from '../sampling/side-by-side'
import { networksOf } from '../guidance/pair'
import { OWN, toPreset } from '../settings'
import type { Settings } from '../settings/types'
import { modelFolder } from './models'
import { openPreset } from './preset'
import { UsageError } from './usage'

const HELP = `Usage: npm run -s evaluate -- --preset FILE_OR_LINK --samples N [--out FILE]
       npm run -s evaluate -- --images OUT
       npm run -s evaluate -- --merge FILE...

Draws N guided images and compares them with held-out renders in the features of the judge (models/avatars/judge.json):
FD-avatars (the Fréchet distance; lower is better; compare sets of equal N only, and never with an FID), class agreement
(the judge sees the class that was asked for), precision and recall (3 nearest neighbours), each with its 95 % interval
(jackknife over ten blocks of seeds, from 100 samples on).

  --preset FILE_OR_LINK  a preset file, or a link copied from the page. Sample i has the preset's seed + i. Classes take
                         turns, unless the preset names one (a link: one that is not the default). samples is not used
  --samples N            how many images
  --steps N              instead of the preset's
  --out FILE             keeps what was judged, so that the same command goes on where it was stopped, also to a larger N
  --shard I/N            draws only the I-th of N parts (I from 1); needs --out
  --merge FILE...        the numbers of the shards' files together, equal to those of one run; draws nothing
  --images OUT           judges OUT.u8 and OUT.labels, as generate.ts and synthesise.py write them, instead of drawing
  --batch N              images drawn together (default 8)
  --threads N            CPU threads (default: all)
  --json                 the numbers as JSON
  --help                 this text

Exit status: 0 done, 1 the run failed, 2 the arguments or the preset are wrong.`

const JUDGE = join(import.meta.dirname, '../../models/avatars')

interface Arguments {
  readonly source:
    | { readonly kind: 'preset'; readonly preset: string }
    | { readonly kind: 'images'; readonly images: string }
    | { readonly kind: 'merge'; readonly files: readonly string[] }
  readonly samples: number | null
  readonly steps: number | null
  readonly out: string | null
  readonly shard: { readonly part: number; readonly of: number }
  readonly batch: number
  readonly threads: number
  readonly json: boolean
}

function whole(name: string, text: string, min: number, max = 1e9): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max)
    throw new UsageError(
      `--${name} must be a whole number of at least ${min}${max < 1e9 ? ` and at most ${max}` : ''}, not ${text}`,
    )
  return value
}

function readArguments(argv: readonly string[]): Arguments | null {
  let parsed
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        preset: { type: 'string' },
        images: { type: 'string' },
        merge: { type: 'boolean', default: false },
        samples: { type: 'string' },
        steps: { type: 'string' },
        out: { type: 'string' },
        shard: { type: 'string', default: '1/1' },
        batch: { type: 'string', default: '8' },
        threads: { type: 'string', default: '0' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  const { values, positionals } = parsed
  if (values.help) return null
  const sources: Arguments['source'][] = []
  if (values.preset !== undefined) sources.push({ kind: 'preset', preset: values.preset })
  if (values.images !== undefined) sources.push({ kind: 'images', images: values.images })
  if (values.merge) sources.push({ kind: 'merge', files: positionals })
  const [source] = sources
  if (!source || sources.length > 1)
    throw new UsageError('give one of --preset FILE_OR_LINK, --images OUT, --merge FILE... (--help explains)')
  if (source.kind === 'merge' ? positionals.length === 0 : positionals.length > 0) {
    throw new UsageError(
      source.kind === 'merge'
        ? '--merge needs the files of the shards'
        : `what is ${positionals[0]} for? Only --merge takes files (--help explains)`,
    )
  }
  const shard = /^(\d+)\/(\d+)$/.exec(values.shard)
  const [part, of] = [Number(shard?.[1]), Number(shard?.[2])]
  if (!(part >= 1 && part <= of)) throw new UsageError(`--shard must be I/N with I from 1 to N, not ${values.shard}`)
  if (of > 1 && (values.out === undefined || source.kind !== 'preset'))
    throw new UsageError('--shard needs --preset, and --out FILE to merge later')
  if (source.kind === 'preset' && values.samples === undefined)
    throw new UsageError('--samples N is missing (--help explains)')
  return {
    source,
    samples: values.samples === undefined ? null : whole('samples', values.samples, 1),
    steps: values.steps === undefined ? null : whole('steps', values.steps, OWN.steps.min, OWN.steps.max),
    out: values.out ?? null,
    shard: { part, of },
    batch: whole('batch', values.batch, 1, 64),
    threads: whole('threads', values.threads, 0),
    json: values.json,
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function readJudgeFile({ file, bytes, sha256: digest }: ModelFile): Uint8Array {
  const data = readFileSync(join(JUDGE, file))
  if (data.byteLength !== bytes || sha256(data) !== digest)
    throw new Error(`${join(JUDGE, file)} is not the file that judge.json describes. Make both again with judge.py.`)
  return data
}

const judgeInfo = () => parseJudge(JSON.parse(readFileSync(join(JUDGE, 'judge.json'), 'utf8')))

function loadJudge(threads: number): Promise<Judge> {
  const info = judgeInfo()
  const [graph, weights] = [readJudgeFile(info.graph), readJudgeFile(info.weights)]
  return Judge.load({
    info,
    graph,
    weights,
    runtime: { InferenceSession, Tensor },
    sessionOptions: { executionProviders: ['cpu'], intraOpNumThreads: threads },
  })
}

function realStatistics(): RealStatistics {
  const info = judgeInfo()
  return parseStatistics(readJudgeFile(info.statistics), info)
}

/** Digests of the networks' weights that a run needs, by id. */
function sourceOf(settings: Settings, model: ModelInfo): Record<string, string> {
  const ids = networksOf(settings, model).flatMap(({ id, neon }) => (neon ? [id, neon.against] : [id]))
  return Object.fromEntries(
    model.networks.filter(({ id }) => ids.includes(id)).map(({ id, weights }) => [id, weights.sha256]),
  )
}

/** Says on stderr how far it is and how long it takes: every ten seconds, and at the end. */
function progress(total: number): (done: number) => void {
  const started = performance.now()
  let [told, first] = [started, -1]
  return (done) => {
    if (first < 0) first = done
    const now = performance.now()
    if (now - told < 10_000 && done < total) return
    told = now
    const rate = ((done - first) * 1000) / (now - started)
    const left = rate > 0 ? `, ${rate.toFixed(2)} a second, ${Math.ceil((total - done) / rate / 60)} min left` : ''
    process.stderr.write(`${done} of ${total} images${left}\n`)
  }
}

/** What was judged already, and a function that adds to it. */
function openRecord(
  file: string | null,
  subject: Subject,
): { readonly judged: readonly Judged[]; add(judged: readonly Judged[]): void } {
  if (file === null) return { judged: [], add: () => {} }
  const line = subjectLine(subject)
  let judged: readonly Judged[] = []
  if (existsSync(file) && readFileSync(file).length > 0) {
    const text = readFileSync(file, 'latin1')
    const stored = readRecord(Buffer.from(text, 'latin1').toString(), file)
    if (stored.subject !== line)
      throw new UsageError(
        `${file} is of another evaluation: its preset, weights, seed, batch or judge differ. Name another --out, or delete it.`,
      )
    truncateSync(file, text.lastIndexOf('\n') + 1)
    judged = stored.judged
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, line)
  }
  return { judged, add: (more) => appendFileSync(file, more.map(judgedLine).join('')) }
}

async function judgePreset(args: Arguments, preset: string, samples: number): Promise<Judged[]> {
  const source = openPreset(preset)
  const folder = modelFolder(source.model)
  const { model, denoiser, vision, dispose } = await loadNodeModel(folder, { threads: args.threads })
  const result = source.settings(model)
  if (!result.ok) throw new UsageError(result.problem)
  const settings: Settings = { ...result.settings, samples: 1, ...(args.steps !== null && { steps: args.steps }) }
  if (settings.seed + samples - 1 > OWN.seed.max)
    throw new UsageError(`seed ${settings.seed} leaves no room for ${samples} seeds: lower it`)
  const classes = model.conditioning.classes.length
  const each = !source.fixesClass && settings.class !== null
  const { seed: _seed, samples: _samples, ...complete } = toPreset(settings)
  const judge = await loadJudge(args.threads)
  const record = openRecord(args.out, {
    format: 1,
    preset: { ...complete, ...(each && { class: 'each' }) },
    seed: settings.seed,
    batch: args.batch,
    source: sourceOf(settings, model),
    judge: judge.info.weights.sha256,
  })
  const judged = record.judged.filter(({ index }) => index < samples)
  const known = new Set(judged.map(({ index }) => index))
  // Batches belong to shards whole: an image is then always drawn in the same company.
  const batches = Array.from({ length: Math.ceil(samples / args.batch) }, (_, i) => i).filter(
    (i) => i % args.shard.of === args.shard.part - 1,
  )
  const indicesOf = (batch: number) =>
    Array.from({ length: Math.min(args.batch, samples - batch * args.batch) }, (_, i) => batch * args.batch + i)
  const own = batches.flatMap(indicesOf)
  const tell = progress(own.length)
  let done = own.filter((index) => known.has(index)).length
  tell(done)
  for (const batch of batches) {
    const indices = indicesOf(batch)
    if (indices.every((index) => known.has(index))) continue
    const asked = indices.map((index) => (each ? index % classes : settings.class))
    const images = await sideBySide(
      denoiser,
      indices.map((index, i) => async (shared) => {
        const mine = { ...settings, seed: settings.seed + index, class: asked[i]! }
        for await (const event of sample({
          denoiser: shared,
          settings: mine,
          alone: [],
          ...(vision && { vision }),
        })) {
          if (event.kind === 'final') return event.samples[0]!.guided
        }
        throw new Error('the sampler ended without an image')
      }),
    )
    const broken = images.findIndex((image) => firstNotFinite(image) >= 0)
    if (broken >= 0) throw new Error(`sample ${indices[broken]} is not finite: lower the scale, or choose other layers`)
    const judgements = await judge.judge(images, model.image)
    const fresh = judgements.map(({ features, seen }, i): Judged => ({
      index: indices[i]!,
      asked: asked[i]!,
      seen,
      features,
    }))
    const unknown = fresh.filter(({ index }) => !known.has(index))
    record.add(unknown)
    judged.push(...unknown)
    done += unknown.length
    tell(done)
  }
  await dispose()
  await judge.dispose()
  return judged
}

async function judgeImages(args: Arguments, images: string): Promise<Judged[]> {
  for (const kind of ['u8', 'labels'])
    if (!existsSync(`${images}.${kind}`)) throw new UsageError(`there is no file ${images}.${kind}`)
  const bytes = readFileSync(`${images}.u8`)
  const labels = readFileSync(`${images}.labels`)
  const size = 3 * JUDGED_SIDE * JUDGED_SIDE
  if (bytes.length !== labels.length * size)
    throw new UsageError(`${images}.u8 and ${images}.labels are of different numbers of images`)
  const judge = await loadJudge(args.threads)
  const record = openRecord(args.out, {
    format: 1,
    preset: null,
    seed: 0,
    batch: args.batch,
    source: { [images]: sha256(bytes) },
    judge: judge.info.weights.sha256,
  })
  const count = Math.min(labels.length, args.samples ?? labels.length)
  const judged = record.judged.filter(({ index }) => index < count)
  const known = new Set(judged.map(({ index }) => index))
  const missing = Array.from({ length: count }, (_, i) => i).filter((index) => !known.has(index))
  const tell = progress(count)
  tell(judged.length)
  for (let start = 0; start < missing.length; start += 64) {
    const part = missing.slice(start, start + 64)
    const seen = await judge.judge(
      part.map((index) =>
        Float32Array.from(bytes.subarray(index * size, (index + 1) * size), (byte) => byte / 127.5 - 1),
      ),
      { channels: 3, height: JUDGED_SIDE, width: JUDGED_SIDE },
    )
    const fresh = seen.map((judgement, i): Judged => ({ index: part[i]!, asked: labels[part[i]!]!, ...judgement }))
    record.add(fresh)
    judged.push(...fresh)
    tell(judged.length)
  }
  await judge.dispose()
  return judged
}

function mergeFiles(files: readonly string[], samples: number | null): Judged[] {
  const records = files.map((name) => {
    if (!existsSync(name)) throw new UsageError(`there is no file ${name}`)
    return { name, stored: readRecord(readFileSync(name, 'utf8'), name) }
  })
  const judge = judgeInfo().weights.sha256
  if (!records[0]!.stored.subject.includes(`"judge":"${judge}"`))
    throw new UsageError(`${files[0]} was judged by another judge than models/avatars has now: draw it again`)
  const judged = mergeRecords(records)
  const count = samples ?? 1 + judged.reduce((max, { index }) => Math.max(max, index), -1)
  const chosen = judged.filter(({ index }) => index < count)
  if (chosen.length < count)
    throw new UsageError(
      `${count - chosen.length} of ${count} images are missing: a shard is not done, or its file was not named`,
    )
  return chosen
}

function report({ samples, frechet, agreement, precision, recall }: Metrics): string {
  const percent = ({ value, margin }: Estimate) =>
    `${(100 * value).toFixed(2)} %${margin === null ? '' : ` ± ${(100 * margin).toFixed(2)}`}`
  const lines = [
    `images           ${samples}`,
    `FD-avatars       ${frechet.value.toFixed(4)}${frechet.margin === null ? '' : ` ± ${frechet.margin.toFixed(4)}`}`,
    `class agreement  ${agreement === null ? 'no class was asked for' : percent(agreement)}`,
    `precision        ${percent(precision)}`,
    `recall           ${percent(recall)}`,
  ]
  return lines.join('\n')
}

/** The command's output. Rejects with UsageError for wrong arguments, and with what goes wrong on the way. */
export async function evaluate(argv: readonly string[]): Promise<string> {
  const args = readArguments(argv)
  if (!args) return HELP
  const { source } = args
  const judgedOf = (): Promise<Judged[]> | Judged[] => {
    switch (source.kind) {
      case 'preset':
        return judgePreset(args, source.preset, args.samples!)
      case 'images':
        return judgeImages(args, source.images)
      case 'merge':
        return mergeFiles(source.files, args.samples)
      default:
        return source satisfies never
    }
  }
  const judged = await judgedOf()
  if (args.shard.of > 1)
    return `shard ${args.shard.part} of ${args.shard.of} is done: ${args.out}. When all are, give their files to --merge.`
  const metrics = metricsOf(judged, realStatistics())
  return args.json ? JSON.stringify(metrics, null, 2) : report(metrics)
}

if (process.argv[1]?.endsWith('evaluate.ts')) {
  try {
    console.log(await evaluate(process.argv.slice(2)))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    console.error(message.replaceAll(/\s*\n\s*/g, ' '))
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}
