/** The exports themselves: the runtime computes what PyTorch did, and each change of a layer is one that a test can see. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { narrowToHalf } from '../../src/core/half'
import { floats } from '../../src/engine/runtime'
import { deviations, type Exported, type ExportedTensor, exportNames, readExport } from '../support/export-files'

const folder = process.env['EXPORTS'] ?? ''

/** Some of the rows, as the graph asks for them. */
function feed({ dims, data }: ExportedTensor, type: string, first: number, rows: number | null) {
  const each = data.length / dims[0]!
  const own = rows === null ? data : data.slice(first * each, (first + rows) * each)
  const shape = rows === null ? dims : [rows, ...dims.slice(1)]
  if (own instanceof BigInt64Array) return new Tensor('int64', own, shape)
  return type === 'float16'
    ? new Tensor('float16', narrowToHalf(Float64Array.from(own)), shape)
    : new Tensor('float32', own, shape)
}

/** The untouched graph's output, both rows. */
async function run(exported: Exported): Promise<Float32Array> {
  const session = await InferenceSession.create(exported.path, {
    graphOptimizationLevel: 'basic',
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  })
  const rows = exported.batch ?? 2
  const parts: Float32Array[] = []
  for (let first = 0; first < 2; first += rows) {
    const feeds: Record<string, Tensor> = {}
    for (const input of session.inputMetadata) {
      if (!input.isTensor) throw new Error(`${input.name} is no tensor`)
      const shared = exported.shared.includes(input.name)
      feeds[input.name] = feed(exported.tensor(`input:${input.name}`), input.type, first, shared ? null : rows)
    }
    parts.push(floats(await session.run(feeds), session.outputNames[0]!))
  }
  await session.release()
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  parts.reduce((offset, part) => (all.set(part, offset), offset + part.length), 0)
  return all
}

describe.each(exportNames(folder))('%s', (name) => {
  const exported = readExport(folder, name)

  it('is computed as PyTorch does', async () => {
    const wanted = exported.floats('output')
    expect(deviations(await run(exported), wanted)).toBeLessThan(Math.max(1e-4, 2 * exported.error))
  })

  const guided = exported.layers.flatMap((layer, i) => (layer.kind === 'self' || layer.kind === 'joint' ? [i] : []))

  it.runIf(guided.length > 0)('moves with each layer, and only in the row that is changed', () => {
    const output = exported.floats('output')
    const each = output.length / 2
    for (const layer of guided) {
      const blurs = exported.sigmas.map((sigma) => [`blur_${layer}_${sigma}`, exported.rows.blur] as const)
      for (const [key, row] of [[`identity_${layer}`, exported.rows.identity] as const, ...blurs]) {
        const moved = [0, 1].map((own) =>
          deviations(
            exported.floats(key).subarray(own * each, (own + 1) * each),
            output.subarray(own * each, (own + 1) * each),
          ),
        )
        expect(moved[row], key).toBeGreaterThan(0.01)
        expect(moved[1 - row], key).toBeLessThan(1e-4)
      }
    }
  })
})
