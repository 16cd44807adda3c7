/** The worker's side, with onnxruntime-node on the tiny model in place of a browser's runtime. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema } from 'onnx-buf'
import * as ort from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { normals } from '../../../src/core/random'
import type { Lone } from '../../../src/sampling/records'
import { sample } from '../../../src/sampling/sample'
import { relativeError } from '../../../src/engine/golden'
import { OnnxDenoiser } from '../../../src/engine/onnx-denoiser'
import type { Runtime } from '../../../src/engine/runtime'
import type { ModelInfo } from '../../../src/model/types'
import { Judge, parseJudge } from '../../../src/evaluation/judge'
import { createNode, floatValue, parseModel, serializeModel } from '../../../src/network/onnx'
import { readWeights } from '../../../src/network/weights'
import { withMethod } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { BrokenRuntimeError, deviceLost } from '../../../src/core/failure'
import { doublingDecoder } from '../../support/decoder'
import { file, load, model, scene, settings, type Hooks } from '../../support/worker-scene'

describe('start', () => {
  test('verifies the golden output and reports its error', async () => {
    const play = scene()
    await play.started()
    expect(play.kinds()).toEqual(['phase', 'ready'])
    const ready = play.replies[1]
    expect(ready?.kind === 'ready' && ready.backend.goldenError).toBeLessThan(1e-4)
  })

  test('a backend that does not open is refused at once, and only once', async () => {
    const play = scene({ open: () => Promise.reject(new Error('no such file')) })
    await play.host.handle({ kind: 'open', backend: 'wasm', threads: 1, acceptSoftware: false })
    await Promise.resolve()
    expect(play.replies).toMatchObject([
      { kind: 'refused', failure: { code: 'download-failed', message: expect.stringContaining('no such file') } },
    ])
    await play.host.handle(load)
    expect(play.replies).toHaveLength(1)
  })

  test('a wrong golden output is refused', async () => {
    const play = scene()
    await play.host.handle({ kind: 'open', backend: 'wasm', threads: 1, acceptSoftware: false })
    const golden = file(model.golden!.file).slice()
    // The sign and exponent of the last expected value.
    golden[golden.length - 1]! ^= 0xc0
    await play.host.handle({ ...load, files: { ...load.files, [model.golden!.file]: golden } })
    expect(play.replies.at(-1)).toMatchObject({ kind: 'refused', failure: { code: 'golden-mismatch' } })
  })

  test('a golden file of another model is refused', async () => {
    const play = scene()
    await play.host.handle({ kind: 'open', backend: 'wasm', threads: 1, acceptSoftware: false })
    await play.host.handle({ ...load, files: { ...load.files, [model.golden!.file]: new Uint8Array(10) } })
    expect(play.replies.at(-1)).toMatchObject({ kind: 'refused', failure: { code: 'internal' } })
  })

  test('a device lost during the start is refused, although its run never ends', async () => {
    let lose: (error: Error) => void = () => {}
    const lost = new Promise<never>((_, reject) => (lose = reject))
    const play = scene({ lost, beforeRun: () => lose(new BrokenRuntimeError(deviceLost('test'))) })
    await play.started()
    expect(play.replies.at(-1)).toMatchObject({ kind: 'refused', failure: { code: 'device-lost' } })
  })
})

describe('sample', () => {
  test('posts every step and the end, with the digest of the guided image', async () => {
    const play = scene()
    await play.started()
    await play.host.handle({ kind: 'sample', job: 1, alone: ['positive', 'negative'], settings })
    await play.host.handle({ kind: 'sample', job: 2, alone: ['positive', 'negative'], settings })
    const ends = play.replies.filter((reply) => reply.kind === 'finished')
    expect(play.replies.filter((reply) => reply.kind === 'step' && reply.job === 1)).toHaveLength(5)
    expect(ends.map(({ job }) => job)).toEqual([1, 2])
    expect(ends[0]!.summary.digests).toEqual(ends[1]!.summary.digests)
    expect(ends[0]!.summary.digests[0]).toMatch(/^[0-9a-f]{64}$/)
  })

  test('a cancel ends the job within one evaluation', async () => {
    const play: ReturnType<typeof scene> = scene({
      beforeRun: (run) => {
        // The start took one run; the job's second evaluation is under way.
        if (run === 2) setTimeout(() => void play.host.handle({ kind: 'cancel', job: 7 }))
      },
    })
    await play.started()
    await play.host.handle({
      kind: 'sample',
      job: 7,
      alone: ['positive', 'negative'],
      settings: { ...settings, steps: 60 },
    })
    expect(play.replies.at(-1)).toEqual({ kind: 'cancelled', job: 7 })
    expect(play.runs()).toBeLessThanOrEqual(5)
  })

  test('a cancel of another job changes nothing', async () => {
    const play = scene()
    await play.started()
    const running = play.host.handle({ kind: 'sample', job: 7, alone: ['positive', 'negative'], settings })
    await play.host.handle({ kind: 'cancel', job: 6 })
    await running
    expect(play.replies.at(-1)).toMatchObject({ kind: 'finished', job: 7 })
  })

  test('numbers that are not finite fail the job and name method, layers and step', async () => {
    const play = scene()
    await play.started()
    await play.host.handle({
      kind: 'sample',
      job: 1,
      alone: ['positive', 'negative'],
      settings: { ...settings, scale: Number.MAX_VALUE, layers: [0, 3] },
    })
    const end = play.replies.at(-1)
    expect(end).toMatchObject({ kind: 'failed', job: 1, failure: { code: 'not-finite', retryable: false } })
    expect(end?.kind === 'failed' && end.failure.message).toContain(`step 1 of 5`)
    expect(end?.kind === 'failed' && end.failure.message).toContain(
      `PAG on ${model.layers[0]!.name}, ${model.layers[3]!.name}`,
    )
  })

  test('a runtime that breaks is reported as lost, any other error as the job’s', async () => {
    const broken = scene({ beforeRun: (run) => run > 2 && fail(new BrokenRuntimeError(deviceLost('test'))) })
    await broken.started()
    await broken.host.handle({ kind: 'sample', job: 1, alone: ['positive', 'negative'], settings })
    expect(broken.replies.at(-1)).toMatchObject({ kind: 'lost', failure: { code: 'device-lost' } })
    const wrong = scene()
    await wrong.started()
    await wrong.host.handle({
      kind: 'sample',
      job: 1,
      alone: ['positive', 'negative'],
      settings: { ...settings, method: 'cfgx' },
    })
    expect(wrong.replies.at(-1)).toMatchObject({
      kind: 'failed',
      job: 1,
      failure: { code: 'unusable', message: 'There is no guidance method cfgx.' },
    })
  })

  /** Lets the proof that follows the first run begin, and end. */
  async function proving(hooks: Hooks = {}) {
    let begin = () => {}
    const play = scene({ ...hooks, rest: () => new Promise((resolve) => (begin = resolve)) })
    await play.started()
    let jobs = 0
    const rowsOf = async (changes: Partial<Settings>, alone: readonly Lone[] = ['positive', 'negative']) => {
      const job = ++jobs
      await play.host.handle({ kind: 'sample', job, alone, settings: { ...settings, ...changes } })
      return play.replies.flatMap((reply) => (reply.kind === 'step' && reply.job === job ? [reply.record.rows] : []))
    }
    return { play, rowsOf, begin: () => begin(), calls: () => play.runs() }
  }
  /** Batches that the proof evaluates. */
  const PROOF = 8

  test('the first run’s trajectories serve the second, which evaluates two rows a step, to the bit', async () => {
    const { play, rowsOf, begin, calls } = await proving()
    expect(await rowsOf({})).toEqual([2, 4, 4, 4, 4])
    const before = calls()
    begin()
    await expect.poll(calls).toBe(before + PROOF)
    await new Promise((resolve) => setImmediate(resolve))
    expect(await rowsOf({ scale: 3 })).toEqual([0, 2, 2, 2, 2])
    const { rowsOf: fresh, play: other } = await proving()
    await fresh({ scale: 3 })
    const [own, wanted] = [play, other].map(({ replies }) =>
      replies.filter((reply) => reply.kind === 'finished').at(-1),
    )
    expect(own!.samples).toEqual(wanted!.samples)
    expect(own!.summary.digests).toEqual(wanted!.summary.digests)
  })

  test('nothing is used before the proof, and a run that comes meanwhile ends it, to be asked for again', async () => {
    let interrupt: (run: number) => void = () => {}
    const { play, rowsOf, begin, calls } = await proving({ beforeRun: (run) => interrupt(run) })
    await rowsOf({})
    expect(await rowsOf({ scale: 3 })).toEqual([2, 4, 4, 4, 4])
    const before = calls()
    const meanwhile = new Promise((resolve) => {
      interrupt = (run) => {
        if (run === before + 1) resolve(rowsOf({ scale: 2 }))
      }
    })
    begin()
    expect(await meanwhile).toEqual([2, 4, 4, 4, 4])
    expect(calls()).toBe(before + 2 + 5)
    const again = calls()
    begin()
    await expect.poll(calls).toBe(again + PROOF)
    await new Promise((resolve) => setImmediate(resolve))
    expect(await rowsOf({ scale: 1.5 })).toEqual([0, 2, 2, 2, 2])
    expect(play.replies.filter(({ kind }) => kind === 'finished')).toHaveLength(4)
  })

  test('then it finds out on how many threads it is fastest, once, unless a run comes meanwhile', async () => {
    let interrupt = () => Promise.resolve()
    let tuned = 0
    const { play, rowsOf, begin } = await proving({
      tune: async (run) => {
        await run()
        await interrupt()
        await run()
        tuned += 1
        return true
      },
    })
    await rowsOf({})
    interrupt = async () => void rowsOf({ scale: 2 })
    begin()
    await expect.poll(() => play.kinds().filter((kind) => kind === 'finished')).toHaveLength(2)
    expect(play.kinds()).not.toContain('tuned')
    interrupt = () => Promise.resolve()
    begin()
    await expect.poll(() => play.replies.at(-1)).toEqual({ kind: 'tuned', label: 'Test', threads: 1 })
    await rowsOf({ scale: 3 })
    begin()
    await new Promise((resolve) => setImmediate(resolve))
    expect(tuned).toBe(1)
  })
})

function fail(error: Error): never {
  throw error
}

describe('a family', () => {
  // The shipped network, and another one with the last bits of every weight turned round; averages of both.
  const shipped = file(model.weights.file)
  const other = Uint8Array.from(shipped, (byte, i) => (i % 2 === 0 ? byte ^ 0x7f : byte))
  const otherFile = { file: 'other.bin', bytes: other.length, sha256: 'f'.repeat(64) }
  const main = { ...model.networks[0]!, samples: 100, sigmaRel: 0.05 }
  const averages = [
    { sigmaRel: 0.05, samples: 100, weights: model.weights },
    { sigmaRel: 0.1, samples: 100, weights: otherFile },
  ]
  const family: ModelInfo = {
    ...model,
    networks: [
      { ...main, averages },
      { ...main, id: 'other', role: 'snapshot', weights: otherFile, averages: [] },
    ],
  }
  const open = async (hooks: Hooks = {}) => {
    const play = scene(hooks)
    await play.host.handle({ kind: 'open', backend: 'wasm', threads: 1, acceptSoftware: false })
    await play.host.handle({ ...load, model: family })
    return play
  }
  const digest = async (play: Awaited<ReturnType<typeof open>>, job: number, patch: Partial<Settings>) => {
    await play.host.handle({ kind: 'sample', job, alone: ['positive'], settings: { ...settings, ...patch } })
    const end = play.replies.at(-1)
    return end?.kind === 'finished' ? end.summary.digests[0] : end
  }

  test('runs another network once its files have come; one that has not come fails alone', async () => {
    const play = await open()
    expect(await digest(play, 1, { network: 'other' })).toMatchObject({
      kind: 'failed',
      job: 1,
      failure: { message: expect.stringContaining('other.bin has not come') },
    })
    await play.host.handle({ kind: 'files', files: { 'other.bin': other }, drop: [] })
    const first = await digest(play, 2, { network: 'other' })
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(first).not.toBe(await digest(play, 3, {}))
    // What is built stays although its file was dropped; in a fresh one it is missing.
    await play.host.handle({ kind: 'files', files: {}, drop: ['other.bin'] })
    expect(await digest(play, 4, { network: 'other' })).toBe(first)
    expect(await digest(play, 5, { ema: 0.07 })).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringContaining('other.bin has not come') },
    })
  })

  test('makes an average of another length, says how far it is, and samples what Node samples', async () => {
    const play = await open()
    await play.host.handle({ kind: 'files', files: { 'other.bin': other }, drop: [] })
    const made = await digest(play, 1, { ema: 0.07 })
    const combining = play.replies.filter((reply) => reply.kind === 'combining')
    expect(combining.map(({ network, done, total }) => [network, done, total])).toEqual(
      [0, 1, 2, 3].map((done) => [{ id: 'main', sigmaRel: 0.07 }, done, 3]),
    )
    expect(made).not.toBe(await digest(play, 2, {}))
    expect(made).not.toBe(await digest(play, 3, { network: 'other' }))

    // The same weights by the test's own hand, as a network of their own: shares x of A x = b for γ = 16.97 and 6.94.
    const [gammaA, gammaB, gamma] = [16.9722, 6.9372, 11.245]
    const product = (a: number, b: number) => ((a + 1) * (b + 1)) / (a + b + 1)
    const [aa, ab, bb] = [product(gammaA, gammaA), product(gammaA, gammaB), product(gammaB, gammaB)]
    const [ta, tb] = [product(gammaA, gamma), product(gammaB, gamma)]
    const [x, y] = [ta * bb - tb * ab, tb * aa - ta * ab]
    const graph = parseModel(file(model.graph.file))
    const [a, b] = [readWeights(graph, shipped), readWeights(graph, other)]
    const data = a.data.slice()
    const out = new Float32Array(data.buffer)
    const [left, right] = [new Float32Array(a.data.buffer), new Float32Array(b.data.buffer)]
    for (const i of out.keys()) out[i] = (x / (x + y)) * left[i]! + (y / (x + y)) * right[i]!
    const byHand = new OnnxDenoiser({
      model,
      graph: file(model.graph.file),
      weights: { ...a, data },
      runtime: ort as unknown as Runtime,
      batch: { kind: 'dynamic' },
      maxRows: 8,
    })
    let guided: Float32Array | null = null
    for await (const event of sample({ denoiser: byHand, settings, alone: ['positive'] }))
      if (event.kind === 'final') guided = event.samples[0]!.guided
    const final = play.replies.find((reply) => reply.kind === 'finished' && reply.job === 1)
    // γ was rounded to five digits above.
    expect(final?.kind === 'finished' && relativeError(final.samples[0]!.guided, guided!)).toBeLessThan(1e-3)
    const plain = play.replies.find((reply) => reply.kind === 'finished' && reply.job === 2)
    expect(plain?.kind === 'finished' && relativeError(plain.samples[0]!.guided, guided!)).toBeGreaterThan(1e-2)
    await byHand.dispose()
  })

  test('compares maps of two networks', async () => {
    const play = await open()
    await play.host.handle({ kind: 'files', files: { 'other.bin': other }, drop: [] })
    const request = { layer: 3, x: new Float32Array(3 * 16 * 16), sigma: 1, sample: 0, step: 0 }
    const auto = withMethod(settings, 'autoguidance', family)
    const pair = { ...auto, parameters: { ...auto.parameters, weak: 'other' } }
    await play.host.handle({ kind: 'map', id: 1, request: { ...request, settings: pair } })
    await play.host.handle({
      kind: 'map',
      id: 2,
      request: { ...request, settings: { ...settings, network: 'other', method: 'none', parameters: {} } },
    })
    const [both, alone] = play.replies.flatMap((reply) => (reply.kind === 'map' ? [reply.result] : []))
    expect(both!.negative).toEqual(alone!.positive)
    expect(both!.negative).not.toEqual(both!.positive)
  })
})

describe('a vision transformer', () => {
  const sag = withMethod(settings, 'sag', model)
  const dino = { ...sag, parameters: { ...sag.parameters, mask: 'dino' } }

  test('that is missing fails the run in a sentence; one that the reader gives serves it', async () => {
    const play = scene()
    await play.started()
    await play.host.handle({ kind: 'sample', job: 1, alone: ['positive'], settings: dino })
    expect(play.replies.at(-1)).toMatchObject({
      kind: 'failed',
      job: 1,
      failure: { code: 'unusable', message: expect.stringMatching(/^This mask needs a vision transformer.*\.$/) },
    })
    await play.host.handle({ kind: 'vision', id: 1, graph: new Uint8Array([1, 2]) })
    expect(play.replies.at(-1)).toMatchObject({
      kind: 'vision',
      id: 1,
      message: expect.stringContaining('it is no ONNX file'),
    })
    const mean = createNode('ReduceMean', ['image'], ['saliency'], {
      attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
    })
    const graph = serializeModel(
      create(ModelProtoSchema, {
        irVersion: 8n,
        opsetImport: [create(OperatorSetIdProtoSchema, { version: 17n })],
        graph: create(GraphProtoSchema, {
          name: 'mean',
          node: [mean],
          input: [floatValue('image', ['rows', 3, 16, 16])],
          output: [floatValue('saliency', ['rows', 16, 16])],
        }),
      }),
    )
    await play.host.handle({ kind: 'vision', id: 2, graph })
    expect(play.replies.at(-1)).toEqual({ kind: 'vision', id: 2, message: null })
    await play.host.handle({ kind: 'sample', job: 2, alone: ['positive'], settings: dino })
    expect(play.replies.at(-1)).toMatchObject({ kind: 'finished', job: 2 })
    expect(play.replies.some((reply) => reply.kind === 'step' && reply.record.samples[0]!.mask !== null)).toBe(true)
  })
})

describe('attention maps', () => {
  const request = { settings, layer: 3, x: new Float32Array(3 * 16 * 16), sigma: 1, sample: 0, step: 0 }

  test('come between the evaluations of a run', async () => {
    const play = scene()
    await play.started()
    const running = play.host.handle({ kind: 'sample', job: 1, alone: ['positive', 'negative'], settings })
    await play.host.handle({ kind: 'map', id: 9, request })
    const kinds = play.kinds()
    await running
    expect(kinds).toContain('map')
    expect(kinds).not.toContain('finished')
    const answer = play.replies.find((reply) => reply.kind === 'map')
    const { positive, negative } = answer!.result
    const tokens = model.layers[3]!.height * model.layers[3]!.width
    expect(positive).toHaveLength(tokens * tokens)
    // PAG: the negative's map is the identity.
    expect([...negative!]).toEqual(Array.from({ length: tokens * tokens }, (_, i) => (i % (tokens + 1) === 0 ? 1 : 0)))
  })

  test('fail alone', async () => {
    const play = scene()
    await play.started()
    await play.host.handle({ kind: 'map', id: 1, request: { ...request, layer: 40 } })
    await play.host.handle({ kind: 'map', id: 2, request: { ...request, settings: { ...settings, layers: [0] } } })
    expect(play.replies.filter(({ kind }) => kind !== 'evaluating').slice(-2)).toMatchObject([
      { kind: 'map-failed', id: 1, message: expect.stringContaining('40') },
      { kind: 'map', id: 2, result: { negative: null } },
    ])
  })
})

describe('images in the background', () => {
  const guided = { ...settings, method: 'pag', steps: 3 }
  const all = [0, 1, 2].map((index): Settings => ({ ...guided, seed: 5 + index, class: index }))

  test('are those that single runs give, positive and guided', async () => {
    const play = scene()
    await play.started()
    await play.host.handle({ kind: 'draw', job: 1, settings: all, alone: ['positive'] })
    const drawn = play.replies.find((reply) => reply.kind === 'drawn')
    expect(drawn?.samples).toHaveLength(3)
    expect(play.kinds().filter((kind) => kind === 'evaluating').length).toBeGreaterThanOrEqual(3)
    for (const [index, own] of all.entries()) {
      await play.host.handle({ kind: 'sample', job: 2 + index, settings: own, alone: ['positive', 'negative'] })
      const end = play.replies.filter((reply) => reply.kind === 'finished').at(-1)!
      for (const role of ['positive', 'guided'] as const)
        expect(relativeError(drawn!.samples[index]![role]!, end.samples[0]![role]!)).toBeLessThan(1e-5)
      expect(drawn!.samples[index]!.negative).toBeNull()
    }
  })

  test('are of any settings, and tell how many rows they shared', async () => {
    const play = scene()
    await play.started()
    const scales = [0, 1, 2].map((scale): Settings => ({ ...guided, scale }))
    await play.host.handle({ kind: 'draw', job: 1, settings: scales, alone: [] })
    const told = play.replies.flatMap((reply) => (reply.kind === 'drawing' ? [reply.rows] : []))
    expect(told).toHaveLength(3)
    // Three images ask for D⁺ at each step, two of them for D⁻; at the first step all of them are at one x.
    expect(told.at(-1)!).toEqual({ asked: 3 * 3 + 3 * 2, evaluated: 2 + 2 * (3 + 2) })
    const drawn = play.replies.find((reply) => reply.kind === 'drawn')
    expect(new Set(drawn?.samples.map(({ guided: image }) => image[0])).size).toBe(3)
  })

  test('a cancel ends them within one evaluation', async () => {
    const play: ReturnType<typeof scene> = scene({
      beforeRun: (run) => {
        if (run === 2) setTimeout(() => void play.host.handle({ kind: 'cancel', job: 7 }))
      },
    })
    await play.started()
    await play.host.handle({ kind: 'draw', job: 7, settings: all, alone: [] })
    expect(play.replies.at(-1)).toEqual({ kind: 'cancelled', job: 7 })
    expect(play.runs()).toBeLessThanOrEqual(4)
  })
})

describe('the judge', () => {
  const judgeFolder = join(import.meta.dirname, '../../../models/avatars')
  const info = parseJudge(JSON.parse(readFileSync(join(judgeFolder, 'judge.json'), 'utf8')))
  const read = (name: string) => new Uint8Array(readFileSync(join(judgeFolder, name)))
  const files = { info, graph: read(info.graph.file), weights: read(info.weights.file) }
  const { channels, height, width } = model.image
  const image = Float32Array.from({ length: channels * height * width }, (_, i) => ((i * 37) % 251) / 127.5 - 1)

  test('sees what it sees under Node', async () => {
    const play = scene()
    await play.started()
    await play.host.handle({ kind: 'judge-files', ...files })
    await play.host.handle({ kind: 'judge', id: 3, images: [image, image] })
    const judge = await Judge.load({
      ...files,
      runtime: ort as unknown as Runtime,
      sessionOptions: { intraOpNumThreads: 1 },
    })
    const judgements = await judge.judge([image, image], model.image)
    await judge.dispose()
    expect(play.replies.at(-1)).toEqual({ kind: 'judged', id: 3, judgements })
  })

  test('says so where its files are missing or are none', async () => {
    const play = scene()
    await play.started()
    await play.host.handle({ kind: 'judge', id: 1, images: [image] })
    expect(play.replies.at(-1)).toMatchObject({
      kind: 'judge-failed',
      id: 1,
      message: expect.stringContaining('has not come'),
    })
    await play.host.handle({ kind: 'judge-files', ...files, graph: new Uint8Array(9) })
    await play.host.handle({ kind: 'judge', id: 2, images: [image] })
    expect(play.replies.at(-1)).toMatchObject({ kind: 'judge-failed', id: 2 })
  })
})

describe('the decoder of latents', () => {
  const latent = {
    factor: 2,
    shift: 0,
    decoder: { graph: { file: 'decoder.onnx', bytes: 1, sha256: '' }, weights: [] },
  }
  const x = normals(1, 0, model.image.channels * model.image.height * model.image.width)

  test('makes pictures, also after the page let its files go', async () => {
    const play = scene()
    await play.host.handle({ kind: 'open', backend: 'wasm', threads: 1, acceptSoftware: false })
    const files = { ...load.files, 'decoder.onnx': doublingDecoder(model.image.channels) }
    await play.host.handle({ ...load, files, model: { ...model, latent } })
    await play.host.handle({ kind: 'files', files: {}, drop: ['decoder.onnx'] })
    await play.host.handle({ kind: 'decode', id: 4, latents: [x] })
    const reply = play.replies.at(-1)
    if (reply?.kind !== 'decoded') throw new Error(JSON.stringify(reply))
    const [picture] = reply.pictures
    expect([picture!.height, picture!.width]).toEqual([2 * model.image.height, 2 * model.image.width])
    expect(picture!.image[0]).toBeCloseTo(x[0]! / 2, 6)
  })

  test('is said to be missing where the model has none', async () => {
    const play = scene()
    await play.started()
    await play.host.handle({ kind: 'decode', id: 5, latents: [x] })
    expect(play.replies.at(-1)).toMatchObject({
      kind: 'decode-failed',
      id: 5,
      message: expect.stringContaining('no decoder'),
    })
  })
})
