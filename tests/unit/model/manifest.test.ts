/** What a manifest may say, and what a person is told where it is wrong. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GoldenError, parseGolden, relativeError } from '../../../src/engine/golden'
import { filesOf, ManifestError, parseManifest } from '../../../src/model/manifest'
import { adapterOf } from '../../../src/model/adapter'
import { models } from '../engine/golden-files'

const shipped = (id: string) =>
  JSON.parse(readFileSync(join(models, id, 'manifest.json'), 'utf8')) as Record<string, unknown>

describe('manifest', () => {
  it.each(['tiny', 'avatars', 'toys'])('of %s is understood', (id) => {
    const model = parseManifest(shipped(id))
    expect(model).toMatchObject({
      id,
      prediction: { kind: 'edm', parameters: { sigmaData: 0.5 } },
      schedule: { kind: 'edm', parameters: { sigmaData: 0.5 } },
      output: { name: 'prediction', learnedVariance: false },
      range: { low: -1, high: 1 },
      dataDeviation: 0.5,
      conditioning: { kind: 'class', labelDropout: false },
    })
    expect(model.layers.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(model.layers.map(({ stage }) => stage)).toEqual([
      'encoder',
      'encoder',
      'encoder',
      'middle',
      'decoder',
      'decoder',
      'decoder',
    ])
    expect(model.conditioning.classes).toHaveLength(10)
  })

  it.each([
    ['format', { format: 2 }, 'format: must be 1'],
    ['a missing entry', { graph: undefined }, 'graph'],
    [
      'a path',
      { graph: { file: '../graph.onnx', bytes: 1, sha256: '0'.repeat(64) } },
      'graph.file: must be a file name without a path',
    ],
    ['a hash', { weights: { file: 'w.bin', bytes: 1, sha256: 'abc' } }, 'weights.sha256: must be a SHA-256'],
    ['an empty range', { sigma: { min: 80, max: 0.005, rho: 7 } }, 'sigma: min must be below max'],
    ['a preconditioning', { preconditioning: { kind: 'vp', sigmaData: 1 } }, 'preconditioning.kind: must be "edm"'],
    [
      'chosen seeds of too few classes',
      { chosen: { preset: {}, criterion: 'better', tried: 9, helps: 0.5, harms: 0.1, classes: [] } },
      'chosen.classes: must have an entry for each of the 10 classes',
    ],
    [
      'a share of seeds',
      { chosen: { preset: {}, criterion: 'better', tried: 9, helps: 50, harms: 0.1, classes: [] } },
      'chosen.helps: must be a share',
    ],
    [
      'layers out of order',
      { layers: [{ index: 1, name: 'a', stage: 'middle', height: 8, width: 8, heads: 1 }] },
      'layers: indices must be 0, 1, 2',
    ],
  ])('with %s wrong is refused, and says where and what to do', (_, change, message) => {
    const parse = () => parseManifest({ ...shipped('tiny'), ...change })
    expect(parse).toThrow(ManifestError)
    expect(parse).toThrow(message)
    expect(parse).toThrow(/^manifest\.json of tiny: .*Export the model again/)
  })

  const hash = (digit: string) => digit.repeat(64)
  const entry = (file: string, digit: string) => ({ file, bytes: 10, sha256: hash(digit) })
  const own = shipped('tiny') as {
    graph: unknown
    weights: unknown
    image: { height: number }
    layers: { height: number; heads: number }[]
  }
  const main = {
    id: 'main',
    name: 'Main',
    role: 'main',
    graph: own.graph,
    weights: own.weights,
    parameters: 5,
    flops: 6,
    heads: own.layers.map(({ heads }) => heads),
    labelDropout: false,
    samples: 400,
    sigmaRel: 0.05,
    averages: [
      { sigmaRel: 0.05, samples: 400, weights: own.weights },
      { sigmaRel: 0.1, samples: 400, weights: entry('ema-100.bin', '1') },
    ],
  }
  const early = {
    ...main,
    id: 'main-1-8',
    role: 'snapshot',
    weights: entry('early.bin', '2'),
    samples: 50,
    sigmaRel: null,
    averages: [],
  }

  it('of one network need not list it', () => {
    const { networks: _n, crops: _c, embedding: _e, vision: _v, ...old } = shipped('tiny')
    const model = parseManifest(old)
    expect(model).toMatchObject({ crops: [], embedding: null, vision: null })
    const { graph, weights, parameters, flops } = model
    const heads = own.layers.map((layer) => layer.heads)
    expect(model.networks).toEqual([
      {
        id: 'main',
        name: 'Main',
        role: 'main',
        graph,
        weights,
        parameters,
        flops,
        heads,
        labelDropout: false,
        samples: 0,
        sigmaRel: null,
        averages: [],
      },
    ])
  })

  it('of a family is understood, and every file is listed once', () => {
    const crops = [{ height: 8, width: 8, graph: entry('crop.onnx', '3') }]
    const vision = { graph: entry('vision.onnx', '4'), weights: entry('vision.bin', '5'), height: 16, width: 16 }
    const embedding = { width: 16, noiseDeviation: 0.4, classDeviation: 0.2 }
    const renders = { sheet: entry('renders.png', '7'), rows: 12 }
    const model = parseManifest({ ...shipped('tiny'), networks: [main, early], crops, vision, embedding, renders })
    expect(model).toMatchObject({ networks: [main, early], crops, vision, embedding })
    expect(model.renders).toEqual({ ...renders, look: null })
    expect(
      filesOf(model)
        .map(({ file }) => file)
        .sort(),
    ).toEqual(
      [
        'crop.onnx',
        'early.bin',
        'ema-100.bin',
        model.golden!.file,
        model.graph.file,
        'renders.png',
        'vision.bin',
        'vision.onnx',
        model.weights.file,
      ].sort(),
    )
  })

  it.each([
    ['no network', { networks: [] }, 'networks: the first must have the id main'],
    ['another network first', { networks: [early, main] }, 'networks: the first must have the id main'],
    ['an id twice', { networks: [main, early, early] }, 'networks: ids must differ'],
    [
      'main made of other files',
      { networks: [{ ...main, weights: entry('other.bin', '6') }] },
      'networks.0: the files of main',
    ],
    ['two words on label dropout', { networks: [{ ...main, labelDropout: true }] }, 'networks.0.labelDropout'],
    [
      'a network that lacks heads',
      { networks: [main, { ...early, heads: [] }] },
      'networks.1.heads: must have an entry for each of',
    ],
    [
      'two words on heads',
      { networks: [{ ...main, heads: main.heads.map((heads) => heads + 1) }] },
      'networks.0.heads: must be those of layers',
    ],
    [
      'a copy of nothing',
      { networks: [main, { ...early, tunedFrom: 'teacher' }] },
      'networks.1.tunedFrom: there is no network teacher',
    ],
    ['an unknown role', { networks: [{ ...main, role: 'teacher' }] }, 'networks.0.role: must be one of main, snapshot'],
    [
      'a hash of a network',
      { networks: [main, { ...early, weights: { ...early.weights, sha256: 'x' } }] },
      'networks.1.weights.sha256: must be a SHA-256',
    ],
    [
      'an average too long',
      { networks: [{ ...main, averages: [{ sigmaRel: 0.5, samples: 1, weights: own.weights }] }] },
      'networks.0.averages.0.sigmaRel: must be at most 0.289',
    ],
    ['an average of no length', { networks: [{ ...main, sigmaRel: 0 }] }, 'networks.0.sigmaRel: must be positive'],
    [
      'an average twice',
      { networks: [{ ...main, averages: [main.averages[0], main.averages[0]] }] },
      'networks.0.averages: no two may have the same',
    ],
    [
      'one file name for two files',
      { networks: [main, { ...early, weights: entry('ema-100.bin', '7') }] },
      'ema-100.bin: is listed with different',
    ],
    [
      'a crop as large as the image',
      { crops: [{ height: 16, width: 16, graph: entry('crop.onnx', '3') }] },
      'crops.0: 16 × 16 must be smaller than the image of 16 × 16',
    ],
    [
      'a crop longer than the image',
      { crops: [{ height: 32, width: 4, graph: entry('crop.onnx', '3') }] },
      'crops.0: 32 × 4 must be smaller',
    ],
    [
      'a crop that cuts tokens',
      { crops: [{ height: 6, width: 6, graph: entry('crop.onnx', '3') }] },
      'crops.0: the layers’ tokens do not divide',
    ],
    [
      'crops out of order',
      { crops: [4, 8].map((side) => ({ height: side, width: side, graph: entry('crop.onnx', '3') })) },
      'crops: must be in order, largest first',
    ],
    [
      'a vision transformer without weights',
      { vision: { graph: entry('v.onnx', '4'), height: 16, width: 16 } },
      'vision.weights',
    ],
    [
      'an embedding without spread',
      { embedding: { width: 16, noiseDeviation: 0, classDeviation: 1 } },
      'embedding.noiseDeviation: must be positive',
    ],
  ])('of a family with %s is refused, and says where and what to do', (_, change, message) => {
    const { networks: _n, crops: _c, embedding: _e, vision: _v, ...old } = shipped('tiny')
    const parse = () => parseManifest({ ...old, ...change })
    expect(parse).toThrow(ManifestError)
    expect(parse).toThrow(message)
    expect(parse).toThrow(/^manifest\.json of tiny: .*Export the model again/)
  })

  it.each([null, 'text', []])('%j is refused', (value) => {
    expect(() => parseManifest(value)).toThrow(ManifestError)
  })
})

describe('a manifest of any network', () => {
  const {
    preconditioning: _p,
    conditioning: _c,
    networks: _n,
    crops: _k,
    layers: _l,
    embedding: _e,
    ...rest
  } = shipped('tiny')
  const file = (name: string, digit = '1') => ({ file: name, bytes: 10, sha256: digit.repeat(64) })
  const sample = { name: 'sample', meaning: 'sample', dtype: 'float32', dims: ['rows', 3, 16, 16] }
  const level = { name: 'timestep', meaning: 'noise-level', dtype: 'int64', dims: ['rows'] }
  const label = { name: 'y', meaning: 'class-index', dtype: 'int64', dims: ['rows'] }
  const tokens = { name: 'context', meaning: 'embedding', dtype: 'float16', dims: ['rows', 77, 64] }
  const any = {
    ...rest,
    layers: [],
    prediction: { kind: 'epsilon' },
    schedule: { kind: 'linear' },
    inputs: [sample, level],
    conditioning: { kind: 'none' },
  }
  const text = { kind: 'text', prompts: ['', 'a cat', 'a dog'], embeddings: file('prompts.safetensors') }

  it('has every parameter, complete, and what follows from what it leaves out', () => {
    const { weights: _w, golden: _g, judge: _j, ...least } = any as Record<string, unknown>
    const model = parseManifest(least)
    expect(model).toMatchObject({
      prediction: { kind: 'epsilon', parameters: {} },
      schedule: { kind: 'linear', parameters: { betaStart: 0.0001, betaEnd: 0.02, steps: 1000, zeroTerminal: false } },
      inputs: [sample, level],
      fixedRows: null,
      output: { name: 'prediction', learnedVariance: false },
      range: { low: -1, high: 1 },
      latent: null,
      dataDeviation: 0.5,
      golden: null,
      conditioning: { kind: 'none', labelDropout: true, classes: [] },
    })
    expect(model.weights).toEqual(model.graph)
    expect(model.networks).toMatchObject([{ id: 'main', role: 'unconditional', labelDropout: true }])
    expect('preconditioning' in model).toBe(false)
  })

  it('of texts has those that are not empty for its classes, and the empty one for none', () => {
    const asked = parseManifest({ ...any, inputs: [sample, level, tokens], conditioning: text })
    expect(asked.conditioning).toMatchObject({ labelDropout: true, classes: [{ name: 'a cat' }, { name: 'a dog' }] })
    expect(filesOf(asked).map(({ file: name }) => name)).toContain('prompts.safetensors')
    const always = { ...text, prompts: ['a cat'] }
    expect(parseManifest({ ...any, inputs: [sample, level, tokens], conditioning: always }).conditioning).toMatchObject(
      {
        labelDropout: false,
      },
    )
  })

  it('of a latent, weights in several files and a fixed batch lists every file', () => {
    const decoder = { graph: file('decoder.onnx', '2'), weights: [file('decoder.bin', '3')] }
    const model = parseManifest({
      ...any,
      otherWeights: [file('model.onnx.data-1', '4')],
      latent: { factor: [1, 2, 3], shift: 0.5, decoder },
      fixedRows: 4,
      sigma: { min: 0.1, max: 10, spacing: 'time' },
    })
    expect(model).toMatchObject({ latent: { factor: [1, 2, 3], shift: 0.5 }, dataDeviation: 1, fixedRows: 4 })
    expect(model.sigma).toEqual({ min: 0.1, max: 10, rho: 7, spacing: 'time' })
    expect(filesOf(model).map((entry) => entry.file)).toEqual(
      expect.arrayContaining(['decoder.onnx', 'decoder.bin', 'model.onnx.data-1']),
    )
  })

  it.each([
    ['no prediction', { prediction: undefined }, 'prediction: is missing'],
    ['no schedule', { schedule: undefined }, 'schedule: is missing'],
    [
      'two words on it',
      { preconditioning: { kind: 'edm', sigmaData: 0.5 } },
      'preconditioning: prediction and schedule',
    ],
    ['a prediction of no kind', { prediction: { kind: 'noise' } }, 'prediction.kind: must be one of epsilon, x0, v'],
    [
      'a parameter of another kind',
      { schedule: { kind: 'cosine', parameters: { betaEnd: 0.1 } } },
      'schedule.parameters.betaEnd: cosine has no such parameter',
    ],
    [
      'betas that end in nothing',
      { schedule: { kind: 'linear', parameters: { betaStart: 0.9, betaEnd: 0.9 } } },
      'schedule: its noise levels do not grow',
    ],
    ['no image', { inputs: [level] }, 'inputs: one must be the sample'],
    ['two noise levels', { inputs: [sample, level, { ...level, name: 't2' }] }, 'inputs: one must be the noise-level'],
    ['a name twice', { inputs: [sample, { ...level, name: 'sample' }] }, 'inputs: names must differ'],
    [
      'a meaning that there is none of',
      { inputs: [sample, { ...level, meaning: 'time' }] },
      'inputs.1.meaning: must be',
    ],
    [
      'a type that can’t be given',
      { inputs: [sample, { ...level, dtype: 'int8' }] },
      'inputs.1.dtype: must be float32',
    ],
    [
      'an image of whole numbers',
      { inputs: [{ ...sample, dtype: 'int64' }, level] },
      'inputs.0.dtype: sample is float32',
    ],
    [
      'an image of another size',
      { inputs: [{ ...sample, dims: ['rows', 3, 8, 8] }, level] },
      'inputs.0.dims: must be rows, 3, 16, 16',
    ],
    [
      'rows in the middle',
      { inputs: [sample, { ...level, dims: [1, 'rows'] }] },
      'inputs.1.dims: rows must be the first',
    ],
    [
      'two levels a row',
      { inputs: [sample, { ...level, dims: ['rows', 2] }] },
      'inputs.1.dims: a row has one noise level',
    ],
    ['an entry that an input has not', { inputs: [sample, { ...level, unit: 's' }] }, 'inputs.1'],
    [
      'a constant without values',
      { inputs: [sample, level, { name: 'c', meaning: 'constant', dtype: 'float32', dims: ['rows', 2] }] },
      'inputs.2.values: must be given',
    ],
    [
      'too few constants',
      { inputs: [sample, level, { name: 'c', meaning: 'constant', dtype: 'float32', dims: [3], values: [1, 2] }] },
      'inputs.2.values: must be 3 numbers, or one for all, not 2',
    ],
    [
      'half a constant',
      { inputs: [sample, level, { name: 'c', meaning: 'constant', dtype: 'int64', dims: [1], values: [0.5] }] },
      'inputs.2.values: must be whole numbers',
    ],
    [
      'a class that nobody can name',
      { inputs: [sample, level, label] },
      'inputs.2.meaning: conditioning has no classes',
    ],
    [
      'texts that no input takes',
      { conditioning: text },
      'inputs: none tells the network what conditioning says (text)',
    ],
    [
      'a text twice',
      { conditioning: { ...text, prompts: ['a', 'a'] } },
      'conditioning.prompts: no text may stand twice',
    ],
    ['the empty text alone', { conditioning: { ...text, prompts: [''] } }, 'conditioning.prompts: must have a text'],
    [
      'a condition of no kind',
      { conditioning: { kind: 'image' } },
      'conditioning.kind: must be "class", "text" or "none"',
    ],
    ['a range upside down', { range: { low: 1, high: 0 } }, 'range: low must be below high'],
    ['a latent with a range', { latent: {}, range: { low: 0, high: 1 } }, 'range: is of images'],
    [
      'factors for other channels',
      { latent: { factor: [1, 2] } },
      'latent.factor: must be one number, or one for each of the 3',
    ],
    ['a factor of nothing', { latent: { factor: 0 } }, 'latent.factor: must not be 0'],
    ['a batch of none', { fixedRows: 0 }, 'fixedRows: must be at least 1'],
    ['an unknown spacing', { sigma: { min: 1, max: 2, spacing: 'even' } }, 'sigma.spacing: must be karras or time'],
  ])('with %s is refused, and says where', (_, change, message) => {
    const parse = () => parseManifest({ ...any, ...change })
    expect(parse).toThrow(ManifestError)
    expect(parse).toThrow(message)
  })
})

describe('golden.bin', () => {
  const model = parseManifest(shipped('tiny'))
  const bytes = new Uint8Array(readFileSync(join(models, 'tiny', model.golden!.file)))

  it('has cases with and without controls', () => {
    const cases = parseGolden(bytes, model)
    expect(cases.map(({ attention }) => attention === null)).toContain(true)
    expect(cases.some(({ attention }) => attention?.some((control) => control?.mix === 1))).toBe(true)
  })

  it('is refused where it is cut off, damaged or another model’s', () => {
    expect(() => parseGolden(bytes.subarray(0, 2), model)).toThrow(GoldenError)
    expect(() => parseGolden(bytes.subarray(0, 40), model)).toThrow('its header is cut off')
    expect(() => parseGolden(bytes.subarray(0, bytes.length - 4), model)).toThrow('its data is cut off')
    expect(() => parseGolden(bytes, { ...model, id: 'other' })).toThrow('it belongs to tiny')
    const damaged = bytes.slice()
    damaged[4] = 0
    expect(() => parseGolden(damaged, model)).toThrow('its header is not JSON')
  })
})

describe('relative error', () => {
  it('is the largest difference over the largest value, and infinite for what is not finite', () => {
    expect(relativeError(Float32Array.of(1, 2, -4), Float32Array.of(1, 2.5, -4))).toBe(0.125)
    expect(relativeError(Float32Array.of(0, 0), Float32Array.of(0, 0))).toBe(0)
    expect(relativeError(Float32Array.of(Number.NaN), Float32Array.of(1))).toBe(Infinity)
  })
})

describe('preconditioning', () => {
  const adapter = adapterOf(parseManifest(shipped('tiny')))

  it('keeps the input and the target of the network at unit variance', () => {
    for (const sigma of [0.005, 0.5, 80]) {
      const { skip, out, in: scale, noise } = adapter.level(sigma)
      // Var(c_in (y + n)) = 1, and Var((y − c_skip (y + n)) / c_out) = 1 (Karras et al. 2022, appendix B.6).
      expect(scale ** 2 * (0.25 + sigma ** 2)).toBeCloseTo(1, 12)
      expect(((1 - skip) ** 2 * 0.25 + skip ** 2 * sigma ** 2) / out ** 2).toBeCloseTo(1, 10)
      expect(noise).toBeCloseTo(Math.log(sigma) / 4, 12)
    }
  })

  it('is not defined without noise', () => {
    expect(() => adapter.level(0)).toThrow(RangeError)
  })
})
