/** Attention over a picture as strangers' networks have it, put together by the test, and what is found in it. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { openGraph } from '../../../src/engine/open-graph'
import type { GraphEditor } from '../../../src/network/editor'
import { findMaps } from '../../../src/network/maps/find'
import type { Feeds } from '../../../src/network/maps/types'
import { copyModel, declaredShape, floatTensor, floatValue, intTensor } from '../../../src/network/onnx'
import { emptyModel, numbers } from './graphs'

export const [height, width, c] = [4, 6, 4]
export const n = height * width
export const open = openGraph({ InferenceSession, Tensor }, null, { intraOpNumThreads: 1, logSeverityLevel: 3 })

export const reshape = (e: GraphEditor, tensor: string, dims: readonly number[]) =>
  e.add('Reshape', [tensor, e.addInitializer(intTensor('dims', [dims.length], dims))], 'reshaped')
export const transpose = (e: GraphEditor, tensor: string, perm: readonly number[]) =>
  e.add('Transpose', [tensor], 'turned', { attributes: { perm: { ints: perm } } })
export const project = (e: GraphEditor, tensor: string) =>
  e.add(
    'MatMul',
    [tensor, e.addInitializer(floatTensor('weight', [c, c], numbers(c * c, e.graph.node.length)))],
    'made',
  )
export const products = (e: GraphEditor, tensor: string, perm: readonly number[]) =>
  e.add('MatMul', [project(e, tensor), transpose(e, project(e, tensor), perm)], 'products')
export const softmax = (e: GraphEditor, scores: string) =>
  e.add('Softmax', [scores], 'map', { attributes: { axis: { int: -1 } } })

/** What is found in a graph from an image x to the same; `attend` gets its pixels [rows, N, c]. */
export async function surveyed(
  attend: (e: GraphEditor, pixels: string) => string,
  image = (_e: GraphEditor, x: string) => x,
) {
  const e = emptyModel()
  const x = image(e, e.addInput(floatValue('x', ['rows', c, height, width])))
  const pixels = transpose(e, reshape(e, x, [-1, c, n]), [0, 2, 1])
  const out = e.add('Add', [attend(e, pixels), pixels], 'sum')
  const y = reshape(e, transpose(e, out, [0, 2, 1]), [-1, c, height, width])
  e.addOutput(y, floatValue('y', ['rows', c, height, width]))
  const feeds = (rows: number): Feeds =>
    Object.fromEntries(
      e.graph.input.map((value, i) => {
        const dims = [rows, ...declaredShape(value)!.slice(1).map(Number)]
        const data = numbers(
          dims.reduce((a, b) => a * b, 1),
          i,
        )
        return [value.name, { type: 'float32', dims, data }]
      }),
    )
  const ask = { open, feeds, batch: null, original: copyModel(e.model) }
  return { ...ask, ...(await findMaps({ ...ask, model: e.model, sample: 'x' })) }
}
export const told = async (...of: Parameters<typeof surveyed>) => (await surveyed(...of)).layers
export const verdicts = async (...of: Parameters<typeof surveyed>) => (await told(...of)).map(({ verdict }) => verdict)

export const plain = (e: GraphEditor, tokens: string) =>
  e.add('MatMul', [softmax(e, products(e, tokens, [0, 2, 1])), tokens], 'sums')
