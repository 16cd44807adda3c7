import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { evaluate } from '../../../src/cli/evaluate'
import { judgeOf, loadJudge } from '../../../src/cli/evaluate/judge'
import { modelFolder } from '../../../src/cli/models'
import { loadNodeModel } from '../../../src/cli/node-model'
import { openPreset } from '../../../src/cli/preset'
import { draw } from '../../../src/cli/sample/draw'
import { UsageError } from '../../../src/cli/usage'
import { FamilyDenoiser } from '../../../src/engine/family'
import type { Metrics } from '../../../src/evaluation/metrics'
import { judgedLine } from '../../../src/evaluation/record'

const root = join(import.meta.dirname, '../../..')
let folder = ''
const told: string[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evaluate-'))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(told.push(String(text))))
})
afterAll(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

function preset(name: string, content: object): string {
  const file = join(folder, `${name}.json`)
  writeFileSync(file, JSON.stringify(content))
  return file
}

const lines = (file: string) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as { index: number; asked: number; features: string })

describe('npm run evaluate', () => {
  it('gives the same numbers in one run, in shards that are merged, and after an interruption', async () => {
    const file = preset('good', { model: 'tiny', method: 'pag', scale: 1, steps: 2, seed: 5 })
    const common = ['--preset', file, '--samples', '22', '--batch', '4', '--threads', '1', '--json']
    const whole = join(folder, 'whole')
    const evaluated = vi.spyOn(FamilyDenoiser.prototype, 'evaluate')
    const one = await evaluate([...common, '--out', whole])
    // Two rows a step, D⁺ and D⁻ at the guided image: nobody looks at the other trajectories.
    expect(evaluated.mock.calls.reduce((sum, [rows]) => sum + rows.length, 0)).toBe(22 * 2 * 2)
    evaluated.mockRestore()
    expect(told.at(-1)).toContain('22 of 22 images')
    const metrics = JSON.parse(one) as Metrics
    expect(metrics.samples).toBe(22)
    // A network that was hardly trained, enlarged four times, is far from any avatar.
    expect(metrics.frechet.value).toBeGreaterThan(20)
    expect(lines(whole).map(({ index, asked }) => [index, asked])).toEqual(
      Array.from({ length: 22 }, (_, i) => [i, i % 10]),
    )

    const [first, second] = [join(folder, 'first'), join(folder, 'second')]
    await evaluate([...common, '--out', first, '--shard', '1/2'])
    await expect(evaluate(['--merge', first, '--samples', '22'])).rejects.toThrow('10 of 22 images are missing')
    await evaluate([...common, '--out', second, '--shard', '2/2'])
    expect([lines(first).length, lines(second).length]).toEqual([12, 10])
    expect(await evaluate(['--merge', second, first, '--json'])).toBe(one)

    const complete = readFileSync(whole)
    truncateSync(whole, complete.length - 1000)
    expect(await evaluate([...common, '--out', whole])).toBe(one)
    expect(readFileSync(whole).equals(complete)).toBe(true)
    await expect(evaluate([...common, '--steps', '3', '--out', whole])).rejects.toThrow('another evaluation')
  })

  it('draws one class only where the preset names it', async () => {
    const out = join(folder, 'fixed')
    await evaluate([
      '--preset',
      preset('fixed', { model: 'tiny', method: 'none', steps: 2, class: 3 }),
      '--samples',
      '5',
      '--out',
      out,
      '--threads',
      '1',
    ])
    expect(lines(out).map(({ asked }) => asked)).toEqual([3, 3, 3, 3, 3])
  })

  it('draws one image of a run alone, as sample does to the bit, and says what the judge sees', async () => {
    const random = { method: 'icg', redraw: 'step', solver: 'ddim', ancestral: 1 }
    const file = preset('random', { model: 'tiny', ...random, steps: 3, class: 3 })
    const image = ['--preset', file, '--image', '3', '--threads', '1']
    const [two, alone] = [join(folder, 'two'), join(folder, 'alone')]
    await evaluate([...image, '--seed', '4', '--samples', '2', '--out', two])
    const words = await evaluate([...image, '--seed', '5', '--samples', '1', '--out', alone])
    const [other, same] = lines(two)
    expect(lines(alone)).toEqual([{ ...same, index: 0 }])
    expect(other!.features).not.toBe(same!.features)

    const loaded = await loadNodeModel(modelFolder('tiny'), { threads: 1 })
    const run = { ...openPreset(file, {}).settings(loaded.model), seed: 5, image: 2, samples: 2 }
    const { final } = await draw(loaded, run)
    const judge = await loadJudge(judgeOf('tiny'), 1)
    const [, seen] = await judge.judge(
      final.map(({ guided }) => guided),
      loaded.model.image,
    )
    await Promise.all([loaded.dispose(), judge.dispose()])
    expect(lines(alone)).toEqual([JSON.parse(judgedLine({ index: 0, asked: 3, ...seen! }))])

    const { classes } = loaded.model.conditioning
    expect(words).toContain(`image 0: asked for ${classes[3]!.name}, the judge sees ${classes[seen!.seen]!.name}\n`)
    const json = await evaluate([...image, '--seed', '5', '--samples', '1', '--out', alone, '--json'])
    expect(JSON.parse(json)).toEqual({ samples: 1, seen: [{ index: 0, asked: 3, seen: seen!.seen }] })
  })

  it.each([
    [[], 'give one of --preset'],
    [['--images', 'a', '--merge', 'b'], 'give one of --preset'],
    [['--preset', 'nowhere.json'], '--samples N is missing'],
    [['--preset', 'nowhere.json', '--samples', '0'], '--samples must be a whole number'],
    [['--model', 'tiny', '--steps', '1', '--samples', '5'], 'steps must be between 2 and 64, not 1'],
    [['--model', 'tiny', '--method', 'pag', '--images', 'a'], 'give one of --preset'],
    [['--model', 'nobody', '--merge', 'a'], 'there is no file a'],
    [['--preset', 'nowhere.json', '--samples', '5', '--shard', '3/2'], '--shard must be I/N'],
    [['--preset', 'nowhere.json', '--samples', '5', '--shard', '1/2'], '--shard needs --preset, and --out'],
    [['--preset', 'nowhere.json', '--samples', '5'], 'there is no preset file nowhere.json'],
    [['--images', 'nowhere'], 'there is no file nowhere.u8'],
    [['--merge'], '--merge needs the files'],
  ])('refuses %j with one sentence', async (args, words) => {
    const error: unknown = await evaluate(args).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(UsageError)
    expect(String(error)).toContain(words)
  })

  it('ends with status 2 on a fault of the arguments', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['node_modules/tsx/dist/cli.mjs', 'src/cli/evaluate.ts', '--wrong'],
      { cwd: root, encoding: 'utf8' },
    )
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr.trim()).toMatch(/^[^\n]*--wrong[^\n]*$/)
  })
})
