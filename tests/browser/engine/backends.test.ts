/** Each backend's denoiser against PyTorch, bare: without engine, sampler or start-up check. WebGPU: `webgpu.test.ts`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, type Session } from '../harness'
import { readCases, relativeError } from './golden'
import { serveLab } from './lab'

let session: Session
let site: Awaited<ReturnType<typeof serveLab>>
beforeAll(async () => {
  session = await launch({ webgpu: false, shell: true })
  site = await serveLab()
})
afterAll(async () => {
  await session.close()
  await site.close()
})

describe.each([
  { backend: 'wasm', threads: 1, model: 'tiny', every: 1 },
  { backend: 'wasm-threads', threads: 2, model: 'tiny', every: 1 },
  { backend: 'runner', threads: 2, model: 'tiny', every: 1 },
  { backend: 'runner', threads: 1, model: 'avatars', every: 1 },
  { backend: 'runner', threads: 2, model: 'toys', every: 4 },
  // For the time: the kernels are the same, which Node checks in every case, and threads share them out.
  { backend: 'wasm-threads', threads: 2, model: 'avatars', every: 4 },
] as const)('$model on $backend', ({ backend, threads, model, every }) => {
  test('agrees with PyTorch within 1e-4 in the stored cases, and no row depends on its batch', async () => {
    const stored = readCases(model).filter(({ has }) => has('x') && has('denoised') && !has('mask'))
    const cases = stored.filter((_, index) => index % every === 0)
    expect(cases.length).toBeGreaterThan(5)
    const questions = cases.map((entry) => ({
      sigma: entry.sigma,
      class: entry.class,
      attention: entry.attention,
      x: entry.floats('x'),
    }))
    const { page } = await session.open(site.url)
    const { denoised, invariant } = await page.evaluate(
      ([id, on, count, asked]) => window.lab.ask(id, on, count, asked, { invariance: true }),
      [model, backend, threads, questions] as const,
    )
    for (const [i, { name, floats }] of cases.entries())
      expect(relativeError(denoised[i]!, floats('denoised')), name).toBeLessThan(1e-4)
    expect(invariant).toBe(true)
    session.expectClean()
    await session.reset()
  })
})
