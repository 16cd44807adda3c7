/** Draws pairs for a search of seeds, one without and one with guidance from the same noise, and keeps them, so that a search goes on. */
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toByte } from '../../core/image'
import type { ModelInfo } from '../../model/types'
import { sample } from '../../sampling/sample'
import { sideBySide } from '../../sampling/side-by-side'
import { toPreset } from '../../settings'
import type { Settings } from '../../settings/types'
import { sourceOf } from '../../lab/identity'
import type { NodeModel } from '../node-model'

/** Two images of one seed as bytes, planar RGB. */
export interface Pair {
  readonly unguided: Uint8Array
  readonly guided: Uint8Array
}

/** The first of the seeds that are tried; the others count up from it. */
export const FIRST_SEED = 1
/** Three rows a pair: as many as the network is given at once. */
const BATCH = 5

export async function drawPairs({ denoiser, vision }: NodeModel, wanted: readonly Settings[]): Promise<Pair[]> {
  return sideBySide(
    denoiser,
    wanted.map((settings) => async (shared) => {
      const wish = { denoiser: shared, settings, alone: ['positive'], ...(vision && { vision }) } as const
      for await (const event of sample(wish)) {
        if (event.kind !== 'final') continue
        const { positive, guided } = event.samples[0]!
        if (!positive) break
        return { unguided: Uint8Array.from(positive, toByte), guided: Uint8Array.from(guided, toByte) }
      }
      throw new Error('the sampler ended without both images')
    }),
  )
}

/** The file of one class's pairs. Its folder tells settings and weights apart: other ones are other pictures. */
export function pairsFile(cache: string, settings: Settings, model: ModelInfo): string {
  const { seed: _seed, class: _class, ...shared } = toPreset(settings)
  const drawnBy = JSON.stringify([shared, sourceOf(settings, model), BATCH])
  const digest = createHash('sha256').update(drawnBy).digest('hex').slice(0, 12)
  return join(cache, model.id, 'seeds', digest, `class-${settings.class}.u8`)
}

/** The pairs of the seeds 1 to `tried`: those of the file, and those that it lacks, which are added to it. Tells how many there are. */
export async function pairsOf(
  loaded: NodeModel,
  settings: Settings,
  tried: number,
  cache: string,
  tell: (done: number) => void,
): Promise<readonly Pair[]> {
  const { image } = loaded.model
  const size = image.channels * image.height * image.width
  const file = pairsFile(cache, settings, loaded.model)
  mkdirSync(join(file, '..'), { recursive: true })
  if (!existsSync(file)) writeFileSync(file, '')
  const whole = Math.floor(readFileSync(file).length / (2 * size))
  truncateSync(file, whole * 2 * size)
  for (let done = whole; done < tried; done += BATCH) {
    const count = Math.min(BATCH, tried - done)
    const seeds = Array.from({ length: count }, (_, i) => FIRST_SEED + done + i)
    const pairs = await drawPairs(
      loaded,
      seeds.map((seed) => ({ ...settings, seed })),
    )
    for (const { unguided, guided } of pairs) appendFileSync(file, Buffer.concat([unguided, guided]))
    tell(done + count)
  }
  const bytes = new Uint8Array(readFileSync(file))
  return Array.from({ length: tried }, (_, i) => {
    const part = (at: number) => bytes.subarray(at * size, (at + 1) * size)
    return { unguided: part(2 * i), guided: part(2 * i + 1) }
  })
}
