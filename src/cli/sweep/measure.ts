/** How long an evaluation, a judgement and a point's numbers take on this machine, measured now. */
import type { ModelInfo } from '../../model/types'
import type { Observer } from '../evaluate/observer'
import type { OpenedSweep } from './opened'

/** Others use the machine as well, which only ever adds time: the least of so many counts. */
const ROUNDS = 3

/** Seconds of a core, which others do not lengthen: the time of the processor, over all threads. */
async function least(action: () => unknown): Promise<number> {
  let best = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const began = process.cpuUsage()
    await action()
    const { user, system } = process.cpuUsage(began)
    best = Math.min(best, (user + system) / 1e6)
  }
  return best
}

/** Rows at a time. */
const BATCH = 8

/** Seconds of one evaluation of each network on one core. */
export async function evaluationSeconds(
  opened: OpenedSweep,
  model: ModelInfo,
  networks: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const loaded = await opened.load(model, 1)
  const { channels, height, width } = model.image
  const classWeights = new Float32Array(model.conditioning.classes.length)
  const seconds: Record<string, number> = {}
  try {
    for (const id of networks) {
      const rows = Array.from({ length: BATCH }, () => ({
        x: new Float32Array(channels * height * width).fill(0.5),
        sigma: 1,
        classWeights,
        attention: null,
        network: { id },
      }))
      await loaded.denoiser.evaluate(rows)
      seconds[id] = (await least(() => loaded.denoiser.evaluate(rows))) / BATCH
    }
    return seconds
  } finally {
    await loaded.dispose()
  }
}

/** Seconds of a core to see one image. */
export async function judgeSeconds(observer: Observer): Promise<number> {
  const seer = await observer.load(1)
  const size = { channels: 3, height: 64, width: 64 }
  const images = Array.from({ length: BATCH }, () => new Float32Array(3 * 64 * 64))
  try {
    await seer.judge(images, size)
    return (await least(() => seer.judge(images, size))) / BATCH
  } finally {
    await seer.dispose()
  }
}

const SETS = [500, 1000] as const

/** What the numbers of a point take: some time an image, and some an image and image. */
export async function numbersSeconds(observer: Observer): Promise<(images: number) => number> {
  const judged = observer.standIns(SETS[1])
  const [few, many] = [
    await least(() => observer.numbers(judged.slice(0, SETS[0]))),
    await least(() => observer.numbers(judged)),
  ]
  const [n, m] = SETS
  const square = Math.max(0, (many / m - few / n) / (m - n))
  const each = few / n - square * n
  return (images) => each * images + square * images ** 2
}

/** What a report of costs is made of. */
export interface Measures {
  readonly evaluation: typeof evaluationSeconds
  readonly judging: typeof judgeSeconds
  readonly numbers: typeof numbersSeconds
}

export const measuredNow: Measures = {
  evaluation: evaluationSeconds,
  judging: judgeSeconds,
  numbers: numbersSeconds,
}
