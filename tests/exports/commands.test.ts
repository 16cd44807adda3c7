/** The commands on a person's file: probe does what PyTorch does by hand, and an instrumented graph is guided by the guide's own Python. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { instrumentCommand } from '../../src/cli/instrument'
import { probeCommand } from '../../src/cli/probe'
import { sampleCommand } from '../../src/cli/sample'
import { npy } from '../../src/storage/npy'
import { readNpy, readNpz } from '../../src/storage/read-npz'
import { zipped } from '../../src/storage/zip'
import { toByte } from '../../src/core/image'
import { doublingDecoder } from '../support/decoder'
import { deviations, exportNames, readExport, type Exported } from '../support/export-files'

const exportsFolder = process.env['EXPORTS'] ?? ''
const python = process.env['EXPORTS_PYTHON'] ?? ''
let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'commands-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What PyTorch was given, or one of its rows twice, as `numpy.savez` writes it. */
function arrays(exported: Exported, twice: number | null = null): string {
  const files = exported.inputs.map((name) => {
    const { data, dims } = exported.tensor(`input:${name}`)
    const values = data instanceof Float32Array ? data : Float64Array.from(data, Number)
    const each = values.length / dims[0]!
    const shared = exported.shared.includes(name)
    if (twice !== null && !shared)
      for (let row = 0; row < 2; row++) values.copyWithin(row * each, twice * each, (twice + 1) * each)
    return [`${name}.npy`, npy(values, dims)] as const
  })
  const path = join(folder, 'in.npz')
  writeFileSync(path, zipped(Object.fromEntries(files)))
  return path
}

const floats = (file: string, name: string): Float32Array => {
  const { data } = readNpz(readFileSync(join(folder, file)))[name] ?? {}
  if (data instanceof Float32Array) return data
  throw new Error(`${file} has no floats ${name}`)
}

/** Tokens in a row beside a text, windows, one row at a time, halves. */
const TRIED: readonly (readonly [name: string, ...flags: string[]])[] = [
  ['flux-legacy17', '--grid', '4x6'],
  ['swin-legacy18'],
  ['one-row-dynamo20'],
  ['edm-legacy17-half-inside'],
]
const made = exportNames(exportsFolder)

describe.each(TRIED.filter(([name]) => made.includes(name)))('%s', (name, ...flags) => {
  const exported = readExport(exportsFolder, name)
  const bound = Math.max(1e-4, 3 * exported.error)
  const number = exported.layers.map(({ kind }) => kind === 'self' || kind === 'joint').lastIndexOf(true)
  const layer = exported.layers.slice(0, number).filter(({ kind }) => kind === 'self' || kind === 'joint').length

  it('is probed as PyTorch is changed by hand', async () => {
    const { identity, blur } = exported.rows
    const ask = [exported.path, '--inputs', arrays(exported), '--layers', `${layer}`, '--threads', '1', ...flags]
    const out = ['--out', join(folder, 'out.npz')]
    for (const [key, row, what] of [
      [`identity_${number}`, identity, ['--pag', '1']],
      [`blur_${number}_2`, blur, ['--seg', '2']],
    ] as const) {
      await probeCommand([...ask, ...what, '--rows', `${row}`, ...out])
      expect(deviations(floats('out.npz', 'output'), exported.floats(key)), key).toBeLessThan(bound)
    }
  })
})

describe.runIf(made.includes('dit-dynamo23'))('a folder', () => {
  it('is sampled as a family of ours is, with its layers guided and its latents decoded', async () => {
    const own = join(folder, 'somebodys')
    mkdirSync(own)
    copyFileSync(join(exportsFolder, 'dit-dynamo23.onnx'), join(own, 'net.onnx'))
    writeFileSync(join(own, 'vae_decoder.onnx'), doublingDecoder(4))
    const out = join(folder, 'drawn')
    const said = vi.spyOn(console, 'error').mockReturnValue()
    const asked = ['--method', 'seg', '--layers', '0_2', '--steps', '2', '--scale', '1']
    await sampleCommand(['--model', own, ...asked, '--out', out, '--tensors', '--threads', '1'])
    expect(said.mock.calls.join()).toContain('to confirm: prediction')
    const [positive, negative, guided] = ['D_pos', 'D_neg', 'D'].map((name) => {
      const { shape, data } = readNpy(readFileSync(join(out, `${name}.npy`)))
      expect(shape).toEqual([2, 1, 4, 12, 12])
      return data instanceof Float32Array ? data : new Float32Array()
    })
    expect(
      deviations(
        guided!,
        positive!.map((value, i) => 2 * value - negative![i]!),
      ),
    ).toBeLessThan(1e-5)
    expect(deviations(negative!, positive!)).toBeGreaterThan(0.01)
    const { width, height, data } = decode(readFileSync(join(out, 'guided.png')))
    expect([width, height]).toEqual([24, 24])
    // The decoder's first channel is the latent's.
    const last = guided!.subarray(guided!.length / 2)
    expect(data[0]).toBe(toByte(last[0]!))
  })
})

describe.runIf(python !== '' && made.includes('edm-legacy17'))('in the guide', () => {
  it('the Python guides an instrumented graph as probe does', async () => {
    const exported = readExport(exportsFolder, 'edm-legacy17')
    const input = arrays(exported, 1)
    await instrumentCommand([exported.path, '-o', join(folder, 'guided.onnx'), '--threads', '1'])
    const guide = readFileSync(join(import.meta.dirname, '../../docs/any-network.md'), 'utf8')
    const [, code = ''] = /```python\n([\s\S]*?)```/.exec(guide) ?? []
    const { status, stderr } = spawnSync(python, ['-c', code], { cwd: folder, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    for (const [name, what] of [
      ['pag', ['--pag', '1']],
      ['seg', ['--seg', '2']],
    ] as const) {
      await probeCommand([
        exported.path,
        '--inputs',
        input,
        '--layers',
        '0',
        '--rows',
        '1',
        ...what,
        '--threads',
        '1',
        '--out',
        join(folder, 'out.npz'),
      ])
      const both = floats('out.npz', 'output')
      const [whole, changed] = [both.subarray(0, both.length / 2), both.subarray(both.length / 2)]
      expect(deviations(floats(`${name}.npz`, 'negative'), changed)).toBeLessThan(1e-4)
      const wanted = whole.map((value, i) => value + 3 * (value - changed[i]!))
      expect(deviations(floats(`${name}.npz`, 'guided'), wanted)).toBeLessThan(1e-4)
      expect(deviations(whole, changed)).toBeGreaterThan(0.1)
    }
  })
})
