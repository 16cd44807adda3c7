import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { Judge, parseJudge, parseStatistics } from '../../../src/evaluation/judge'
import { metricsOf } from '../../../src/evaluation/metrics'
import { golden } from './golden'

const folder = join(import.meta.dirname, '../../../models/avatars')
const json: unknown = JSON.parse(readFileSync(join(folder, 'judge.json'), 'utf8'))
const info = parseJudge(json)
const read = (file: string) => new Uint8Array(readFileSync(join(folder, file)))
const size = { channels: 3, height: 64, width: 64 }

const load = () =>
  Judge.load({
    info,
    graph: read(info.graph.file),
    weights: read(info.weights.file),
    runtime: { InferenceSession, Tensor },
    sessionOptions: { executionProviders: ['cpu'], intraOpNumThreads: 1 },
  })

describe('the judge', () => {
  it('gives the features that PyTorch gives, and sees the same class', async () => {
    const judge = await load()
    const images = golden.judged.map(({ step }) =>
      Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => ((i * step) % 251) / 127.5 - 1),
    )
    const judgements = await judge.judge(images, size)
    golden.judged.forEach(({ features, seen }, i) => {
      expect(judgements[i]!.seen).toBe(seen)
      const largest = Math.max(...features.map(Math.abs))
      judgements[i]!.features.forEach((value, j) => expect(Math.abs(value - features[j]!) / largest).toBeLessThan(1e-5))
    })
    await judge.dispose()
  })

  it('sees values between bytes as the nearest byte, values out of range as clipped, and small images enlarged', async () => {
    const judge = await load()
    const small = Float32Array.from({ length: 3 * 16 * 16 }, (_, i) => ((i * 37) % 256) / 127.5 - 1)
    const enlarged = Float32Array.from(
      { length: 3 * 64 * 64 },
      (_, i) => small[Math.floor(i / 4096) * 256 + Math.floor((i % 4096) / 256) * 16 + Math.floor((i % 64) / 4)]!,
    )
    const [a] = await judge.judge([small], { channels: 3, height: 16, width: 16 })
    const [b, c] = await judge.judge([enlarged, enlarged.map((value) => (value === 1 ? 5 : value + 0.003))], size)
    expect(b).toEqual(a)
    expect(c).toEqual(a)
    await expect(judge.judge([new Float32Array(3 * 24 * 24)], { channels: 3, height: 24, width: 24 })).rejects.toThrow(
      'a side that divides 64',
    )
    await judge.dispose()
  })

  it('has statistics of held-out renders: variances that average 1, and stored ones near their own Gaussian', () => {
    const real = parseStatistics(read(info.statistics.file), info)
    const { width } = info
    const trace = Array.from({ length: width }, (_, i) => real.moments.covariance[i * width + i]!).reduce(
      (a, b) => a + b,
    )
    expect(trace / width).toBeCloseTo(1, 2)
    const some = Array.from({ length: 400 }, (_, i) => ({
      index: i,
      asked: null,
      seen: 0,
      features: real.features.slice(i * width, (i + 1) * width),
    }))
    const metrics = metricsOf(some, { ...real, features: real.features.subarray(0, 800 * width) })
    expect(metrics.frechet.value).toBeLessThan(0.2 * width)
    expect(metrics.precision.value).toBe(1)
  })

  it('refuses files that are not its own', () => {
    expect(() => parseJudge({ ...(json as object), width: 'wide' })).toThrow(
      /judge.json: width: .* Make it again with judge.py/,
    )
    expect(() => parseStatistics(new Uint8Array(10), info)).toThrow('has 10 bytes, not')
  })
})
