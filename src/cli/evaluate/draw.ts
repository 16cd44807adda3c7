/** Draws guided images of a preset and has them judged, a batch at a time. */
import { firstNotFinite } from '../../core/vector'
import type { Judged } from '../../evaluation/metrics'
import { sourceOf } from '../../lab/identity'
import type { ModelInfo } from '../../model/types'
import { sample } from '../../sampling/sample'
import { sideBySide } from '../../sampling/side-by-side'
import { OWN, toPreset } from '../../settings'
import type { Settings } from '../../settings/types'
import { loadNamedModel, type NodeModel } from '../node-model'
import type { PresetSource } from '../preset'
import { UsageError } from '../usage'
import type { EvaluateArguments } from './arguments'
import { progress } from './progress'
import { openRecord, type RecordFile } from './record-file'
import { observerOf, type Seer } from './observer'

/** What is drawn: sample i has the seed plus i, and with `each` its class is the i-th in turn. */
export interface Wanted {
  readonly settings: Settings
  readonly each: boolean
}

const askedOf = ({ settings, each }: Wanted, index: number, { conditioning }: ModelInfo) =>
  each ? index % conditioning.classes.length : settings.class

/** Samples of each batch of this shard. A shard has whole batches, so that an image always has the same company. */
function batchesOf({ batch, shard }: EvaluateArguments, samples: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(samples / batch) }, (_, i) => i)
    .filter((i) => i % shard.of === shard.part - 1)
    .map((i) => Array.from({ length: Math.min(batch, samples - i * batch) }, (_, j) => i * batch + j))
}

/** The guided images of one batch. Rejects where a number left the range. */
async function drawBatch({ model, denoiser, vision }: NodeModel, wanted: Wanted, indices: readonly number[]) {
  const { settings } = wanted
  const images = await sideBySide(
    denoiser,
    indices.map((index) => async (shared) => {
      const mine = { ...settings, seed: settings.seed + index, class: askedOf(wanted, index, model) }
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
  return images
}

export interface Judging {
  readonly loaded: NodeModel
  readonly judge: Pick<Seer, 'judge'>
  /** Whether the judge knows the model's classes. */
  readonly knows: boolean
}

/** Draws the images of one batch and has them judged. Rejects where a number left the range. */
export async function judgedBatch(
  { loaded, judge, knows }: Judging,
  wanted: Wanted,
  indices: readonly number[],
): Promise<Judged[]> {
  const images = await drawBatch(loaded, wanted, indices)
  const pictures = await loaded.pictures(images)
  const judgements = await judge.judge(pictures.images, pictures.size)
  return judgements.map(({ features, seen }, i): Judged => {
    const index = indices[i]!
    return { index, asked: knows ? askedOf(wanted, index, loaded.model) : null, seen, features }
  })
}

async function drawMissing(
  args: EvaluateArguments,
  judging: Judging,
  wanted: Wanted,
  samples: number,
  record: RecordFile,
) {
  const judged = record.judged.filter(({ index }) => index < samples)
  const known = new Set(judged.map(({ index }) => index))
  const batches = batchesOf(args, samples)
  const own = batches.flat()
  const tell = progress(own.length)
  let done = own.filter((index) => known.has(index)).length
  tell(done)
  for (const indices of batches) {
    if (indices.every((index) => known.has(index))) continue
    const fresh = await judgedBatch(judging, wanted, indices)
    const unknown = fresh.filter(({ index }) => !known.has(index))
    record.add(unknown)
    judged.push(...unknown)
    done += unknown.length
    tell(done)
  }
  return judged
}

/** Everything that was judged of the preset's first `samples` images, after drawing those that this shard lacks. */
export async function judgePreset(args: EvaluateArguments, source: PresetSource, samples: number): Promise<Judged[]> {
  const loaded = await loadNamedModel(source.model, { threads: args.threads })
  const { model } = loaded
  const settings: Settings = { ...source.settings(model), samples: 1 }
  if (settings.seed + samples - 1 > OWN.seed.max)
    throw new UsageError(`seed ${settings.seed} leaves no room for ${samples} seeds: lower it`)
  const each = !source.fixesClass && settings.class !== null
  const { seed: _seed, samples: _samples, ...complete } = toPreset(settings)
  const observer = observerOf(args.features, args.model)
  const judge = await observer.load(args.threads)
  const record = openRecord(args.out, {
    format: 1,
    preset: { ...complete, ...(each && { class: 'each' }) },
    seed: settings.seed,
    batch: args.batch,
    source: sourceOf(settings, model),
    judge: observer.digest,
  })
  try {
    const knows = observer.knows(model)
    return await drawMissing(args, { loaded, judge, knows }, { settings, each }, samples, record)
  } finally {
    await loaded.dispose()
    await judge.dispose()
  }
}
