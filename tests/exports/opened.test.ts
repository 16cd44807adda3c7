/** Anybody's graph opened as the page and the command line open it: what the engine then gives for controlled rows is what PyTorch gives. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { FamilyDenoiser } from '../../src/engine/family'
import { goldenError, parseGolden } from '../../src/engine/golden'
import { lookAt } from '../../src/engine/opened/brought'
import { manifestOf } from '../../src/engine/opened/manifest'
import { openModel } from '../../src/engine/opened/open'
import { OnnxDenoiser } from '../../src/engine/onnx-denoiser'
import type { ModelInfo } from '../../src/model/types'
import { guidable } from '../../src/network/maps/types'
import type { AttentionControl } from '../../src/network/types'
import { deviations, exportNames, readExport, type Exported } from '../support/export-files'

const folder = process.env['EXPORTS'] ?? ''
const runtime = { InferenceSession, Tensor }
const sessionOptions = { executionProviders: ['cpu'], intraOpNumThreads: 1, logSeverityLevel: 4 as const }
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A kind of network each: in halves, with tokens beside the image's, fused by onnxruntime and by ONNX, in whole numbers, of two rows, where an added input hides lengths. */
const names = [
  'edm-legacy17-half-inside',
  'uvit-legacy20',
  'bert-legacy17-fused',
  'dit-legacy17-int8',
  'dit-dynamo23',
  'memory-dynamo23',
  'hdit-dynamo23',
].filter((name) => exportNames(folder).includes(name))

/** The second input is the noise level. */
const levelsOf = ({ inputs, tensor }: Exported) => Array.from(tensor(`input:${inputs[1]!}`).data, Number)
const inLogarithms = (exported: Exported) => levelsOf(exported).some((level) => level <= 0)

async function opened(exported: Exported) {
  const { path, name } = exported
  const weights = path.replace('.onnx', '.data')
  const data = existsSync(weights) ? { [`${name}.data`]: readFileSync(weights) } : {}
  const brought = { graph: { file: `${name}.onnx`, bytes: readFileSync(path) }, data, configs: [] }
  const { guess, refusal } = lookAt(brought)
  if (!guess) throw new Error(refusal ?? '')
  // Told as PyTorch was: x as it is, the noise level as it is, and the output is D.
  const description = {
    ...guess.description,
    prediction: { kind: 'x0', parameters: {} },
    schedule: { kind: inLogarithms(exported) ? 'log-sigma' : 'sigma', parameters: { sigmaData: 0 } },
  }
  const manifest = manifestOf(brought, description, { id: 'brought', name }, hash)
  return openModel(brought, manifest, { runtime, hash, sessionOptions })
}

function denoiserOf(model: ModelInfo, files: Readonly<Record<string, Uint8Array>>): FamilyDenoiser {
  return new FamilyDenoiser({
    model,
    read: async ({ file }) => files[file]!,
    create: (request) =>
      new OnnxDenoiser({ ...request, model, runtime, sessionOptions, batch: { kind: 'dynamic' }, maxRows: 4 }),
    budget: 1e9,
  })
}

describe.each(names)('%s', (name) => {
  const exported = readExport(folder, name)
  const bound = Math.max(1e-4, 3 * exported.error)

  it('gives what PyTorch gives, where one layer of one row is changed', async () => {
    const { model, files, layers } = await opened(exported)
    const wanted = exported.layers.flatMap(({ kind }, i) => (kind === 'self' || kind === 'joint' ? [i] : []))
    expect(model.layers).toHaveLength(wanted.length)
    // ONNX’s own node stays whole where controls at its queries are proved to do the same.
    expect(model.brought?.maps === null).toBe(name === 'dit-dynamo23')
    for (const { lacks } of model.layers) expect(lacks).toContain('dropout')
    expect(layers.filter(guidable)).toHaveLength(wanted.length)
    const denoiser = denoiserOf(model, files)
    // What it gave when it was opened is what every device has to give.
    const answers = parseGolden(files[model.golden!.file]!, model)
    expect(answers.map(({ attention }) => attention !== null)).toEqual([false, true])
    expect(await goldenError(denoiser, answers)).toBeLessThan(1e-6)
    const levels = levelsOf(exported)
    const [sample, , label] = exported.inputs.map((input) => exported.tensor(`input:${input}`).data)
    const each = sample!.length / 2
    const row = (i: number, controls: readonly (AttentionControl | null)[] | null) => {
      const classWeights = new Float32Array(model.conditioning.classes.length)
      if (label) classWeights[Number(label[i])] = 1
      const x = Float32Array.from(sample!.slice(i * each, (i + 1) * each), Number)
      return { x, sigma: inLogarithms(exported) ? Math.exp(levels[i]!) : levels[i]!, classWeights, attention: controls }
    }
    /** The image of a row, without a learned variance. */
    const truth = (key: string, i: number) => {
      const all = exported.floats(key)
      return all.slice((i * all.length) / 2, (i * all.length) / 2 + each)
    }
    const plain = await denoiser.evaluate([row(0, null), row(1, null)])
    for (const i of [0, 1]) expect(deviations(plain[i]!, truth('output', i))).toBeLessThan(bound)
    const { identity, blur } = exported.rows
    for (const [at, number] of wanted.entries()) {
      const only = (control: AttentionControl) => wanted.map((_, i) => (i === at ? control : null))
      const rows = [row(identity, only({ mix: 1 })), row(blur, only({ querySigma: Infinity }))]
      const [mixed, blurred] = await denoiser.evaluate(rows)
      expect(deviations(mixed!, truth(`identity_${number}`, identity))).toBeLessThan(bound)
      expect(deviations(blurred!, truth(`blur_${number}_inf`, blur))).toBeLessThan(bound)
    }
    // What is beside the maps is as a shipped network has it: an offset of the embedding moves its row alone, and none moves nothing.
    const { width, noiseDeviation } = model.embedding!
    expect(noiseDeviation).toBeGreaterThan(0)
    // Not the same for all entries, which a normalisation takes away.
    const offset = new Float32Array(width).map((_, i) => (i % 2 === 0 ? 3 : -3) * noiseDeviation)
    const [moved, still] = await denoiser.evaluate(
      [offset, new Float32Array(width)].map((embeddingOffset, i) => ({ ...row(i, null), embeddingOffset })),
    )
    expect(deviations(still!, plain[1]!)).toBeLessThan(exported.error > 1e-3 ? bound : 1e-6)
    expect(deviations(moved!, plain[0]!)).toBeGreaterThan(bound)
    // So are branches: what a layer does not lack is left out.
    for (const part of ['attention', 'block'] as const) {
      const able = model.layers.map(({ lacks }) => (lacks?.includes(part) ? null : { skip: part }))
      if (able.every((control) => control === null)) continue
      const [less] = await denoiser.evaluate([row(0, able)])
      expect(deviations(less!, plain[0]!), part).toBeGreaterThan(bound)
    }
    const last = wanted.length - 1
    const grid = model.layers[last]!
    const [reading] = await denoiser.readAttention([row(0, null)], last)
    expect(deviations(reading!.denoised, truth('output', 0))).toBeLessThan(bound)
    const tokens = grid.height * grid.width
    expect(reading!.map).toHaveLength(tokens ** 2)
    for (let i = 0; i < tokens; i++)
      expect(reading!.map.slice(i * tokens, (i + 1) * tokens).reduce((a, b) => a + b)).toBeCloseTo(1, 2)
    for (let head = 0; head < grid.heads; head++)
      expect(reading!.received.slice(head * tokens, (head + 1) * tokens).reduce((a, b) => a + b) / tokens).toBeCloseTo(
        1,
        2,
      )
    // Beside keys that nobody asks from, a map that is read is that among the image's own.
    for (const [at, number] of wanted.entries()) {
      const { image, queries, keys } = exported.layers[number]!
      if (!image || queries === keys) continue
      const [read] = await denoiser.readAttention([row(0, null)], at)
      const whole = exported.floats(`map_${number}`)
      for (let i = 0; i < queries; i++) {
        const from = i * keys + (image.keyStart ?? 0)
        const seen = whole.slice(from, from + queries)
        const total = seen.reduce((a, b) => a + b)
        expect(
          deviations(
            read!.map.slice(i * queries, (i + 1) * queries),
            seen.map((value) => value / total),
          ),
        ).toBeLessThan(1e-3)
      }
    }
    await denoiser.dispose()
  })
})
