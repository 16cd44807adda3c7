/**
 * What the recipe of the networks (models/tiny/train/recipe.sh) has just made, from data to export, in the engine. `npm test`
 * runs the recipe first and says where: RECIPE is its folder.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GOLDEN_TOLERANCE, goldenError, relativeError } from '../../src/engine/golden'
import { loadNodeModel, type NodeModel } from '../../src/cli/node-model'
import { goldenRuns } from '../support/golden-run-files'
import { insertControls } from '../../src/network/controls/insert'
import { parseModel } from '../../src/network/onnx'
import { compareRun, worst } from '../support/golden-runs'
import { runPreset } from '../support/run-preset'
import { models, referenceCases } from '../unit/engine/golden-files'

const folder = process.env['RECIPE'] ?? ''
const golden = join(folder, 'golden')

let made: NodeModel
beforeAll(async () => {
  made = await loadNodeModel(join(folder, 'model'), { threads: 1 })
})
afterAll(() => made.dispose())

describe('the recipe', () => {
  it('learns: the loss falls by a quarter and more', () => {
    const losses = readFileSync(join(folder, 'runs', 'main', 'log.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => Number(line.split(',')[1]))
    expect(losses.at(-1)!).toBeLessThan(0.75 * losses[0]!)
  })

  it('makes the family that is shipped', async () => {
    const shipped = await loadNodeModel(join(models, 'tiny'), { threads: 1 })
    const shape = ({ model }: NodeModel) => ({
      networks: model.networks.map(({ id, role, parameters, heads, labelDropout }) => ({
        id,
        role,
        parameters,
        heads,
        labelDropout,
      })),
      averages: model.networks.map(({ averages }) => averages.map(({ sigmaRel }) => sigmaRel)),
      crops: model.crops.map(({ height, width }) => [height, width]),
      layers: model.layers,
    })
    expect(shape(made)).toEqual(shape(shipped))
    expect(made.model.weights.sha256).not.toBe(shipped.model.weights.sha256)
    await shipped.dispose()
  })
})

describe('the engine', () => {
  it('reads a graph of separable convolutions as it reads the others', () => {
    const graph = parseModel(readFileSync(join(folder, 'separable.onnx')))
    const layers = insertControls(graph, { rows: 'dynamic', features: ['skip', 'dropout'], map: null, form: 'fused' })
    expect(layers).toHaveLength(made.model.layers.length)
    for (const layer of layers)
      expect(layer).toMatchObject({ skippable: { attention: true, block: true }, dropoutChannels: 8 })
  })

  it('reproduces the check that starts it', async () => {
    expect(await goldenError(made.denoiser, made.golden)).toBeLessThan(GOLDEN_TOLERANCE)
  })

  it('denoises like PyTorch in every stored case', async () => {
    const cases = referenceCases('tiny', golden).filter(({ tensors }) => tensors.denoised && !tensors.mask)
    expect(cases.length).toBeGreaterThan(50)
    const denoised = await made.denoiser.evaluate(cases.map(({ row }) => row))
    for (const [i, { name, tensors }] of cases.entries())
      expect(relativeError(denoised[i]!, tensors.denoised!), name).toBeLessThan(1e-4)
  })

  it.each(['autoguidance', 'cfg', 'sims'])('guides like PyTorch by %s, a whole run', async (method) => {
    const run = goldenRuns('tiny', golden).find(({ preset }) => preset.method === method)!
    const { records, final } = await runPreset(made, run.preset)
    const { what, error } = worst(compareRun(run, records, final))
    expect(error, what).toBeLessThan(1e-4)
    expect(records.some(({ samples }) => samples[0]!.predictionNegative !== null)).toBe(true)
  })
})
