/** A grid of settings judged on the command line: the same bytes whoever drew it, and whatever happened meanwhile. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { evaluate } from '../../../src/cli/evaluate'
import { sweep } from '../../../src/cli/sweep'
import { readArguments } from '../../../src/cli/sweep/arguments'
import { costReport } from '../../../src/cli/sweep/cost'
import { takeLock } from '../../../src/cli/sweep/lock'
import { openSweep } from '../../../src/cli/sweep/opened'
import { UsageError } from '../../../src/cli/usage'
import { FamilyDenoiser } from '../../../src/engine/family'
import type { Metrics } from '../../../src/evaluation/metrics'
import { readResults, type Result } from '../../../src/lab/result'
import { colourMeans } from '../../support/feature-networks'

const root = join(import.meta.dirname, '../../..')
let folder = ''
const told: string[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-'))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(told.push(String(text))))
})
afterAll(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

const PRESET = { model: 'tiny', method: 'pag', steps: 4, seed: 3 }

function file(name: string, json: object): string {
  const path = join(folder, `${name}.json`)
  writeFileSync(path, JSON.stringify(json))
  return path
}

const grid = (more: object = {}) => ({
  title: 'Tiny',
  preset: PRESET,
  axes: [
    { key: 'layers', values: ['all', 3] },
    { key: 'scale', values: '0..1 by 0.5' },
  ],
  images: 10,
  judge: 'avatars',
  ...more,
})

const SOME = ['--batch', '4', '--threads', '1']
const results = (out: string) => readFileSync(join(out, 'results.jsonl'), 'utf8')
const parts = (out: string): readonly string[] =>
  existsSync(join(out, 'points'))
    ? readdirSync(join(out, 'points'), { recursive: true })
        .map(String)
        .filter((name) => name.endsWith('.jsonl'))
    : []
const images = (out: string) =>
  parts(out).reduce(
    (sum, name) =>
      sum +
      readFileSync(join(out, 'points', name), 'utf8')
        .trim()
        .split('\n').length -
      1,
    0,
  )

/** The folder of the whole grid, drawn once. */
async function wholeRun(): Promise<string> {
  const out = join(folder, 'whole')
  await sweep([file('whole', grid()), '--out', out, ...SOME])
  return out
}

describe('npm run sweep', () => {
  it('gives evaluate’s own numbers at each point, in the order of the axes, each point once', async () => {
    const out = join(folder, 'whole')
    const evaluated = vi.spyOn(FamilyDenoiser.prototype, 'evaluate')
    const rows: readonly Result[] = JSON.parse(await sweep([file('whole', grid()), '--out', out, ...SOME, '--json']))
    // s = 0 is no guidance on whatever layers, and is drawn once: 10 images × 4 steps, and twice that for the four others.
    expect(evaluated.mock.calls.reduce((sum, [asked]) => sum + asked.length, 0)).toBe(40 + 4 * 80)
    evaluated.mockRestore()
    expect(rows.map(({ values }) => `${values.layers} ${values.scale}`)).toEqual(
      ['all', '3'].flatMap((layers) => ['0', '0.5', '1'].map((scale) => `${layers} ${scale}`)),
    )
    expect(rows.map(({ rows: count }) => count)).toEqual([40, 80, 80, 40, 80, 80])
    const preset = file('preset', PRESET)
    const one = ['--preset', preset, '--scale', '1', '--layers', '3', '--judge', 'avatars', '--samples', '10', ...SOME]
    const { samples, agreement, ...metrics } = JSON.parse(await evaluate([...one, '--json'])) as Metrics
    expect(rows[5]).toMatchObject({ images: samples, metrics: { ...metrics, agreement }, seed: 3, by: 'cli' })
    expect(readResults(results(out))).toEqual(rows)
    // Nothing is drawn twice, and --of is the same grid.
    const drawn = images(out)
    const flags = Object.entries(PRESET).map(([key, value]) => `--${key}=${value}`)
    const of = ['--of', 'layers=all,3', '--of', 'scale=0, 0.5, 1', ...flags, '--images', '10', '--judge', 'avatars']
    expect(JSON.parse(await sweep([...of, '--out', out, ...SOME, '--json']))).toEqual(rows)
    expect(images(out)).toBe(drawn)
  })

  it('gives the same bytes when a worker was killed half-way and another did the rest, in other shards', async () => {
    const [whole, out] = [await wholeRun(), join(folder, 'shards')]
    const json = file('shards', grid())
    // It would draw forty times as many, so that it is at work when it is killed, however busy the machine is.
    const asked = [json, '--out', out, '--shard', '1/2', '--batch', '1', '--threads', '1', '--images', '400']
    const worker = spawn(process.execPath, ['--import', 'tsx', 'src/cli/sweep.ts', ...asked], {
      cwd: root,
      stdio: 'ignore',
    })
    const ended = once(worker, 'exit')
    await vi.waitUntil(() => images(out) > 0, { interval: 2, timeout: 50_000 })
    worker.kill('SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])
    const [left] = parts(out)
    const held = join(out, 'points', `${left!.split('/')[0]}/0.lock`)
    expect(existsSync(held)).toBe(true)
    // Half a line is what a full disk or a pulled plug leaves.
    appendFileSync(join(out, 'points', left!), '{"index":9,"asked":9,"se')
    await expect(sweep([json, '--merge', '--out', out])).rejects.toThrow('lack images: a shard is not done')
    for (const shard of ['3/3', '1/3', '2/3'])
      await sweep([json, '--out', out, '--shard', shard, '--batch', '1', '--threads', '1'])
    for (const shard of ['2/2', '1/2']) await sweep([json, '--out', out, '--merge', '--shard', shard])
    await sweep([json, '--out', out, '--merge'])
    expect(existsSync(held)).toBe(false)
    expect(results(out)).toBe(results(whole))
  })

  it('merges folders of machines that share none, and refuses images that differ', async () => {
    const json = file('apart', grid({ axes: [{ key: 'scale', values: [0.5] }] }))
    const [a, b, both] = ['a', 'b', 'both'].map((name) => join(folder, name)) as [string, string, string]
    await sweep([json, '--out', a, '--images', '5', ...SOME])
    await sweep([json, '--out', b, ...SOME])
    const merged = JSON.parse(await sweep([json, '--merge', a, b, '--out', both, '--json']))
    expect(merged).toEqual(readResults(results(b)))
    const [part] = parts(a)
    const path = join(a, 'points', part!)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace(/"features":"..../, '"features":"AAAA'))
    rmSync(both, { recursive: true })
    await expect(sweep([json, '--merge', a, b, '--out', both])).rejects.toThrow('image 0 differs between')
    truncateSync(path, text.length - 300)
    writeFileSync(path, `${text}not a line\n`)
    await expect(sweep([json, '--merge', a, '--out', both, '--images', '5'])).rejects.toThrow(
      /^line 7 of .* can't be read/,
    )
  })

  it('keeps classes that take turns and one class alone apart, also the first', async () => {
    const axes = [{ key: 'scale', values: [0.5] }]
    const ids = await Promise.all(
      [PRESET, { ...PRESET, class: 0 }, { ...PRESET, class: 1 }].map(async (preset, i) => {
        const [cell] = JSON.parse(await sweep([file(`class-${i}`, grid({ preset, axes })), '--list', '--json']))
        return cell.id as string
      }),
    )
    expect(new Set(ids).size).toBe(3)
  })

  it('writes features and results in other forms, and reads results', async () => {
    const [json, out] = [file('forms', grid()), await wholeRun()]
    const [csv, svg] = [join(folder, 'forms.csv'), join(folder, 'forms.svg')]
    const npz = join(folder, 'npz')
    await sweep([json, '--merge', '--out', out, '--write', csv, '--keep-features', npz])
    expect(readFileSync(csv, 'utf8').split('\r\n')).toHaveLength(8)
    expect(readdirSync(npz)).toHaveLength(5)
    const shown = await sweep(['--results', join(out, 'results.jsonl'), '--write', svg])
    expect(shown.split('\n')).toHaveLength(7)
    expect(readFileSync(svg, 'utf8').match(/<polyline/g)).toHaveLength(2)
    // A row of the page, by the numbers of a feature network that somebody brought.
    const [row] = readResults(results(out))
    const page = file('page', { ...row, by: 'page', metrics: { fid: { value: 12.3456, margin: 0.1 } } })
    expect(await sweep(['--results', page])).toMatch(/ fid .*\n.* 12\.346 ± 0\.100 /)
  })

  it('says of a feature network what evaluate says of it, at each point, and what it takes', async () => {
    const [net, reference, out] = ['net.onnx', 'reference.npz', 'by-features'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(net, colourMeans())
    const network = ['--features', net, '--protocol', 'dinov2']
    const tiny = ['--model', 'tiny', '--steps', '4', '--seed', '3', ...SOME]
    await evaluate([...tiny, '--scale', '0', '--samples', '10', ...network, '--save-reference', reference])
    const seen = [...network, '--reference', reference]
    const json = file('by-features', grid({ judge: undefined, axes: [{ key: 'scale', values: [0, 4] }] }))
    const rows: readonly Result[] = JSON.parse(await sweep([json, '--out', out, ...seen, ...SOME, '--json']))
    const own = await evaluate([...tiny, '--method', 'pag', '--scale', '4', '--samples', '10', ...seen, '--json'])
    expect(rows.map(({ values, metrics }) => [values['scale'], Object.keys(metrics)])).toEqual([
      ['0', ['FD-DINOv2', 'KID']],
      ['4', ['FD-DINOv2', 'KID']],
    ])
    expect(rows[1]!.metrics).toEqual((JSON.parse(own) as { metrics: unknown }).metrics)
    expect(Math.abs(rows[0]!.metrics['FD-DINOv2']!.value)).toBeLessThan(1e-9)
    expect(rows[1]!.metrics['FD-DINOv2']!.value).toBeGreaterThan(1e-3)
    // Neither the numbers of another reference nor the images of another network are taken for these.
    const other = join(folder, 'other.npz')
    await evaluate([...tiny, '--scale', '0', '--seed', '50', '--samples', '10', ...network, '--save-reference', other])
    const again = ['--merge', '--out', out, ...network, '--json']
    const against: readonly Result[] = JSON.parse(await sweep([json, ...again, '--reference', other]))
    expect(against[0]!.metrics['FD-DINOv2']!.value).toBeGreaterThan(1e-3)
    expect(JSON.parse(await sweep([json, ...again, '--reference', reference]))).toEqual(rows)
    await expect(sweep([json, '--out', out, '--judge', 'avatars', ...SOME])).rejects.toThrow('another evaluation')
    expect(await sweep([json, '--cost', ...seen])).toMatch(/of the same core: the feature network, /)
  })

  it('says what a sweep takes, by seconds that were measured', async () => {
    const args = readArguments([file('cost', grid({ images: 50_000 })), '--cost'])
    if (!args || 'results' in args) throw new Error('these are arguments of a sweep')
    const text = await costReport(await openSweep(args), 0.001, {
      evaluation: async (_opened, _model, ids) => Object.fromEntries(ids.map((id) => [id, 0.01])),
      judging: async () => 0.001,
      numbers: async () => (images) => images / 100,
    })
    expect(text).toContain('5 settings (6 cells) × 50,000 images: 250,000 images')
    // (4 + 4 × 8) evaluations for each of 50,000 seeds.
    expect(text).toContain('1,800,000 evaluations, 7.2 an image; of tiny: main 1,800,000')
    expect(text).toMatch(/^one core of .* 0\.01 +5 hours +3 minutes +18 seconds +measured now/m)
    expect(text).toMatch(/^yours +0\.001 +30 minutes +18 seconds +1\.8 seconds +--evaluation/m)
    expect(text).toContain('the judge, 4.2 minutes (1 ms an image); the numbers, 42 minutes (8.3 minutes a point')
    expect(text).toContain('0.14 GB (561 bytes an image)')
  })

  it.each([
    [[], 'name a sweep file'],
    [['--of', 'colour=1'], 'is no setting that can be varied'],
    [['--of', 'scale='], 'There is no value'],
    [['--of', 'scale'], 'KEY=VALUES'],
    [['--of', 'scale=1', '--images', '0'], '--images must be a whole number'],
    [['nowhere.json'], 'there is no sweep file nowhere.json'],
    [['package.json'], 'package.json: This is no sweep'],
    [['README.md'], 'README.md is no JSON'],
    [['package.json', '--shard', '3/2'], '--shard must be I/N'],
    [['package.json', '--shard', '1/2'], '--shard draws a part: it needs --out'],
    [['package.json', 'more'], 'what is more for?'],
    [['package.json', '--protocol', 'cmmd'], '--protocol and --reference need --features'],
    [['package.json', '--features', 'a.onnx', '--protocol', 'cmmd'], '--features needs --reference FILE.npz'],
    [
      ['package.json', '--features', 'a.onnx', '--protocol', 'cmmd', '--reference', 'b.npz', '--judge', 'tiny'],
      'each name who sees',
    ],
    [['package.json', '--write', 'a.xls'], 'must end in .jsonl, .csv, .parquet, .svg'],
    [['--of', 'scale=9000', '--model', 'tiny', '--judge', 'avatars'], 'no cell of the sweep can be drawn'],
    [['--of', 'scale=1', '--model', 'tiny', '--images', '3'], 'at least 4 images'],
    [['--results', 'nowhere.jsonl'], 'there is no file nowhere.jsonl'],
    [['--results', 'package.json'], 'package.json: Line 1 is no JSON'],
  ])('says in a sentence what is wrong with %j', async (argv, why) => {
    const error: unknown = await sweep(argv).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(UsageError)
    expect(String(error)).toContain(why)
  })
})

describe('a lock', () => {
  it('is of one process at a time, is given back, and is taken over from a process that is gone', () => {
    const path = join(folder, 'locked')
    const lock = takeLock(path)
    expect(takeLock(path)).toBeNull()
    lock!.release()
    const again = takeLock(path)
    const mine = JSON.parse(readFileSync(`${path}.lock`, 'utf8'))
    again!.release()
    // The number of a process that has ended, and then of one that lives but began at another time.
    const { pid } = spawnSync(process.execPath, ['--version'])
    for (const owner of [
      { ...mine, pid },
      { ...mine, born: '1' },
    ]) {
      writeFileSync(`${path}.lock`, JSON.stringify(owner))
      takeLock(path)!.release()
    }
    // What happens on another machine is not known: only that the lock is fresh.
    writeFileSync(`${path}.lock`, JSON.stringify({ ...mine, machine: 'elsewhere' }))
    expect(takeLock(path)).toBeNull()
    // A process that hung and was believed dead writes nothing more.
    rmSync(`${path}.lock`)
    const lost = takeLock(path)
    writeFileSync(`${path}.lock`, JSON.stringify({ ...mine, token: 'another' }))
    expect(() => lost!.check()).toThrow('was taken over')
    lost!.release()
    expect(existsSync(`${path}.lock`)).toBe(true)
  })

  it('can’t be had where nothing can be written', async () => {
    const blocked = join(folder, 'blocked')
    mkdirSync(blocked)
    writeFileSync(join(blocked, 'points'), 'a file in the place of a folder')
    await expect(sweep([file('blocked', grid()), '--out', blocked, ...SOME])).rejects.toThrow(
      /^.*can't be written: a file is in the place of its folder\. Mend that and run the same command again/,
    )
  })
})
