/** The worker of feature networks and the page's handle on it, over a network that takes the mean of each colour. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { floatValue, serializeModel } from '../../../src/network/onnx'
import { readNpz } from '../../../src/storage/read-npz'
import type { WorkerPort } from '../../../src/worker/client/parts'
import { createFeaturesClientFrom } from '../../../src/worker/features/client'
import { parseOrder } from '../../../src/worker/features/messages'
import { FeatureService } from '../../../src/worker/features/service'
import { emptyModel } from '../network/graphs'

const SIZE = { channels: 1, height: 4, width: 4 }
const image = (value: number) => new Float32Array(16).fill(value)

/** Of pictures of any side, unless one is told; `pooled`: the mean is taken in the graph, or left to who reads it. */
function meansOfColours({
  inputs = 1,
  side = 224,
  pooled = true,
}: { inputs?: number; side?: number | 'side'; pooled?: boolean } = {}): File {
  const e = emptyModel()
  const picture = e.addInput(floatValue('picture', ['rows', 3, side, side]))
  for (let more = 1; more < inputs; more++) e.addInput(floatValue(`more${more}`, [1]))
  const features = e.add(pooled ? 'GlobalAveragePool' : 'Identity', [picture], 'mean')
  e.addOutput(features, floatValue('features', ['rows', 3, pooled ? 1 : side, pooled ? 1 : side]))
  return new File([Uint8Array.from(serializeModel(e.model))], 'means.onnx')
}

/** A client whose worker is a service in this thread; messages are cloned as between threads. */
function client() {
  const listeners: ((event: MessageEvent) => void)[] = []
  const service = new FeatureService({
    post: (answer) => {
      // A File is not cloned by Node; answers hold none.
      for (const listener of listeners) listener({ data: structuredClone(answer) } as MessageEvent)
    },
    start: async () => ({ runtime: { InferenceSession, Tensor }, sessionOptions: { executionProviders: ['cpu'] } }),
  })
  const port = {
    postMessage: (data: unknown) => void service.handle(parseOrder(data)),
    addEventListener: (kind: string, listener: (event: MessageEvent) => void) => {
      if (kind === 'message') listeners.push(listener)
    },
    terminate: () => undefined,
  } as unknown as WorkerPort
  return createFeaturesClientFrom(port)
}

describe('a feature network on the page', () => {
  it('sees images, makes a reference of them, and measures others against it', async () => {
    const own = client()
    expect(await own.open(meansOfColours(), 'dinov2', null)).toMatchObject({ reference: null })
    const values = [-0.5, -0.1, 0.3, 0.9, 0]
    const features = await own.see(values.map(image), SIZE)
    features.forEach((of, i) => {
      const byte = Math.round(values[i]! * 127.5 + 127.5)
      expect(of[0]).toBeCloseTo((byte / 255 - 0.485) / 0.229, 3)
      expect(of[2]).toBeCloseTo((byte / 255 - 0.406) / 0.225, 3)
    })
    await expect(own.measure([features])).rejects.toThrow('no reference')

    const saved = await own.save(features)
    expect(Object.keys(readNpz(saved)).sort()).toEqual(['feats', 'mu', 'sigma'])
    const again = await own.open(meansOfColours(), 'dinov2', new File([saved], 'own.npz'))
    expect(again.reference).toEqual({ width: 3, count: 5, features: true })
    const darker = await own.see([-0.9, -0.8, -0.7, -0.6].map(image), SIZE)
    const [same, other] = await own.measure([features, darker])
    expect(Math.abs(same!['FD-DINOv2']!.whole)).toBeLessThan(1e-9)
    expect(other!['FD-DINOv2']!.whole).toBeGreaterThan(1)
    expect(other!.KID!.whole).toBeGreaterThan(same!.KID!.whole)
    // Another way to prepare pictures is another judge.
    expect(again.digest).toMatch(/^dinov2 [0-9a-f]{64}$/)
  })

  it('takes the mean of features that lie on a plane, and gives those of CMMD the length 1', async () => {
    const own = client()
    const values = [-0.5, 0.4]
    await own.open(meansOfColours(), 'dinov2', null)
    const pooled = await own.see(values.map(image), SIZE)
    await own.open(meansOfColours({ pooled: false }), 'dinov2', null)
    const left = await own.see(values.map(image), SIZE)
    left.forEach((of, i) => of.forEach((value, c) => expect(value).toBeCloseTo(pooled[i]![c]!, 3)))
    await own.open(meansOfColours({ side: 'side' }), 'cmmd', null)
    for (const of of await own.see(values.map(image), SIZE)) {
      expect(of.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5)
      expect(Math.abs(of[0]!)).toBeLessThan(0.9)
    }
  })

  it('says in a sentence what can’t be used, and is of use afterwards', async () => {
    const own = client()
    await expect(own.see([image(0)], SIZE)).rejects.toThrow('No feature network is open.')
    await expect(own.open(new File(['nothing'], 'a.onnx'), 'dinov2', null)).rejects.toThrow("can't be opened")
    await expect(own.open(meansOfColours({ inputs: 2 }), 'dinov2', null)).rejects.toThrow('has 2 inputs')
    const spoilt = new File(['PK'], 'b.npz')
    await expect(own.open(meansOfColours(), 'dinov2', spoilt)).rejects.toThrow('b.npz is no reference')
    await own.open(meansOfColours(), 'clean-fid', null)
    await expect(own.see([image(0)], SIZE)).rejects.toThrow("can't take [1, 3, 299, 299]")
    await expect(own.see([new Float32Array(32)], { ...SIZE, channels: 2 })).rejects.toThrow('2 channels')
    await own.open(meansOfColours(), 'dinov2', null)
    expect(await own.see([image(0)], SIZE)).toHaveLength(1)
  })
})
