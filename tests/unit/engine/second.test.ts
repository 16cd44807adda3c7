/** A second network beside an opened one: what autoguidance then makes is what PyTorch made of both (tests/golden/second.py). */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFolder } from '../../../src/cli/opened-model'
import { loadNamedModel, type NodeModel } from '../../../src/cli/node-model'
import { disagreement } from '../../../src/engine/opened/agreement'
import { withoutSecond } from '../../../src/engine/opened/networks'
import { goldenError, parseGolden } from '../../../src/engine/golden'
import { keptOf, parseKept } from '../../../src/model/kept'
import { sample } from '../../../src/sampling/sample'
import { decodeLink, defaultSettings, encodeLink } from '../../../src/settings'
import { settingsFaults } from '../../../src/settings/refusals'

const folder = join(import.meta.dirname, '../../golden/second')
const golden = JSON.parse(readFileSync(join(folder, '../second.json'), 'utf8')) as {
  readonly scale: number
  readonly steps: number
  readonly initial: readonly number[]
  readonly trajectory: readonly {
    readonly sigma: number
    readonly guided: readonly number[]
    readonly x: readonly number[]
  }[]
}

let node: NodeModel
beforeAll(async () => {
  node = await loadNamedModel(folder, { threads: 1 })
}, 60_000)
afterAll(async () => node.dispose())

it('is guided away from the weak one, on the whole way, as PyTorch is', async () => {
  const { model, denoiser } = node
  const [main, second, ...more] = model.networks
  expect([main!.role, second!.role, second!.name, more.length]).toEqual(['unconditional', 'second', 'weak', 0])
  const settings = {
    ...defaultSettings(model, 'autoguidance'),
    scale: golden.scale,
    steps: golden.steps,
    solver: 'euler',
    samples: 1,
    rescale: 0,
  }
  expect(settings.parameters['weak']).toBe(second!.id)
  expect(settingsFaults(settings, model)).toEqual([])
  const initial = [Float32Array.from(golden.initial)]
  let step = 0
  for await (const event of sample({ denoiser, settings, alone: [], initial })) {
    if (event.kind !== 'step') continue
    const wanted = golden.trajectory[step]!
    const { guided } = event.record.samples[0]!
    expect(event.record.sigma / wanted.sigma).toBeCloseTo(1, 6)
    const length = Math.max(...wanted.guided.map(Math.abs))
    for (const [i, value] of wanted.guided.entries())
      expect(Math.abs(guided.denoised[i]! - value)).toBeLessThan(1e-4 * length)
    step += 1
  }
  expect(step).toBe(golden.steps)
})

describe('a second network', () => {
  const refusals = (method: string, patch: object) =>
    settingsFaults({ ...defaultSettings(node.model, method), ...patch }, node.model).map(({ why }) => why)

  it('is run as it came: it is no positive, and a pair does nothing inside it', () => {
    const second = node.model.networks[1]!.id
    expect(decodeLink(`model=${node.model.id}&method=pag&network=${second}`, node.model).problems.join()).toContain(
      'network must be one of main',
    )
    const pair = (parameters: object) => {
      const settings = defaultSettings(node.model, 'pair')
      return refusals('pair', { parameters: { ...settings.parameters, ...parameters } }).join()
    }
    const other = { negativeNetwork: 'other', weak: second, weakEma: 'stored', negativePerturbation: 'none' }
    const perturbed = { negativePerturbation: 'seg', sigma: Infinity }
    expect(pair(other)).toBe('')
    expect(pair(perturbed)).toBe('')
    expect(pair({ ...other, ...perturbed })).toContain('attention')
  })

  it('is named by its hash in links, and said where it is not here', () => {
    const settings = { ...defaultSettings(node.model, 'autoguidance'), scale: 2 }
    const link = encodeLink(settings, node.model)
    expect(decodeLink(link, node.model).settings).toEqual(settings)
    const other = encodeLink(
      { ...settings, parameters: { ...settings.parameters, weak: 'early_0123456789abcdef' } },
      node.model,
    )
    expect(decodeLink(other, node.model).problems.join(' ')).toContain('its SHA-256 begins 0123456789abcdef')
    // The same file, whatever its reader has called it.
    const renamed = link.replaceAll('weak_', 'bad_')
    expect(renamed).not.toBe(link)
    expect(decodeLink(renamed, node.model).settings.parameters['weak']).toBe(node.model.networks[1]!.id)
    const alone = withoutSecond(node.model, node.model.networks[1]!.id)
    expect(decodeLink(link, alone).problems.join(' ')).toContain(`begins ${node.model.networks[1]!.id.slice(-16)}`)
  })

  it('is kept as JSON with the model, and gives on every device what it gave here', async () => {
    const { model, files } = await openFolder(folder, 1)
    expect(parseKept(JSON.parse(JSON.stringify(keptOf(model)))).networks).toEqual(model.networks)
    const second = model.networks[1]!
    const answers = parseGolden(files[second.golden!.file]!, model)
    const of = {
      model,
      evaluate: (rows: Parameters<NodeModel['denoiser']['evaluate']>[0]) =>
        node.denoiser.evaluate(rows.map((row) => ({ ...row, network: { id: second.id } }))),
    }
    expect(await goldenError(of as never, answers)).toBeLessThan(1e-6)
  })
})

describe('what is no second network', () => {
  it('is said: what differs, and what to do', () => {
    const { model } = node
    const input = (name: string, dims: readonly (number | string | null)[]) => ({ name, dtype: 'float32', dims })
    const like = {
      inputs: [input('x', ['rows', 3, 8, 8]), input('sigma', [null])],
      outputs: [input('denoised', ['rows', 3, 8, 8])],
    }
    expect(disagreement(like, model)).toBeNull()
    const but = (change: Partial<typeof like>) => disagreement({ ...like, ...change }, model)
    expect(but({ inputs: [like.inputs[0]!] })).toContain('its inputs are x, the first’s x, sigma')
    expect(but({ inputs: [...like.inputs, input('y', [null])] })).toContain('its inputs are x, sigma, y')
    expect(but({ inputs: [input('x', ['rows', 3, 16, 16]), like.inputs[1]!] })).toContain(
      'its input x is [rows, 3, 16, 16], the first’s [rows, 3, 8, 8]',
    )
    expect(but({ inputs: [input('x', [2, 3, 8, 8]), like.inputs[1]!] })).toContain(
      '2 rows at a time, the first any number',
    )
    expect(but({ inputs: [{ ...like.inputs[0]!, dtype: 'float16' }, like.inputs[1]!] })).toContain('is float16')
    expect(but({ outputs: [input('eps', ['rows', 3, 8, 8])] })).toContain('its outputs are eps')
    expect(but({ outputs: [input('denoised', ['rows', 6, 8, 8])] })).toContain('[rows, 6, 8, 8]')
  })

  it('is the first network itself', async () => {
    const own = mkdtempSync(join(tmpdir(), 'second-'))
    try {
      cpSync(join(folder, 'model.onnx'), join(own, 'model.onnx'))
      cpSync(join(folder, 'model.onnx'), join(own, 'weak.onnx'))
      await expect(openFolder(own, 1)).rejects.toThrow('This is the first network itself')
    } finally {
      rmSync(own, { recursive: true })
    }
  })
})
