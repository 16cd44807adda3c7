/**
 * Handles beside the maps in anybody's graph: the embedding, branches and tokens are found as the network's author knows them, and proved.
 * A few kinds in `npm test`; all exports, compared between exporters, with HANDLES=all.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { openGraph } from '../../src/engine/open-graph'
import { findHandles, type Handles } from '../../src/network/handles/find'
import { findMaps } from '../../src/network/maps/find'
import { copyModel } from '../../src/network/onnx'
import { exportNames, readExport } from '../support/export-files'
import { batchOf, feedsOf, load } from '../support/export-graphs'

const folder = process.env['EXPORTS'] ?? ''
const open = openGraph({ InferenceSession, Tensor }, null, { executionProviders: ['cpu'], logSeverityLevel: 4 })

/** Fused and opened, with a text beside, time as a token, one row at a time, keys that are parameters, blocks of three branches. */
const FEW = new Set([
  'bert-legacy17-fused',
  'sd3-legacy17-fused',
  'uvit-legacy20',
  'one-row-dynamo20',
  'memory-legacy17',
  'ldm-legacy17',
])
const names = exportNames(folder).filter((name) => process.env['HANDLES'] === 'all' || FEW.has(name))

interface Truth {
  /** Width of the embedding of the time; null: it is told none. */
  readonly embedding: number | null
  /** A letter for each layer that can be guided: a, its attention can be left out; b, its block; B, its block alone, since they share an addition; d, dropout acts in the block before it. */
  readonly layers: readonly ('' | 'a' | 'ab' | 'abd' | 'B')[]
}

const seven = <T>(value: T) => Array<T>(7).fill(value)
const BODY: Truth = { embedding: 16, layers: ['a', 'a', 'a'] }

/** By the networks' modules. */
const TRUTH: Readonly<Record<string, Truth>> = {
  UNet2DModel: { embedding: 32, layers: seven('abd') },
  UNet2DConditionModel: { embedding: 32, layers: ['ab', 'ab', 'ab', 'ab'] },
  // Each block embeds the time itself: what they share is its waves.
  DiTTransformer2DModel: { embedding: 256, layers: ['ab', 'ab', 'ab'] },
  // The second attention of a dual block is in the block of the first.
  'SD3Transformer2DModel with a dual block': { embedding: 16, layers: ['ab', 'a', 'ab'] },
  SD3Transformer2DModel: { embedding: 16, layers: ['ab', 'ab'] },
  // Single blocks add attention and feed-forward together.
  FluxTransformer2DModel: { embedding: 16, layers: ['ab', 'B', 'B'] },
  PixArtTransformer2DModel: { embedding: 16, layers: ['ab', 'ab'] },
  // Its feed-forward reads the attention’s sum, and is added to what came before both.
  AuraFlowTransformer2DModel: { embedding: 16, layers: ['a', 'a', 'a'] },
  PRXTransformer2DModel: { embedding: 16, layers: ['ab', 'ab'] },
  // Linear attention alone.
  SanaTransformer2DModel: { embedding: 16, layers: [] },
  'attention without a softmax over tokens': { embedding: 16, layers: ['a', 'a'] },
  "timm's VisionTransformer with registers": { embedding: null, layers: ['ab', 'ab'] },
  "timm's SwinTransformer": { embedding: null, layers: ['ab', 'ab', 'ab'] },
  "MONAI's DiffusionModelUNet": { embedding: 32, layers: ['abd', 'abd', 'abd', 'abd'] },
  "MONAI's DiffusionModelUNet with a text": { embedding: 32, layers: ['ab', 'ab', 'ab', 'ab'] },
  "a network with EDM's attention": BODY,
  "a network with ADM's QKVAttentionLegacy": BODY,
  "a network with ADM's QKVAttention": BODY,
  "a network with score-SDE's attention (DDPM++)": BODY,
  "a network with HDiT's attention": BODY,
  'plain attention, a fixed number of rows': BODY,
  "a network with LDM's attentions": { embedding: 16, layers: ['a', 'ab'] },
  'U-ViT': { embedding: 16, layers: ['ab', 'ab', 'ab'] },
  "blocks of BERT's form over pixels": { embedding: 16, layers: ['ab', 'ab'] },
  // The fifth and sixth share a branch, the seventh has none.
  'forms of self-attention: cast, keys first, map second, shared keys, no residual': {
    embedding: 16,
    layers: ['a', 'a', 'a', 'a', '', 'a', ''],
  },
  "learned keys beside and instead of the image's": { embedding: 16, layers: ['a', 'a', 'a'] },
  'UNet2DConditionModel with added keys': { embedding: 32, layers: ['abd', 'abd', 'abd', 'abd'] },
  'UNet2DConditionModel with added keys of an image': { embedding: 32, layers: ['abd', 'abd', 'abd', 'abd'] },
  'softmaxes written out: exponentials over their sum, of a log-softmax': { embedding: 16, layers: ['a', 'a', 'a'] },
  // What follows on the same tokens is the first residual block of the way up, whose convolution is of each channel by itself.
  StableCascadeUNet: { embedding: 24, layers: ['a', 'ab', 'a', 'a'] },
}

/** How far each change moved the output of a network, from its first export. */
const effects = new Map<string, readonly number[]>()
const effectsOf = ({ layers }: Handles) =>
  layers.flatMap(({ attention, block, tokens }) =>
    [attention, block, tokens].flatMap((one) => (one.kind === 'proved' ? [one.effect] : [])),
  )

describe.each(names)('%s', (name) => {
  it('has the handles that its author knows, each proved', async () => {
    const exported = readExport(folder, name)
    const original = load(exported)
    const { embedding, layers } = TRUTH[exported.network]!
    const feeds = (rows: number) => feedsOf(exported, original, 0, rows)
    const sample = exported.inputs.find((input) => exported.tensor(`input:${input}`).dims.length >= 3)!
    const noise = exported.inputs.find((input) => /^t(imestep(s|_ratio)?)?$/.test(input)) ?? null
    const ask = {
      open,
      feeds,
      batch: batchOf(original),
      output: original.graph!.output[0]!.name,
      weights: null,
      most: 2,
    }
    const { model, layers: found } = await findMaps({ ...ask, model: copyModel(original), sample })
    const handles = await findHandles({ ...ask, original, model, layers: found, noise })
    expect(handles.embedding).toMatchObject(
      embedding === null ? { kind: 'refused' } : { kind: 'found', width: embedding },
    )
    expect(handles.noise.kind).toBe(embedding === null ? 'refused' : 'proved')
    const letters = handles.layers.map(({ attention, block, dropout }) =>
      [
        attention.kind === 'proved' ? (block.kind === 'proved' ? 'ab' : 'a') : block.kind === 'proved' ? 'B' : '',
        dropout.kind === 'proved' ? 'd' : '',
      ].join(''),
    )
    expect(letters, JSON.stringify(handles.layers)).toEqual(layers)
    for (const { tokens } of handles.layers) expect(tokens).toMatchObject({ kind: 'proved' })
    const before = effects.get(exported.network)
    const own = effectsOf(handles)
    if (!before) effects.set(exported.network, own)
    else
      for (const [i, effect] of own.entries()) expect(effect / before[i]!).toBeCloseTo(1, exported.error > 1e-3 ? 0 : 2)
  }, 300_000)
})
