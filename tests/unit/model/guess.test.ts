/** What is proposed for networks without a manifest: from their graphs' inputs, and from what diffusers writes beside them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { interfaceOf } from '../../../src/engine/interface'
import { guess, GuessError, type GraphValue, type ProposedDescription } from '../../../src/model/guess'
import { parseManifest } from '../../../src/model/manifest'
import { parseModel } from '../../../src/network/onnx'
import { models } from '../engine/golden-files'

const configs = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../golden/diffusers-configs.json'), 'utf8'),
) as Readonly<Record<string, unknown>>
const named = (names: readonly string[]) => names.map((name) => ({ name: `${name}.json`, json: configs[name] }))
const value = (name: string, dtype: string, ...dims: readonly (number | string | null)[]): GraphValue => ({
  name,
  dtype,
  dims,
})
const image = (name: string, channels: number, side: number | string) =>
  value(name, 'float32', 'batch', channels, side, side)

const graphs = {
  ddpm: {
    inputs: [image('sample', 3, 32), value('timestep', 'int64', 'batch')],
    outputs: [image('out_sample', 3, 32)],
  },
  sd15: {
    inputs: [
      image('sample', 4, 'height'),
      value('timestep', 'int64'),
      value('encoder_hidden_states', 'float32', 'batch', 77, 768),
    ],
    outputs: [image('out_sample', 4, 'height')],
  },
  dit: {
    inputs: [
      image('hidden_states', 4, 32),
      value('timestep', 'int64', 'batch'),
      value('class_labels', 'int64', 'batch'),
    ],
    outputs: [image('sample', 8, 32)],
  },
  sd3: {
    inputs: [
      value('hidden_states', 'float16', 'batch', 16, 'h', 'w'),
      value('encoder_hidden_states', 'float16', 'batch', 333, 4096),
      value('pooled_projections', 'float16', 'batch', 2048),
      value('timestep', 'float16', 'batch'),
    ],
    outputs: [value('sample', 'float16', 'batch', 16, 'h', 'w')],
  },
  edm: {
    inputs: [
      image('x', 3, 64),
      value('noise_labels', 'float32', 'batch'),
      value('class_labels', 'float32', 'batch', 10),
    ],
    outputs: [image('F', 3, 64)],
  },
}

describe('a network of diffusers', () => {
  it('DDPM: ε at steps of linear betas, nothing asked for', () => {
    const { description, reasons, doubts } = guess({ ...graphs.ddpm, configs: named(['ddpm-unet', 'ddpm-scheduler']) })
    expect(description).toMatchObject({
      image: { channels: 3, height: 32, width: 32 },
      prediction: { kind: 'epsilon' },
      schedule: { kind: 'linear', parameters: { betaStart: 0.0001, betaEnd: 0.02, steps: 1000, zeroTerminal: false } },
      conditioning: { kind: 'none' },
      output: { name: 'out_sample', learnedVariance: false },
      latent: null,
      fixedRows: null,
    })
    expect(description.sigma).toMatchObject({ spacing: 'time' })
    expect(description.sigma.max).toBeCloseTo(157.4, 1)
    const why = (entry: string) => reasons.find((one) => one.entry === entry)?.text
    expect(why('inputs.timestep')).toBe('input timestep is int64 and a scalar for each row')
    expect(why('prediction')).toBe('ddpm-scheduler.json says prediction_type epsilon')
    expect(description.clip).toBe(1)
    expect(why('clip')).toBe('ddpm-scheduler.json says clip_sample, within ±1')
    expect(doubts.map(({ entry }) => entry)).toEqual(['range'])
  })

  it('Stable Diffusion 1.5: a latent of a text, at one step for the whole batch', () => {
    const { description, doubts } = guess({
      ...graphs.sd15,
      configs: named(['sd15-vae', 'sd15-unet', 'sd15-scheduler']),
    })
    expect(description).toMatchObject({
      image: { channels: 4, height: 64, width: 64 },
      prediction: { kind: 'epsilon' },
      schedule: { kind: 'scaled-linear', parameters: { betaStart: 0.00085, betaEnd: 0.012 } },
      conditioning: { kind: 'text' },
      latent: { factor: 0.18215, shift: 0, decoder: null },
      dataDeviation: 1,
    })
    expect(description.sigma.max).toBeCloseTo(14.61, 1)
    expect(description.inputs.map(({ meaning }) => meaning)).toEqual(['sample', 'noise-level', 'embedding'])
    expect(description.inputs[1]!.dims).toEqual([])
    expect(doubts).toEqual([])
  })

  it('DiT: a class by its index, with one for none, and a learned variance', () => {
    const { description } = guess({ ...graphs.dit, configs: named(['dit', 'dit-scheduler']) })
    expect(description).toMatchObject({
      conditioning: { kind: 'class', count: 1000, labelDropout: true },
      output: { name: 'sample', learnedVariance: true },
      schedule: { kind: 'linear' },
    })
  })

  it.each([
    [undefined, { count: 1000, labelDropout: false }],
    [10, { count: 10, labelDropout: false }],
    [1001, { count: 1000, labelDropout: true }],
  ])('a class whose table has %s entries, where no file says how many there are', (table, classes) => {
    const inputs = graphs.dit.inputs.map((input) =>
      input.name === 'class_labels' && table !== undefined ? { ...input, table } : input,
    )
    const { description, doubts } = guess({ ...graphs.dit, inputs })
    expect(description.conditioning).toEqual({ kind: 'class', ...classes })
    expect(doubts.some(({ entry }) => entry === 'conditioning')).toBe(true)
  })

  it('SD3: a flow with a shift, two embeddings, half precision', () => {
    const { description } = guess({ ...graphs.sd3, configs: named(['sd3', 'sd3-scheduler', 'sd3-vae']) })
    expect(description).toMatchObject({
      image: { channels: 16, height: 128, width: 128 },
      prediction: { kind: 'flow', parameters: { towardsData: false } },
      schedule: { kind: 'flow', parameters: { factor: 1000, shift: 3, reversed: false } },
      latent: { factor: 1.5305, shift: 0.0609 },
      conditioning: { kind: 'text' },
    })
    expect(description.inputs.map(({ meaning, dtype }) => `${meaning} ${dtype}`)).toEqual([
      'sample float16',
      'noise-level float16',
      'embedding float16',
      'embedding float16',
    ])
  })

  it('NCSN++: a score, told σ', () => {
    const { description } = guess({
      inputs: [image('sample', 3, 256), value('timestep', 'float32')],
      outputs: [image('out', 3, 256)],
      configs: named(['ncsnpp-unet', 'ncsnpp-scheduler']),
    })
    expect(description).toMatchObject({
      prediction: { kind: 'score' },
      schedule: { kind: 'sigma' },
      sigma: { min: 0.01, max: 1348 },
    })
  })

  it('any with EDM’s scheduler is EDM’s F; one rescaled to zero SNR predicts v', () => {
    expect(guess({ ...graphs.ddpm, configs: named(['edm-scheduler']) }).description).toMatchObject({
      prediction: { kind: 'edm', parameters: { sigmaData: 0.5 } },
      schedule: { kind: 'edm' },
      sigma: { min: 0.002, max: 80, rho: 7 },
    })
    expect(guess({ ...graphs.ddpm, configs: named(['zero-snr-scheduler']) }).description).toMatchObject({
      prediction: { kind: 'v' },
      schedule: { kind: 'scaled-linear', parameters: { zeroTerminal: true } },
    })
  })

  it('takes a scheduler’s word before the network’s, in whatever order the files come', () => {
    const both = ['ncsnpp-unet', 'ddpm-scheduler']
    const [one, other] = [both, [...both].reverse()].map((names) => guess({ ...graphs.ddpm, configs: named(names) }))
    expect(one!.description).toEqual(other!.description)
    expect(one!.description.prediction.kind).toBe('epsilon')
  })
})

describe('a graph alone', () => {
  const doubted = (guessed: { readonly doubts: readonly { readonly entry: string }[] }) =>
    guessed.doubts.map(({ entry }) => entry).sort()

  it('of training steps is taken for DDPM’s, and doubted', () => {
    const guessed = guess(graphs.ddpm)
    expect(guessed.description).toMatchObject({ prediction: { kind: 'epsilon' }, schedule: { kind: 'linear' } })
    expect(doubted(guessed)).toEqual(['prediction', 'range', 'schedule'])
  })

  it('of EDM is known by its names, with one-hot classes', () => {
    const guessed = guess(graphs.edm)
    expect(guessed.description).toMatchObject({
      prediction: { kind: 'edm' },
      schedule: { kind: 'edm' },
      conditioning: { kind: 'class', count: 10, labelDropout: false },
    })
    expect(doubted(guessed)).toContain('conditioning')
  })

  it('of four channels is a latent whose factor is asked for', () => {
    expect(doubted(guess(graphs.dit))).toEqual(['conditioning', 'latent', 'prediction', 'schedule'])
  })

  it('with a batch of two baked in says so', () => {
    const { description } = guess({
      inputs: [value('x', 'float32', 2, 3, 8, 8), value('t', 'float32', 2), value('y', 'int64', 2)],
      outputs: [value('e', 'float32', 2, 3, 8, 8)],
    })
    expect(description.fixedRows).toBe(2)
    expect(description.inputs.map(({ dims }) => dims[0])).toEqual(['rows', 'rows', 'rows'])
  })

  it('with SDXL’s sizes, a guidance scale, a mask and a stranger gives them numbers, and doubts what it made up', () => {
    const guessed = guess({
      inputs: [
        ...graphs.sd15.inputs.map((one) => (one.name === 'sample' ? image('sample', 4, 16) : one)),
        value('time_ids', 'float32', 'batch', 6),
        value('guidance', 'float32', 'batch'),
        value('encoder_attention_mask', 'int64', 'batch', 77),
        value('wobble', 'float32', 'batch', 5),
      ],
      outputs: graphs.sd15.outputs,
    })
    const values = Object.fromEntries(guessed.description.inputs.map((one) => [one.name, one.values]))
    expect(values).toMatchObject({
      time_ids: [128, 128, 0, 0, 128, 128],
      guidance: [3.5],
      encoder_attention_mask: [1],
      wobble: [0],
    })
    expect(doubted(guessed)).toEqual(expect.arrayContaining(['inputs.time_ids', 'inputs.guidance', 'inputs.wobble']))
    expect(doubted(guessed)).not.toContain('inputs.encoder_attention_mask')
  })

  it('of ours is described as its manifest does', () => {
    const folder = join(models, 'tiny')
    const model = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
    const { description } = guess(interfaceOf(parseModel(readFileSync(join(folder, model.graph.file)))))
    for (const key of [
      'image',
      'prediction',
      'schedule',
      'output',
      'range',
      'latent',
      'fixedRows',
      'dataDeviation',
    ] as const)
      expect(description[key], key).toEqual(model[key])
    const offset = {
      name: 'embedding_offset',
      meaning: 'constant',
      dtype: 'float32',
      dims: ['rows', model.embedding!.width],
      values: [0],
    }
    expect(description.inputs).toEqual([...model.inputs, offset])
    expect(description.conditioning).toEqual({ kind: 'class', count: 10, labelDropout: false })
  })

  it.each([
    ['no image', { ...graphs.ddpm, inputs: [value('t', 'float32', 'b')] }, 'No input is an image'],
    [
      'packed tokens',
      { ...graphs.ddpm, inputs: [value('hidden_states', 'float32', 'b', 1024, 64)] },
      'tokens in a row, not an image',
    ],
    ['no size', { ...graphs.sd15, configs: [] }, 'The height of the input sample is left to run time'],
    [
      'a noise level of another type',
      { ...graphs.ddpm, inputs: [image('x', 3, 8), value('t', 'int32', 'b')] },
      'The input t is int32',
    ],
    ['no noise level', { ...graphs.ddpm, inputs: [image('x', 3, 8)] }, 'No input is named as a noise level'],
    ['an output of other channels', { ...graphs.ddpm, outputs: [image('out', 5, 32)] }, 'has 5 channels for 3 of x'],
    ['no output', { ...graphs.ddpm, outputs: [] }, 'has no output'],
    [
      'a text of unknown length',
      {
        ...graphs.ddpm,
        inputs: [...graphs.ddpm.inputs, value('context', 'float32', 'b', 'length', 8)],
      },
      'its axis 1 is left to run time',
    ],
  ])('with %s is refused, and says why', (_, from, message) => {
    expect(() => guess(from)).toThrow(GuessError)
    expect(() => guess(from)).toThrow(message)
  })
})

describe('what is guessed', () => {
  const file = (name: string) => ({ file: name, bytes: 1, sha256: 'a'.repeat(64) })
  const conditioningOf = ({ conditioning }: ProposedDescription) => {
    switch (conditioning.kind) {
      case 'class':
        return {
          kind: 'class',
          labelDropout: conditioning.labelDropout,
          classes: Array.from({ length: conditioning.count }, (__, i) => ({ name: String(i) })),
        }
      case 'text':
        return { kind: 'text', prompts: ['', 'a cat'], embeddings: file('prompts.safetensors') }
      case 'none':
        return conditioning
      default:
        return conditioning satisfies never
    }
  }

  it.each(Object.entries(graphs))('of %s is a manifest, once named', (id, graph) => {
    const { description } = guess({
      ...graph,
      configs: named(id === 'sd15' ? ['sd15-unet'] : id === 'sd3' ? ['sd3'] : []),
    })
    const model = parseManifest({
      format: 1,
      id,
      name: id,
      licence: 'MIT',
      graph: file('graph.onnx'),
      layers: [],
      parameters: 1,
      flops: 1,
      ...description,
      conditioning: conditioningOf(description),
    })
    const { conditioning: _, ...rest } = description
    expect(model).toMatchObject(rest)
    expect(model.golden).toBeNull()
    expect(model.weights).toEqual(model.graph)
  })
})
