/** Anybody's graph on our runner: what it computes is what onnxruntime computes, and what it does not compute is left to that. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { widenHalf } from '../../src/core/half'
import { openGraph } from '../../src/engine/open-graph'
import type { GraphTensor } from '../../src/network/maps/types'
import { Unsupported } from '../../src/runner/unsupported'
import { exportNames, readExport } from '../support/export-files'
import { batchOf, feedsOf, load } from '../support/export-graphs'
import { createBench, farthest } from '../support/runner'

const folder = process.env['EXPORTS'] ?? ''
const open = openGraph({ InferenceSession, Tensor }, null, { intraOpNumThreads: 1, logSeverityLevel: 3 })
/** Computed in half precision or in eight bits, fused by onnxruntime, enlarged by interpolation, a softmax by its logarithm, a branch (If), values written into others (ScatterND). */
const LEFT = /half|int8|fused|cascade|written|pixart-legacy|prx-legacy/

const bench = createBench()
const floatsOf = ({ data, type }: GraphTensor) =>
  type === 'float16' ? widenHalf(data) : Float32Array.from(data as ArrayLike<number | bigint>, Number)

test.each(exportNames(folder))('%s', async (name) => {
  const exported = readExport(folder, name)
  const model = load(exported)
  const feeds = feedsOf(exported, model, 0, batchOf(model) ?? 2)
  const session = bench.session(model)
  try {
    const got = await bench.run(session, feeds)
    const reference = await open(model)
    const wanted = await reference.run(feeds)
    await reference.release()
    for (const [key, tensor] of Object.entries(wanted))
      expect(farthest(got[key]!.data, floatsOf(tensor)), key).toBeLessThan(2e-5)
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error
    expect(name, error.message).toMatch(LEFT)
  } finally {
    bench.release(session)
  }
})
