import { solvers } from '../../../src/sampling/solver-registry'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { sampleCommand } from '../../../src/cli/sample'
import { UsageError } from '../../../src/cli/usage'
import { methods } from '../../../src/guidance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sample-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The command in this process. */
const runSample = (...args: string[]) => sampleCommand([...args, '--threads', '1'])

/** As a person starts it. */
function startSample(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/tsx/dist/cli.mjs', 'src/cli/sample.ts', ...args],
    { cwd: root, encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

function preset(name: string, content: unknown): string {
  const file = join(folder, `${name}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

/** Reads float32 .npy of version 1.0. */
function readNpy(file: string): { shape: number[]; data: Float32Array } {
  const bytes = readFileSync(file)
  const length = bytes.readUInt16LE(8)
  const header = bytes.toString('latin1', 10, 10 + length)
  expect(header).toMatch(/'descr': '<f4'.*'fortran_order': False/)
  expect((10 + length) % 64).toBe(0)
  const shape = /\(([^)]*)\)/.exec(header)![1]!.split(',').map(Number)
  return { shape, data: new Float32Array(new Uint8Array(bytes.subarray(10 + length)).buffer) }
}

const run = (out: string) =>
  JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as {
    steps: { sigma: number; samples: { differenceNorm: number; cosine: number }[] }[]
    sha256: Record<'positive' | 'negative' | 'guided', string[]>
  }

describe('npm run sample', () => {
  it('writes images, tensors that obey the guidance equation, and the same digests twice', async () => {
    const file = preset('good', { model: 'tiny', method: 'pag', scale: 1.5, steps: 4, samples: 2, class: 3 })
    const out = join(folder, 'good')
    expect(await runSample('--preset', file, '--out', out, '--tensors')).toMatch(/: pag, s 1\.5, \d+ rows in/)
    const { shape, data: positive } = readNpy(join(out, 'D_pos.npy'))
    expect(shape).toEqual([4, 2, 3, 16, 16])
    const negative = readNpy(join(out, 'D_neg.npy')).data
    const guided = readNpy(join(out, 'D.npy')).data
    guided.forEach((value, i) =>
      expect(Math.abs(value - (positive[i]! + 1.5 * (positive[i]! - negative[i]!)))).toBeLessThan(1e-5),
    )

    const first = run(out)
    const pixels = 3 * 16 * 16
    const difference = positive.subarray(0, pixels).map((value, i) => value - negative[i]!)
    expect(first.steps[0]!.samples[0]!.differenceNorm).toBeCloseTo(Math.hypot(...difference), 4)
    // The last step ends at σ = 0, where the image is the guided D.
    const last = guided.subarray((3 * 2 + 1) * pixels, (3 * 2 + 2) * pixels)
    expect(first.sha256.guided[1]).toBe(createHash('sha256').update(new Uint8Array(last.slice().buffer)).digest('hex'))
    const png = decode(readFileSync(join(out, 'guided.png')))
    expect([png.width, png.height, png.channels]).toEqual([32, 16, 3])
    expect(png.data[0]).toBe(Math.round(Math.min(1, Math.max(-1, guided[3 * 2 * pixels]!)) * 127.5 + 127.5))

    const again = join(folder, 'again')
    await runSample('--preset', file, '--out', again)
    expect(run(again).sha256).toEqual(first.sha256)
    expect(readdirSync(again).sort()).toEqual(['guided.png', 'negative.png', 'positive.png', 'run.json'])
  })

  it('takes a link', async () => {
    const out = join(folder, 'link')
    await runSample('--preset', 'https://example.org/play/#v=1&method=seg&model=tiny&steps=3&sigma=2', '--out', out)
    expect(run(out)).toMatchObject({ settings: { method: 'seg', sigma: 2, steps: 3 } })
  })

  it('takes flags in the place of a preset’s keys, or of a preset', async () => {
    const out = join(folder, 'flags')
    await runSample(
      '--model',
      'tiny',
      '--method',
      'pag',
      '--layers',
      '2_3',
      '--window',
      '0.5_inf',
      '--steps',
      '2',
      '--out',
      out,
    )
    expect(run(out)).toMatchObject({ settings: { model: 'tiny', layers: [2, 3], window: [0.5, 'inf'], steps: 2 } })
    const file = preset('flagged', { model: 'tiny', method: 'seg', sigma: 2, scale: 4, steps: 3, seed: 9 })
    await runSample('--preset', file, '--scale', '0.5', '--out', out)
    expect(run(out)).toMatchObject({ settings: { method: 'seg', sigma: 2, scale: 0.5, steps: 3, seed: 9 } })
    // Another method brings its own scale and parameters.
    await runSample('--preset', file, '--method', 'icg', '--exclude', 'true', '--out', out)
    expect(run(out)).toMatchObject({ settings: { method: 'icg', exclude: true, scale: 0.5, steps: 3, seed: 9 } })
    await expect(runSample('--preset', file, '--rate', '1', '--out', out)).rejects.toThrow(
      /rate is not a setting of method/,
    )
    await expect(runSample('--preset', file, '--steps', 'many', '--out', out)).rejects.toThrow('steps must be a number')
  })

  it.each([
    ['an unknown key', { model: 'tiny', colour: 1 }, '"colour" is not a setting'],
    ['a value out of range', { model: 'tiny', steps: 1000 }, 'steps must be between 2 and 64, not 1000'],
    ['a model that does not exist', { model: 'absent' }, 'absent'],
    ['broken JSON', '{"model": ', 'is not JSON'],
    [
      'a value of several lines',
      { model: 'tiny', solver: 'eu\nler' },
      `solver must be one of ${solvers.map(({ id }) => id).join(', ')}, not "eu\\nler"`,
    ],
  ])('%s: refused, nothing written', async (name, content, message) => {
    const out = join(folder, 'never')
    const error: unknown = await runSample('--preset', preset(name.replaceAll(' ', '-'), content), '--out', out).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(UsageError)
    expect(String(error)).toContain(message)
    expect(existsSync(out)).toBe(false)
  })

  it('ends with one line and status 2 where the preset is wrong', () => {
    const file = preset('two-lines', { model: 'tiny', solver: 'eu\nler' })
    const { status, stdout, stderr } = startSample('--preset', file, '--out', join(folder, 'never'))
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr.trim()).toMatch(/^solver must be one of [^\n]*$/)
  })

  it('says that the output cannot be a folder', async () => {
    const file = preset('in-the-way', { model: 'tiny' })
    await expect(runSample('--preset', file, '--out', file)).rejects.toThrow(/^--out .* cannot be a folder: /)
  })

  it('draws one image of a larger run alone, to the bit, whatever is drawn at random on the way', async () => {
    const common = {
      model: 'tiny',
      method: 'icg',
      redraw: 'step',
      steps: 3,
      solver: 'ddim',
      ancestral: 1,
      seed: 5,
      class: 3,
    }
    const [many, alone] = [join(folder, 'many'), join(folder, 'alone')]
    await runSample('--preset', preset('many', { ...common, samples: 4, image: 1 }), '--out', many)
    await runSample('--preset', preset('alone', common), '--image', '3', '--out', alone)
    const [all, one] = [run(many).sha256, run(alone).sha256]
    for (const role of ['positive', 'negative', 'guided'] as const) {
      expect(new Set(all[role]).size).toBe(4)
      expect(one[role]).toEqual([all[role][2]])
    }
  })

  it('explains itself', async () => {
    const help = await sampleCommand(['--help'])
    for (const word of ['--preset', '--tensors', '--window', '--solver', 'Exit status']) expect(help).toContain(word)
    for (const { id, parameters } of [...methods, ...solvers])
      for (const { key } of parameters)
        expect(help).toMatch(new RegExp(`^  ${id.replaceAll('+', '\\+')} .*${key}`, 'm'))
    await expect(runSample('--presett', 'x')).rejects.toThrow(UsageError)
    await expect(runSample('--out', 'x')).rejects.toThrow('--preset FILE_OR_LINK is missing (--help explains)')
    await expect(runSample('--scale', '1')).rejects.toThrow('--out DIR is missing (--help explains)')
  })
})
