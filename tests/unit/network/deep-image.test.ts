/** Attention far from the image it is over: tokens are followed past attentions before it, whatever those do to them in a row. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { openGraph } from '../../../src/engine/open-graph'
import type { GraphEditor } from '../../../src/network/editor'
import { exampleFeeds } from '../../../src/network/maps/example-feeds'
import { findMaps } from '../../../src/network/maps/find'
import { floatTensor, floatValue, intTensor } from '../../../src/network/onnx'
import { emptyModel, numbers } from './graphs'

const [height, width, channels] = [4, 6, 4]
const open = openGraph({ InferenceSession, Tensor }, null, { intraOpNumThreads: 1, logSeverityLevel: 4 })

const ints = (e: GraphEditor, values: readonly number[]) => e.addInitializer(intTensor('ints', [values.length], values))

function convolution(e: GraphEditor, x: string, out: number, kernel: readonly number[]): string {
  const dims = [out, channels, ...kernel]
  const count = dims.reduce((a, b) => a * b, 1)
  const weights = e.addInitializer(floatTensor('weights', dims, numbers(count, count)))
  const pads = [...kernel, ...kernel].map((taps) => (taps - 1) / 2)
  return e.add('Conv', [x, weights], 'convolved', { attributes: { pads: { ints: pads } } })
}

/** ADM's: tokens in a row, projected by convolutions over that row. */
function attention(e: GraphEditor, image: string): string {
  const row = e.add('Reshape', [image, ints(e, [0, channels, height * width])], 'row')
  const part = (i: number) => {
    const bounds = [i * channels, (i + 1) * channels, 1].map((value) => ints(e, [value]))
    return e.add('Slice', [qkv, ...bounds], 'part')
  }
  const turned = (tensor: string) =>
    e.add('Transpose', [tensor], 'turned', { attributes: { perm: { ints: [0, 2, 1] } } })
  const qkv = convolution(e, row, 3 * channels, [1])
  const map = e.add('Softmax', [e.add('MatMul', [turned(part(0)), part(1)], 'scores')], 'map', {
    attributes: { axis: { int: -1 } },
  })
  const sums = e.add('MatMul', [part(2), turned(map)], 'sums')
  const whole = e.add('Add', [row, convolution(e, sums, channels, [1])], 'whole')
  return e.add('Reshape', [whole, ints(e, [0, channels, height, width])], 'image')
}

it('the second of two, behind many convolutions, has the grid of the image', async () => {
  const e = emptyModel()
  let image = e.addInput(floatValue('x', ['rows', channels, height, width]))
  for (let i = 0; i < 40; i++) image = e.add('Relu', [convolution(e, image, channels, [3, 3])], 'relu')
  for (let i = 0; i < 3; i++) image = attention(e, image)
  e.addOutput(image, floatValue('y', ['rows', channels, height, width]))
  const { layers } = await findMaps({ model: e.model, open, ...exampleFeeds(e.model) })
  expect(layers.map(({ verdict, image: at }) => [verdict.kind, at?.grid])).toEqual(
    layers.map(() => ['ready', { height, width }]),
  )
  expect(layers).toHaveLength(3)
})
