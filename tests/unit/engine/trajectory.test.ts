/** Whole runs of sampler, guidance and network against PyTorch's own sampler: every x_t, both predictions, and the image. */
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { StepRecord } from '../../../src/sampling/records'
import { sample } from '../../../src/sampling/sample'
import { relativeError } from '../../../src/engine/golden'
import { loadNodeModel } from '../../../src/cli/node-model'
import { parsePreset } from '../../../src/settings'
import { models, referenceTrajectories } from './golden-files'

const { model, denoiser, dispose } = await loadNodeModel(join(models, 'tiny'), { threads: 1 })
const size = 3 * 16 * 16

afterAll(dispose)

describe.each(referenceTrajectories('tiny').map((entry) => [entry.name, entry] as const))('%s', (_, reference) => {
  it('is followed step by step', async () => {
    const { method, solver, scale, class: label, sigmas, tensors } = reference
    const result = parsePreset(
      {
        model: 'tiny',
        method,
        solver,
        scale,
        class: label,
        steps: sigmas.length - 1,
        layers: 'all',
        ...(method === 'seg' && { sigma: 'inf' }),
      },
      model,
    )
    if (!result.ok) throw new Error(result.problem)
    const step = (name: string, i: number) => tensors[name]!.subarray(i * size, (i + 1) * size)
    const records: StepRecord[] = []
    let final: Float32Array | null = null
    const initial = [step('x', 0)]
    for await (const event of sample({ denoiser, settings: result.settings, alone: [], initial })) {
      if (event.kind === 'step') records.push(event.record)
      else final = event.samples[0]!.guided
    }
    expect(records.map(({ sigma }) => sigma)).toEqual(sigmas.slice(0, -1))
    const errors = records.flatMap(({ samples: [own] }, i) => [
      relativeError(own!.guided.x, step('x', i)),
      relativeError(own!.guided.denoised, step('denoised', i)),
      relativeError(own!.predictionPositive, step('positive', i)),
      ...(tensors.negative ? [relativeError(own!.predictionNegative!, step('negative', i))] : []),
    ])
    expect(errors).toHaveLength(6 * (tensors.negative ? 4 : 3))
    expect(Math.max(...errors, relativeError(final!, tensors.final!))).toBeLessThan(1e-4)
  })
})
