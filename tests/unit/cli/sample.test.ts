import { solvers } from '../../../src/sampling/solver-registry'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sample-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function runSample(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/tsx/dist/cli.mjs', 'src/cli/sample.ts', ...args],
    {
      cwd: root,
      encoding: 'utf8',
    },
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
  it('writes images, tensors that obey the guidance equation, and the same digests twice', () => {
    const file = preset('good', { model: 'tiny', method: 'pag', scale: 1.5, steps: 4, samples: 2, class: 3 })
    const out = join(folder, 'good')
    expect(runSample('--preset', file, '--out', out, '--tensors')).toMatchObject({ status: 0, stderr: '' })
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
    expect(runSample('--preset', file, '--out', again).status).toBe(0)
    expect(run(again).sha256).toEqual(first.sha256)
    expect(readdirSync(again).sort()).toEqual(['guided.png', 'negative.png', 'positive.png', 'run.json'])
  })

  it('takes a link', () => {
    const out = join(folder, 'link')
    expect(
      runSample('--preset', 'https://example.org/play/#v=1&method=seg&model=tiny&steps=3&sigma=2', '--out', out).status,
    ).toBe(0)
    expect(run(out)).toMatchObject({ settings: { method: 'seg', sigma: 2, steps: 3 } })
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
  ])('%s: one line, status 2, nothing written', (name, content, message) => {
    const out = join(folder, 'never')
    const { status, stderr } = runSample('--preset', preset(name.replaceAll(' ', '-'), content), '--out', out)
    expect(status).toBe(2)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain(message)
    expect(existsSync(out)).toBe(false)
  })

  it('says that the output cannot be a folder', () => {
    const file = preset('in-the-way', { model: 'tiny' })
    const { status, stderr } = runSample('--preset', file, '--out', file)
    expect(status).toBe(2)
    expect(stderr).toMatch(/^--out .* cannot be a folder: .*\n$/)
  })

  it('explains itself', () => {
    const { status, stdout } = runSample('--help')
    expect(status).toBe(0)
    for (const word of ['--preset', '--tensors', 'window', 'Exit status']) expect(stdout).toContain(word)
    expect(runSample('--presett', 'x')).toMatchObject({ status: 2 })
    expect(runSample('--out', 'x').stderr).toBe('--preset FILE_OR_LINK is missing (--help explains)\n')
  })
})
