import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Metrics } from '../../../src/evaluation/metrics'

const root = join(import.meta.dirname, '../../..')
let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'evaluate-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function evaluate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'src/cli/evaluate.ts', ...args, '--threads', '1'], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

function preset(name: string, content: object): string {
  const file = join(folder, `${name}.json`)
  writeFileSync(file, JSON.stringify(content))
  return file
}

const lines = (file: string) => readFileSync(file, 'utf8').trim().split('\n').slice(1).map((line) => JSON.parse(line) as { index: number; asked: number })

describe('npm run evaluate', () => {
  it('gives the same numbers in one run, in shards that are merged, and after an interruption', () => {
    const file = preset('good', { model: 'tiny', method: 'pag', scale: 1, steps: 2, seed: 5 })
    const common = ['--preset', file, '--samples', '22', '--batch', '4']
    const whole = join(folder, 'whole')
    const one = evaluate(...common, '--out', whole, '--json')
    expect(one).toMatchObject({ status: 0 })
    expect(one.stderr).toContain('22 of 22 images')
    const metrics = JSON.parse(one.stdout) as Metrics
    expect(metrics.samples).toBe(22)
    // Noise of a network that was hardly trained is far from any avatar.
    expect(metrics.frechet.value).toBeGreaterThan(1)
    expect(lines(whole).map(({ index, asked }) => [index, asked])).toEqual(Array.from({ length: 22 }, (_, i) => [i, i % 10]))

    const shards = ['1/2', '2/2'].map((shard) => join(folder, shard.replace('/', 'of')))
    for (const [i, shard] of ['1/2', '2/2'].entries()) {
      const part = evaluate(...common, '--out', shards[i]!, '--shard', shard)
      expect(part).toMatchObject({ status: 0 })
      if (i === 0) expect(evaluate('--merge', shards[0]!, '--samples', '22')).toMatchObject({ status: 2, stderr: expect.stringContaining('10 of 22 images are missing') })
    }
    expect(lines(shards[0]!).length + lines(shards[1]!).length).toBe(22)
    expect(evaluate('--merge', ...shards, '--json').stdout).toBe(one.stdout)

    const complete = readFileSync(whole)
    truncateSync(whole, complete.length - 1000)
    expect(evaluate(...common, '--out', whole, '--json').stdout).toBe(one.stdout)
    expect(readFileSync(whole).equals(complete)).toBe(true)
    expect(evaluate(...common, '--steps', '3', '--out', whole)).toMatchObject({ status: 2, stderr: expect.stringContaining('another evaluation') })
  })

  it('draws one class only where the preset names it', () => {
    const out = join(folder, 'fixed')
    expect(evaluate('--preset', preset('fixed', { model: 'tiny', method: 'none', steps: 2, class: 3 }), '--samples', '5', '--out', out)).toMatchObject({ status: 0 })
    expect(lines(out).map(({ asked }) => asked)).toEqual([3, 3, 3, 3, 3])
  })

  it.each([
    [[], 'give one of --preset'],
    [['--preset', 'nowhere.json'], '--samples N is missing'],
    [['--preset', 'nowhere.json', '--samples', '0'], '--samples must be a whole number'],
    [['--preset', 'nowhere.json', '--samples', '5', '--shard', '3/2'], '--shard must be I/N'],
    [['--preset', 'nowhere.json', '--samples', '5', '--shard', '1/2'], '--shard needs --preset, and --out'],
    [['--preset', 'nowhere.json', '--samples', '5'], 'there is no preset file nowhere.json'],
    [['--images', 'nowhere'], 'there is no file nowhere.u8'],
    [['--merge'], '--merge needs the files'],
  ])('refuses %j with one sentence', (args, words) => {
    const { status, stderr } = evaluate(...args)
    expect(status).toBe(2)
    expect(stderr).toContain(words)
    expect(stderr.trim()).not.toContain('\n')
  })
})
