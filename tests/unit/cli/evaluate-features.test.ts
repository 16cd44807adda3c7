/** `npm run evaluate` with a feature network of a person's own: the mean of each colour, from a picture of 224 pixels. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { evaluate } from '../../../src/cli/evaluate'
import { modelFolder } from '../../../src/cli/models'
import { loadNodeModel } from '../../../src/cli/node-model'
import { openPreset } from '../../../src/cli/preset'
import { draw } from '../../../src/cli/sample/draw'
import { UsageError } from '../../../src/cli/usage'
import { toByte } from '../../../src/core/image'
import { readNpz } from '../../../src/storage/read-npz'
import { colourMeans } from '../../support/feature-networks'

let folder = ''
const at = (name: string) => join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'features-'))
  writeFileSync(at('net.onnx'), colourMeans())
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterAll(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

const preset = (scale: number) => ['--model', 'tiny', '--steps', '2', '--scale', String(scale), '--threads', '1']
const net = () => ['--features', at('net.onnx'), '--protocol', 'dinov2']

describe('evaluate --features', () => {
  it('makes a reference of images, and measures others against it', async () => {
    const ref = at('ref.npz')
    const said = await evaluate([...preset(0), '--samples', '8', ...net(), '--save-reference', ref])
    expect(said).toBe(`${ref}: 8 images of 3 features`)
    const { feats, mu } = readNpz(readFileSync(ref))
    expect(feats!.shape).toEqual([8, 3])

    // The mean of a colour is hardly changed by enlarging: told from the picture itself.
    const loaded = await loadNodeModel(modelFolder('tiny'), { threads: 1 })
    const settings = {
      ...openPreset(undefined, { model: 'tiny', steps: 2, scale: 0 }).settings(loaded.model),
      seed: 3,
      class: 2,
    }
    const { final } = await draw(loaded, settings)
    await loaded.dispose()
    const guided = final[0]!.guided
    const plane = guided.length / 3
    ;[0.485, 0.456, 0.406].forEach((mean, c) => {
      const bytes = guided.slice(c * plane, (c + 1) * plane).reduce((sum, value) => sum + toByte(value), 0)
      const expected = (bytes / plane / 255 - mean) / [0.229, 0.224, 0.225][c]!
      expect(Math.abs(Number(feats!.data[2 * 3 + c]) - expected)).toBeLessThan(0.05)
    })
    expect(mu!.data).toHaveLength(3)

    const compared = async (scale: number) => {
      const json = await evaluate([...preset(scale), '--samples', '8', ...net(), '--reference', ref, '--json'])
      const { metrics, ...about } = JSON.parse(json) as { metrics: Record<string, { value: number }> }
      expect(about).toEqual({ samples: 8, reference: 8, protocol: 'dinov2' })
      return metrics
    }
    const [same, other] = [await compared(0), await compared(8)]
    expect(Math.abs(same['FD-DINOv2']!.value)).toBeLessThan(1e-9)
    expect(other['FD-DINOv2']!.value).toBeGreaterThan(1e-3)
    expect(other.KID!.value).toBeGreaterThan(same.KID!.value)
    expect(await evaluate([...preset(8), '--samples', '8', ...net(), '--reference', ref])).toMatch(
      /^images {11}8\nFD-DINOv2 .*\nKID .*\nas dgm-eval/,
    )
  })

  it('does not go on with a record that another network has seen', async () => {
    const [out, ref] = [at('out'), at('two.npz')]
    await evaluate([...preset(0), '--samples', '2', ...net(), '--save-reference', ref, '--out', out])
    await expect(evaluate([...preset(0), '--samples', '4', '--out', out])).rejects.toThrow('another evaluation')
  })

  it.each([
    [['--protocol', 'cmmd'], /need --features/],
    [['--features', 'net.onnx', '--reference', 'a.npz'], /--protocol must be one of clean-fid, cmmd, dinov2/],
    [['--features', 'net.onnx', '--protocol', 'fid', '--reference', 'a.npz'], /not fid/],
    [['--features', 'net.onnx', '--protocol', 'cmmd'], /needs --reference/],
    [
      ['--features', 'nowhere.onnx', '--protocol', 'cmmd', '--reference', 'a.npz'],
      /there is no feature network nowhere/,
    ],
  ])('refuses %j with one sentence', async (args, words) => {
    const error: unknown = await evaluate([...preset(0), '--samples', '2', ...args]).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(UsageError)
    expect(String(error)).toMatch(words)
  })
})
