/** The commands on a person's ONNX file: what they say, what they write, and what they refuse in one sentence. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { create } from '@bufbuild/protobuf'
import { StringStringEntryProtoSchema } from 'onnx-buf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectCommand } from '../../../src/cli/inspect'
import { instrumentCommand } from '../../../src/cli/instrument'
import { evaluate } from '../../../src/cli/evaluate'
import { probeCommand } from '../../../src/cli/probe'
import { sampleCommand } from '../../../src/cli/sample'
import { UsageError } from '../../../src/cli/usage'
import { DataLocation, parseModel, serializeModel, type ModelProto } from '../../../src/network/onnx'
import type { AttentionControl } from '../../../src/network/types'
import { npy } from '../../../src/storage/npy'
import { readNpz } from '../../../src/storage/read-npz'
import { zipped } from '../../../src/storage/zip'
import { attentionModel, layerWeights, naiveLayer, numbers, type Sizes } from '../network/graphs'

const root = join(import.meta.dirname, '../../..')
const sizes: Sizes = { height: 4, width: 5, heads: 2, headWidth: 4 }
const [n, c] = [20, 8]
const weights = layerWeights(sizes, 3)
let folder = ''
const path = (name: string) => join(folder, name)
const model = () => attentionModel('A: diffusers', sizes, weights)
const rows = numbers(2 * n * c, 5)

function write(name: string, bytes: Uint8Array | string): string {
  writeFileSync(path(name), bytes)
  return path(name)
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'network-'))
  write('net.onnx', serializeModel(model()))
  write('in.npz', zipped({ 'x.npy': npy(rows, [2, n, c]) }))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const one = ['--threads', '1']
const probed = async (...args: readonly string[]) => {
  const out = path('out.npz')
  await probeCommand([path('net.onnx'), '--inputs', path('in.npz'), '--out', out, ...one, ...args])
  return readNpz(readFileSync(out))
}

function distance(found: ArrayLike<number | bigint> | undefined, wanted: ArrayLike<number>): number {
  expect(found?.length).toBe(wanted.length)
  return Math.max(...Array.from(wanted, (value, i) => Math.abs(value - Number(found![i]))))
}

/** The layer of a row, by hand: with the identity, or its queries blurred. */
const byHand = (row: number, control: AttentionControl = {}) =>
  naiveLayer(rows.subarray(row * n * c, (row + 1) * n * c), sizes, weights, control).y

describe('inspect', () => {
  it('says what is there, in words and as its schema says', async () => {
    const text = await inspectCommand([path('net.onnx'), ...one])
    expect(text).toContain('opset 17')
    expect(text).toMatch(/^0 .* needs grid: its 20 tokens come in a row with the input x \(PAG, SEG with σ = ∞\)$/m)
    const schema: object = JSON.parse(readFileSync(join(root, 'docs/inspect.schema.json'), 'utf8'))
    const check = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema)
    for (const args of [[], ['--grid', '4x5'], ['--inputs', path('in.npz')]]) {
      const report: unknown = JSON.parse(await inspectCommand([path('net.onnx'), '--json', ...one, ...args]))
      check(report)
      expect(check.errors).toBe(null)
      expect(report).toMatchObject({
        parameters: 4 * c * c + 2 * c + 1,
        rows: null,
        ranWith: { x: [1, n, c] },
        layers: [
          {
            layer: 0,
            heads: 2,
            grid: args[0] === '--grid' ? [4, 5] : null,
            can: ['identity', args[0] === '--grid' ? 'blur' : 'mean'],
          },
        ],
        problem: null,
      })
    }
  })

  it('tells of a graph that does not run, and why', async () => {
    const broken = model()
    // Opset 12 knows other forms of these operators.
    broken.opsetImport[0]!.version = 12n
    write('old.onnx', serializeModel(broken))
    const report: { problem: string } = JSON.parse(await inspectCommand([path('old.onnx'), '--json', ...one]))
    expect(report.problem).toContain('old.onnx')
    expect(await inspectCommand([path('old.onnx'), ...one])).toContain('Its layers could not be looked for')
  })
})

describe('probe', () => {
  it('does at one layer of one row what it is asked for, and nothing else', async () => {
    const plain = byHand(0)
    const each = n * c
    const found = async (...args: readonly string[]) => (await probed('--layers', '0', ...args))['y']!.data
    for (const [args, control] of [
      [['--pag', '1'], { mix: 1 }],
      [['--pag', '0.25'], { mix: 0.25 }],
      [['--seg', '1.5', '--grid', '4x5'], { querySigma: 1.5 }],
      [['--seg', 'inf'], { querySigma: Infinity }],
    ] as const) {
      const data = await found(...args, '--rows', '1')
      expect(distance(data.subarray(0, each), plain), args.join(' ')).toBeLessThan(1e-5)
      expect(distance(data.subarray(each), byHand(1, control)), args.join(' ')).toBeLessThan(1e-5)
    }
    const both = await found('--pag', '1')
    expect(distance(both.subarray(0, each), byHand(0, { mix: 1 }))).toBeLessThan(1e-5)
  })

  it('tells the map as it acts', async () => {
    const { map_0: map } = await probed('--layers', 'all', '--pag', '1', '--rows', '0', '--maps')
    expect(map?.shape).toEqual([2, n, n])
    const identity = Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0))
    expect(distance(map?.data.subarray(0, n * n), identity)).toBeLessThan(1e-6)
    expect(distance(map?.data.subarray(n * n), identity)).toBeGreaterThan(0.1)
  })
})

describe('instrument', () => {
  it('writes a graph that tells of its layers, with lengths that are known', async () => {
    const out = path('guided.onnx')
    const said = await instrumentCommand([path('net.onnx'), '-o', out, '--grid', '4x5', '--map', '0', ...one])
    expect(said).toContain('1 layers with controls')
    const written = parseModel(readFileSync(out))
    expect(written.graph!.input.map(({ name }) => name)).toEqual(['x', 'blur_h_0', 'blur_w_0', 'mix_0'])
    const guidance: unknown = JSON.parse(written.metadataProps.find(({ key }) => key === 'guidance')!.value)
    expect(guidance).toEqual({
      version: 1,
      layers: [
        expect.objectContaining({
          layer: 0,
          heads: 2,
          queries: n,
          grid: [4, 5],
          image: { start: 0, keyStart: 0, count: n },
          inputs: { mix_0: [1, 2, 1], blur_h_0: [4, 4], blur_w_0: [1, 5, 5] },
          outputs: ['map_0', 'received_0'],
        }),
      ],
    })
  })

  it('leaves nothing behind where it refuses', async () => {
    const out = join(folder, 'refused', 'twice.onnx')
    await expect(instrumentCommand([path('guided.onnx'), '-o', out, ...one])).rejects.toThrow(
      'it has controls already; give the file that it was made of',
    )
    expect(await inspectCommand([path('guided.onnx'), ...one])).toContain('it has controls already')
    expect(readdirSync(folder).filter((name) => name.startsWith('.') || name === 'refused')).toEqual([])
  })
})

/** The model with its largest tensor in a file of weights that it calls so. */
function outside(location: string): { readonly graph: ModelProto; readonly bytes: Uint8Array } {
  const graph = model()
  const tensor = [...graph.graph!.initializer].sort((a, b) => b.rawData.length - a.rawData.length)[0]!
  const bytes = tensor.rawData
  tensor.rawData = new Uint8Array()
  tensor.dataLocation = DataLocation.EXTERNAL
  tensor.externalData = [create(StringStringEntryProtoSchema, { key: 'location', value: location })]
  return { graph, bytes }
}

it('weights in another file are read from beside the graph', async () => {
  const { graph, bytes } = outside('parts/net.data')
  write('apart.onnx', serializeModel(graph))
  mkdirSync(path('parts'))
  await expect(inspectCommand([path('apart.onnx'), ...one])).rejects.toThrow(
    'keeps its weights in parts/net.data, which is not beside it; put it there',
  )
  write('parts/net.data', bytes.subarray(1))
  await expect(inspectCommand([path('apart.onnx'), ...one])).rejects.toThrow(/needs \d+ bytes, not \d+/)
  write('parts/net.data', bytes)
  const report = async (file: string) => {
    const found: Readonly<Record<string, unknown>> = JSON.parse(await inspectCommand([file, '--json', ...one]))
    return { ...found, file: '', bytes: 0 }
  }
  expect(await report(path('apart.onnx'))).toEqual(await report(path('net.onnx')))
  const out = path('together.onnx')
  await instrumentCommand([path('apart.onnx'), '-o', out, ...one])
  expect(parseModel(readFileSync(out)).graph!.initializer.every(({ externalData }) => externalData.length === 0)).toBe(
    true,
  )
})

describe('what is wrong is said in a sentence', () => {
  const files: Readonly<Record<string, () => string>> = {
    NET: () => path('net.onnx'),
    IN: () => path('in.npz'),
    OUT: () => path('never'),
    NONE: () => path('none.onnx'),
    FOLDER: () => folder,
    EMPTY: () => write('empty.onnx', ''),
    TEXT: () => write('text.onnx', '<html>not found</html>'),
    CUT: () => write('cut.onnx', serializeModel(model()).subarray(0, 900)),
    UP: () => write('up.onnx', serializeModel(outside('../../etc/passwd').graph)),
    TOKENS: () => {
      mkdirSync(path('tokens'), { recursive: true })
      write('tokens/net.onnx', serializeModel(model()))
      return path('tokens')
    },
    NOTHING: () => {
      mkdirSync(path('nothing'), { recursive: true })
      return path('nothing')
    },
    PLAIN: () => write('plain.npz', 'x'),
    LACKS: () => write('lacks.npz', zipped({ 'z.npy': npy(rows, [2, n, c]) })),
    LONG: () => write('long.npz', zipped({ 'x.npy': npy(rows, [2, n / 2, 2 * c]) })),
    NOROWS: () => write('norows.npz', zipped({ 'x.npy': npy(new Float32Array(0), [0, n, c]) })),
  }
  const given = (words: string) => words.split(' ').map((word) => files[word]?.() ?? word)

  it.each([
    ['inspect', '', 'name the ONNX file'],
    ['inspect', 'NET NET', 'One file is looked at'],
    ['inspect', 'NET --nonsense', '--nonsense'],
    ['inspect', 'NONE', 'there is no ONNX file'],
    ['inspect', 'FOLDER', 'is no file; give the ONNX file itself'],
    ['inspect', 'EMPTY', 'not an ONNX model'],
    ['inspect', 'TEXT', 'not an ONNX model'],
    ['inspect', 'CUT', 'not an ONNX model'],
    ['inspect', 'UP', 'outside its own folder; put them beside it'],
    ['inspect', 'NET --grid 4', '--grid is height and width, such as 4x9, not 4'],
    ['inspect', 'NET --grid 0x20', '--grid is height and width'],
    ['inspect', 'NET --grid 4x9', '--grid fits no layer that needs one: layer 0 has 20 tokens'],
    ['inspect', 'NET --grid 0=4x9', 'the grid 4x9 has 36 places, and layer 0 20 tokens'],
    ['inspect', 'NET --grid 7=4x5', '--grid names layer 7, and there are 1 that can be guided'],
    ['inspect', 'NET --threads -1', '--threads'],
    ['inspect', 'NET --inputs PLAIN', 'it is no .npz archive'],
    ['inspect', 'NET --inputs LACKS', 'has z, which is no input of the graph; it takes x [rows, 20, 8]'],
    ['inspect', 'NET --inputs LONG', 'x is [2, 10, 16], and the graph takes x [rows, 20, 8]'],
    ['inspect', 'NET --inputs NOROWS', 'x has 0 rows'],
    ['inspect', 'NET --inputs NONE', 'there is no file of arrays'],
    ['probe', 'NET --layers 0 --pag 1 --out OUT', '--inputs IN.npz is missing'],
    ['probe', 'NET --inputs IN --pag 1 --out OUT', '--layers 0,3 is missing'],
    ['probe', 'NET --inputs IN --layers 0 --pag 1', '--out OUT.npz is missing'],
    ['probe', 'NET --inputs IN --layers 0 --out OUT', 'give one of --pag MIX and --seg SIGMA'],
    ['probe', 'NET --inputs IN --layers 0 --pag 1 --seg 1 --out OUT', 'give one of --pag MIX and --seg SIGMA'],
    ['probe', 'NET --inputs IN --layers 0 --pag 2 --out OUT', '--pag is between 0 and 1, not 2'],
    ['probe', 'NET --inputs IN --layers 0 --seg x --out OUT', '--seg is a deviation of at least 0, or inf, not x'],
    ['probe', 'NET --inputs IN --layers 3 --pag 1 --out OUT', '--layers names layer 3, and there are 1'],
    ['probe', 'NET --inputs IN --layers a --pag 1 --out OUT', '--layers is a whole number from 0 on, not a'],
    ['probe', 'NET --inputs IN --layers 0 --pag 1 --rows 2 --out OUT', '--rows names row 2, and the arrays have 2'],
    ['probe', 'NET --inputs IN --layers 0 --seg 2 --out OUT', 'can’t be blurred until its grid is known'],
    ['probe', 'NET --inputs IN --layers 0 --pag 1 --out IN', 'is the file that is read'],
    ['sample', '--model NOTHING --method pag --out OUT', 'holds no ONNX file'],
    ['sample', '--model TOKENS --method pag --out OUT', 'tokens in a row, not an image'],
    ['sample', '--model NONE --method pag --out OUT', 'there is no model'],
    [
      'sample',
      '--model smileys_0123456789abcdef --method pag --out OUT',
      'opened from a folder; name that with --model FOLDER',
    ],
    [
      'evaluate',
      '--model NOTHING --method pag --samples 4',
      'has no judge; name the family whose judge is to see its images',
    ],
    ['instrument', 'NET', '--out FILE is missing'],
    ['instrument', 'NET -o NET', 'is the file that is read'],
    ['instrument', 'NET -o FOLDER', 'is a folder; name a file for the result'],
    ['instrument', 'NET -o OUT --map 1', '--map names layer 1, and there are 1'],
  ] as const)('%s %s', async (command, words, message) => {
    const run = {
      inspect: inspectCommand,
      instrument: instrumentCommand,
      probe: probeCommand,
      sample: sampleCommand,
      evaluate,
    }[command]
    const failed: unknown = await run(given(words).filter((word) => word !== '')).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(UsageError)
    expect(String(failed)).toContain(message)
    expect(existsSync(path('never'))).toBe(false)
  })

  it('in one line, with exit status 2', () => {
    const started = spawnSync(
      process.execPath,
      ['node_modules/tsx/dist/cli.mjs', 'src/cli/inspect.ts', path('none.onnx')],
      {
        cwd: root,
        encoding: 'utf8',
      },
    )
    expect(started.status).toBe(2)
    expect(started.stderr).toBe(`there is no ONNX file ${path('none.onnx')}\n`)
  })
})
