/**
 * Networks of attentions and little else, each behind a residual block, and of none: for whatever takes seconds to compile a
 * network, as software WebGPU does. Their weights are random, and PyTorch has not answered for them.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GraphEditor } from '../../src/network/editor'
import { floatTensor, floatValue, intTensor, serializeModel } from '../../src/network/onnx'
import { addLayer, emptyModel, layerWeights, numbers, type Sizes } from '../unit/network/graphs'

const IMAGE = { channels: 8, height: 8, width: 8 }
const CLASSES = ['Left', 'Right', 'Up']
const FINE: Sizes = { height: 8, width: 8, heads: 2, headWidth: 4 }
/** A quarter of the tokens, four times as wide. */
const COARSE: Sizes = { height: 4, width: 4, heads: 2, headWidth: 16 }

/** `small`: one attention of 64 tokens and six of 16. `bare`: none. */
const LAYERS = { small: [FINE, ...Array<Sizes>(6).fill(COARSE)], bare: [] } satisfies Record<string, readonly Sizes[]>
export type SmallNetwork = keyof typeof LAYERS

const widthOf = ({ heads, headWidth }: Sizes) => heads * headWidth

/** Weights under which numbers stay of their size. */
const scaled = (values: Float32Array, inputs: number) => values.map((value) => (1.5 * value) / Math.sqrt(inputs))

const reshape = (e: GraphEditor, tensor: string, dims: readonly number[]) =>
  e.add('Reshape', [tensor, e.addInitializer(intTensor('dims', [dims.length], dims))], 'reshaped')
const swap = (e: GraphEditor, tensor: string) =>
  e.add('Transpose', [tensor], 'swapped', { attributes: { perm: { ints: [0, 2, 1] } } })

/** h + W₂ · silu(W₁ · h), then attention, on [rows, channels, height, width]. */
function block(e: GraphEditor, sizes: Sizes, seed: number, h: string): string {
  const c = widthOf(sizes)
  const convolved = (tensor: string, own: number) =>
    e.add(
      'Conv',
      [tensor, e.addInitializer(floatTensor('kernel', [c, c, 1, 1], scaled(numbers(c * c, own), c)))],
      'convolved',
    )
  const inner = convolved(h, seed)
  const active = e.add('Mul', [inner, e.add('Sigmoid', [inner], 'sigmoid')], 'silu')
  const sum = e.add('Add', [convolved(active, seed + 1), h], 'block')
  const { q, k, v, o, ...biases } = layerWeights(sizes, seed)
  const weights = { q: scaled(q, c), k: scaled(k, c), v: scaled(v, c), o: scaled(o, c), ...biases }
  const tokens = swap(e, reshape(e, sum, [-1, c, sizes.height * sizes.width]))
  const attended = addLayer(e, 'A: diffusers', sizes, weights, tokens)
  return reshape(e, swap(e, attended), [-1, c, sizes.height, sizes.width])
}

function graph(layers: readonly Sizes[]): Uint8Array {
  const e = emptyModel()
  const { channels, height, width } = IMAGE
  const dims = ['rows', channels, height, width] as const
  const x = e.addInput(floatValue('x', dims))
  const level = e.addInput(floatValue('noise_level', ['rows']))
  const classes = e.addInput(floatValue('class_weights', ['rows', CLASSES.length]))
  const table = e.addInitializer(
    floatTensor('table', [CLASSES.length, channels], numbers(CLASSES.length * channels, 9)),
  )
  const told = e.add('Add', [e.add('MatMul', [classes, table], 'class'), reshape(e, level, [-1, 1])], 'told')
  let h = e.add('Add', [x, reshape(e, told, [-1, channels, 1, 1])], 'first')
  for (const [i, sizes] of layers.entries()) {
    if (sizes !== layers[i - 1]) h = reshape(e, h, [-1, widthOf(sizes), sizes.height, sizes.width])
    h = block(e, sizes, 20 + 3 * i, h)
  }
  // As the networks of others may end, it ends in a view of another tensor, which a captured graph would give wrong on a GPU.
  const sum = e.add(
    'Add',
    [reshape(e, h, [-1, channels, height * width]), reshape(e, x, [-1, channels, height * width])],
    'sum',
  )
  e.addOutput(reshape(e, sum, [-1, channels, height, width]), floatValue('prediction', dims))
  return serializeModel(e.model)
}

/** Writes a folder into another, as `models/<id>` would be, and returns its path. */
export function writeSmallNetwork(folder: string, id: SmallNetwork): string {
  const own = join(folder, id)
  mkdirSync(own, { recursive: true })
  const bytes = graph(LAYERS[id])
  const file = 'graph.onnx'
  writeFileSync(join(own, file), bytes)
  const manifest = {
    format: 1,
    id,
    name: id,
    licence: 'MIT',
    graph: { file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
    image: IMAGE,
    preconditioning: { kind: 'edm', sigmaData: 0.5 },
    sigma: { min: 0.01, max: 80 },
    conditioning: { kind: 'class', labelDropout: false, classes: CLASSES.map((name) => ({ name })) },
    layers: LAYERS[id].map(({ height, width, heads }, index) => ({
      index,
      name: `layer ${index + 1}`,
      stage: 'middle',
      height,
      width,
      heads,
    })),
    parameters: 1,
    flops: 1,
  }
  writeFileSync(join(own, 'manifest.json'), JSON.stringify(manifest))
  return own
}
