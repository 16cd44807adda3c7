import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadNodeModel } from '../../../src/cli/node-model'
import { golden } from './golden'

it('the shipped vision transformer looks where PyTorch says it does', async () => {
  const { model, vision, dispose } = await loadNodeModel(join(import.meta.dirname, '../../../models/avatars'), {
    threads: 1,
  })
  const images = golden.judged.map(({ step }) =>
    Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => ((i * step) % 251) / 127.5 - 1),
  )
  const { height, width, maps } = await vision!.saliency(images)
  expect({ height, width }).toEqual({ height: model.vision!.height, width: model.vision!.width })
  golden.judged.forEach(({ saliency }, i) => {
    expect(saliency.length).toBe(height * width)
    const largest = Math.max(...saliency)
    maps[i]!.forEach((value, j) => expect(Math.abs(value - saliency[j]!) / largest).toBeLessThan(1e-4))
    expect(maps[i]!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
  })
  await dispose()
})
