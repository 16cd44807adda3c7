/** Whatever settings are accepted can be sampled, with the files that were announced for them and no others. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { FamilyDenoiser } from '../../../src/engine/family'
import { needsOf } from '../../../src/engine/needs'
import { OnnxDenoiser } from '../../../src/engine/onnx-denoiser'
import { networkOf, requiredFiles } from '../../../src/engine/recipe'
import { methods } from '../../../src/guidance'
import type { GuidanceMethod } from '../../../src/guidance/types'
import { parseManifest } from '../../../src/model/manifest'
import type { Denoiser, DenoiserRow, ModelInfo, VisionModel } from '../../../src/model/types'
import { sample } from '../../../src/sampling/sample'
import { solverParameters, solvers } from '../../../src/sampling/solver-registry'
import { parsePreset, settingsRefusal } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { anySettingsOf } from '../../support/any-settings'
import { tries } from '../../support/fuzz'
import { toyDenoiser, toyModel } from '../../support/model'

const negatives = methods.filter(({ kind }) => kind === 'negative')

interface Size {
  readonly steps: number
  readonly samples: number
}

/** Accepted settings of a method under any solver, alone or with another negative. */
function accepted(
  method: GuidanceMethod,
  model: ModelInfo,
  size: Size = { steps: 3, samples: 2 },
): fc.Arbitrary<Settings> {
  const another = fc
    .constantFrom(...negatives)
    .chain((other) => anySettingsOf(other, model))
    .map(({ method: id, scale, layers, window, parameters }) => ({ method: id, scale, layers, window, parameters }))
  return fc
    .tuple(anySettingsOf(method, model), fc.array(another, { maxLength: 1 }), fc.constantFrom(...solvers))
    .map(([first, stack, solver]) => ({
      ...first,
      stack,
      ...size,
      solver: solver.id,
      solverParameters: solverParameters(solver),
    }))
    .filter((settings) => settingsRefusal(settings, model) === null)
}

async function images(denoiser: Denoiser, settings: Settings, vision?: VisionModel): Promise<Float32Array[]> {
  for await (const event of sample({
    denoiser,
    settings,
    alone: ['positive', 'negative'],
    ...(vision && { vision }),
  }))
    if (event.kind === 'final')
      return event.samples.flatMap((one) => [one.positive, one.negative, one.guided].filter((image) => image !== null))
  throw new Error('the sampler ended without an image')
}

const vision: VisionModel = {
  saliency: (of) => Promise.resolve({ height: 2, width: 2, maps: of.map(() => Float32Array.of(1, 2, 3, 4)) }),
}

/** What a network would make of a row: some image that depends on all that it is asked. */
function answer(row: DenoiserRow): Float32Array {
  const { x, sigma, ...asked } = row
  const text = JSON.stringify(asked)
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return x.map((value) => (0.25 * value + sigma ** 2 * Math.sin(hash)) / (0.25 + sigma ** 2))
}

/** A family as ours is: crops of the main network's shape only, a small network of another, weights in files of their own. */
const family: ModelInfo = {
  ...toyModel,
  networks: toyModel.networks.map((network) =>
    network.id === 'small' ? { ...network, graph: { file: 'small.onnx', bytes: 1, sha256: 'other' } } : network,
  ),
  crops: [{ height: 1, width: 1, graph: { file: 'crop.onnx', bytes: 1, sha256: 'crop' } }],
}

/** Files that a row makes the family read. */
function filesOf({ network = { id: 'main' }, size }: DenoiserRow, model: ModelInfo): readonly string[] {
  const crop = size && model.crops.find(({ height, width }) => height === size.height && width === size.width)
  if (size && (!crop || networkOf(network.id, model).graph.sha256 !== model.networks[0]!.graph.sha256))
    throw new Error(`${network.id} has no graph for crops of ${size.height}×${size.width}`)
  return [...requiredFiles(network, model), ...(crop ? [crop.graph] : [])].map(({ file }) => file)
}

const announcedFor = (settings: Settings, model: ModelInfo) =>
  new Set(needsOf(settings, model, true).flatMap(({ files }) => files.map(({ file }) => file)))

describe('accepted settings', () => {
  it.each(methods.map((method) => [method.id, method] as const))(
    '%s samples finite images, of files that were announced',
    async (_, method) => {
      await fc.assert(
        fc.asyncProperty(accepted(method, family), async (settings) => {
          const announced = announcedFor(settings, family)
          const denoiser = toyDenoiser((row) => {
            for (const file of filesOf(row, family)) expect(announced).toContain(file)
            return answer(row)
          })
          for (const image of await images({ ...denoiser, model: family }, settings, vision))
            expect(image.every((value) => Number.isFinite(value))).toBe(true)
        }),
        tries(6),
      )
    },
  )

  const folder = join(import.meta.dirname, '../../../models/tiny')
  const tiny = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))

  it('of the tiny network, too', async () => {
    // Two steps are the fewest.
    const any = fc.constantFrom(...methods).chain((method) => accepted(method, tiny, { steps: 2, samples: 1 }))
    const family = new FamilyDenoiser({
      model: tiny,
      read: async ({ file }) => readFileSync(join(folder, file)),
      create: (request) =>
        new OnnxDenoiser({
          ...request,
          model: tiny,
          runtime: { InferenceSession, Tensor },
          // Sessions are kept, and made without much thought: building them is what takes the time.
          sessionOptions: { executionProviders: ['cpu'], intraOpNumThreads: 1, graphOptimizationLevel: 'disabled' },
          batch: { kind: 'static', sessions: 64 },
          maxRows: 4,
        }),
      budget: 2 ** 28,
    })
    const check = async (settings: Settings) => {
      const announced = announcedFor(settings, tiny)
      const evaluate = (rows: readonly DenoiserRow[]) => {
        for (const file of rows.flatMap((row) => filesOf(row, tiny)))
          if (!announced.has(file)) throw new Error(`${file} was not announced`)
        return family.evaluate(rows)
      }
      const readAttention = (rows: readonly DenoiserRow[], layer: number) => family.readAttention(rows, layer)
      expect(await images({ model: tiny, evaluate, readAttention }, settings, vision)).not.toHaveLength(0)
    }
    try {
      await fc.assert(fc.asyncProperty(any, check), tries(300))
    } finally {
      await family.dispose()
    }
  })

  it('a network of another shape beside a positive that looks at crops is refused with what to do', () => {
    const preset = { method: 'pair', positiveInput: 'swg', overlapOnly: false, crop: '1/2' }
    const beside = (weak: string) => parsePreset({ ...preset, stack: [{ method: 'autoguidance', weak }] }, family)
    expect(beside('main-1-16').ok).toBe(true)
    expect(beside('small')).toMatchObject({ ok: false, problem: expect.stringMatching(/small.*Set positiveInput/) })
  })

  it.each([
    ['pair', {}],
    ['apg', { negative: 'pair' }],
  ])('a positive that looks at crops samples (%s), and its crops are announced', async (method, parameters) => {
    for (const overlapOnly of [true, false]) {
      const own = { ...parameters, positiveInput: 'swg', overlapOnly, crop: '1/2', perSide: 3 }
      const result = parsePreset({ method, steps: 3, ...own }, family)
      if (!result.ok) throw new Error(result.problem)
      expect(announcedFor(result.settings, family)).toContain('crop.onnx')
      expect(await images({ ...toyDenoiser(answer), model: family }, result.settings)).toHaveLength(3)
    }
  })
})
