/** The plane's layers in WebAssembly give the bits that they give in JavaScript, and the module is what its text says. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GENERATED, kernelFile } from '../../../src/cli/kernel'
import { normals } from '../../../src/core/random'
import { KERNEL } from '../../../src/plane/kernel.generated'
import { createLayers } from '../../../src/plane/layers'
import { parametersOfShape, TinyNetwork } from '../../../src/plane/network'

describe('hidden layers', () => {
  it('are computed in WebAssembly here', () => {
    const { memory } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(KERNEL, 'base64'))).exports
    expect(memory).toBeInstanceOf(WebAssembly.Memory)
    expect(createLayers(8).buffer.byteLength).toBe(65536)
    expect(createLayers(8, { plain: true }).buffer.byteLength).toBe(8)
  })

  it('give the same bits in JavaScript, of any shape and number of points', () => {
    const shapes = fc.record({
      hidden: fc.integer({ min: 1, max: 9 }).map((blocks) => 4 * blocks),
      layers: fc.integer({ min: 1, max: 3 }),
      classes: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 300 }), fc.nat(99), (shape, points, seed) => {
        const parameters = Float64Array.from(normals(seed, 0, parametersOfShape(shape)))
        const x = normals(seed, 1, 2 * points)
        const [wasm, plain] = [{}, { plain: true }].map((options) => {
          const network = new TinyNetwork(shape, parameters, options)
          const out = new Float64Array(2 * points)
          network.evaluate(x, 0.7, network.embedding(0.3, new Float32Array(shape.classes), undefined), out)
          return out
        })
        expect(wasm).toEqual(plain)
        expect(wasm!.every(Number.isFinite)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('are of the module that kernel.wat describes', async () => {
    const found = readFileSync(GENERATED, 'utf8').match(/'([A-Za-z0-9+/=]+)'/)?.[1]
    expect(await kernelFile()).toContain(found)
  })
})
