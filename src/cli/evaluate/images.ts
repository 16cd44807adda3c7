/** Judges images that are there already, as `generate.ts` and `synthesise.py` write them. */
import { existsSync, readFileSync } from 'node:fs'
import { fromByte } from '../../core/image'
import { JUDGED_SIDE } from '../../evaluation/judge'
import type { Judged } from '../../evaluation/metrics'
import { UsageError } from '../usage'
import type { EvaluateArguments } from './arguments'
import { sha256 } from './judge'
import { progress } from './progress'
import { openRecord } from './record-file'
import { observerOf } from './observer'

export async function judgeImages(args: EvaluateArguments, images: string): Promise<Judged[]> {
  for (const kind of ['u8', 'labels'])
    if (!existsSync(`${images}.${kind}`)) throw new UsageError(`there is no file ${images}.${kind}`)
  const bytes = readFileSync(`${images}.u8`)
  const labels = readFileSync(`${images}.labels`)
  const size = 3 * JUDGED_SIDE * JUDGED_SIDE
  if (bytes.length !== labels.length * size)
    throw new UsageError(`${images}.u8 and ${images}.labels are of different numbers of images`)
  const observer = observerOf(args.features, args.model)
  const judge = await observer.load(args.threads)
  const record = openRecord(args.out, {
    format: 1,
    preset: null,
    seed: 0,
    batch: args.batch,
    source: { [images]: sha256(bytes) },
    judge: observer.digest,
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
      part.map((index) => Float32Array.from(bytes.subarray(index * size, (index + 1) * size), fromByte)),
      { channels: 3, height: JUDGED_SIDE, width: JUDGED_SIDE },
    )
    const fresh = seen.map((judgement, i): Judged => {
      const index = part[i]!
      return { index, asked: args.features ? null : labels[index]!, ...judgement }
    })
    record.add(fresh)
    judged.push(...fresh)
    tell(judged.length)
  }
  await judge.dispose()
  return judged
}
