/** `npm run -s previews -- [MODEL]`: which cheap picture is nearest to the one that is wanted, for each kind of change. */
import { parseArgs } from 'node:util'
import type { ModelInfo } from '../model/types'
import { firstSettings, withMethod } from '../settings'
import type { Settings } from '../settings/types'
import { wholeNumber } from './network/arguments'
import { loadNamedModel } from './node-model'
import { CANDIDATES, walk } from './previews/candidates'
import { runCommand, UsageError } from './usage'

const HELP = `Usage: npm run -s previews -- [MODEL] [--classes 6] [--seeds 2] [--kinds scale,seed] [--threads N]

Changes one setting of a family's first picture, and prints for each kind of change how near what could be shown meanwhile lies to the picture
that is wanted: its peak signal-to-noise ratio in dB (the mean over classes and seeds), and the rows of the network that it takes.

  MODEL        a family of models/, or the folder of any network (default avatars)
  --classes N  as many classes, the first ones
  --seeds N    as many seeds of each
  --kinds      only these kinds of change
  --growing    for changes of the scale: how near the guided prediction lies at each step

Exit status: 0 done, 1 something failed, 2 the arguments are wrong.`

/** What is changed, by name. */
const KINDS: Readonly<Record<string, (settings: Settings, model: ModelInfo) => Settings>> = {
  'scale + 0.05': (own) => ({ ...own, scale: own.scale + 0.05 }),
  'scale + 0.1': (own) => ({ ...own, scale: own.scale + 0.1 }),
  'scale + 0.25': (own) => ({ ...own, scale: own.scale + 0.25 }),
  'scale + 1': (own) => ({ ...own, scale: own.scale + 1 }),
  layers: (own, { layers }) => ({ ...own, layers: [layers.length >> 1] }),
  'layers but one': (own, { layers }) => ({ ...own, layers: layers.slice(1).map(({ index }) => index) }),
  method: (own, model) => withMethod(own, 'seg', model),
  'method’s parameter': (own) => ({ ...own, parameters: { ...own.parameters, mix: 0.8 } }),
  window: (own) => ({ ...own, window: [own.window[0], 5] }),
  rescale: (own) => ({ ...own, rescale: 0.5 }),
  seed: (own) => ({ ...own, seed: own.seed + 1000 }),
  class: (own, { conditioning }) => ({ ...own, class: ((own.class ?? 0) + 1) % conditioning.classes.length }),
  steps: (own) => ({ ...own, steps: 24 }),
  solver: (own) => ({ ...own, solver: 'heun' }),
}

/** Of the range from black to white. */
export function decibels(image: Float32Array, wanted: Float32Array): number {
  let sum = 0
  for (let i = 0; i < image.length; i++) sum += (image[i]! - wanted[i]!) ** 2
  return sum === 0 ? Infinity : 10 * Math.log10((4 * image.length) / sum)
}

interface Told {
  readonly decibels: number[]
  readonly rows: number[]
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function table(kind: string, found: ReadonlyMap<string, Told>): string {
  const lines = [...found].map(([name, told]) => {
    const near = mean(told.decibels)
    return `  ${name.padEnd(25)} ${near.toFixed(1).padStart(6)} dB  ${mean(told.rows).toFixed(0).padStart(4)} rows`
  })
  return [kind, ...lines].join('\n')
}

function read(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      growing: { type: 'boolean', default: false },
      classes: { type: 'string', default: '6' },
      seeds: { type: 'string', default: '2' },
      kinds: { type: 'string' },
      threads: { type: 'string', default: '0' },
    },
  })
  const asked = values.kinds?.split(',') ?? ['']
  const kinds = Object.keys(KINDS).filter((kind) => asked.some((name) => kind.startsWith(name)))
  if (kinds.length === 0) throw new UsageError(`--kinds are beginnings of: ${Object.keys(KINDS).join(', ')}`)
  return {
    ...values,
    model: positionals[0] ?? 'avatars',
    kinds,
    classes: wholeNumber('classes', values.classes),
    seeds: wholeNumber('seeds', values.seeds),
    threads: wholeNumber('threads', values.threads),
  }
}

export async function previews(argv: readonly string[]): Promise<string> {
  const args = read(argv)
  if (args.help) return HELP
  const { model, denoiser, dispose } = await loadNamedModel(args.model, { threads: args.threads })
  const found = new Map(args.kinds.map((kind) => [kind, new Map<string, Told>()]))
  const note = (kind: string, name: string, near: number, rows: number) => {
    const kinds = found.get(kind)!
    const told = kinds.get(name) ?? { decibels: [], rows: [] }
    kinds.set(name, told)
    told.decibels.push(near)
    told.rows.push(rows)
  }
  try {
    const classes = Math.min(args.classes, model.conditioning.classes.length)
    for (let at = 0; at < classes * args.seeds; at++) {
      const before: Settings = { ...firstSettings(model), class: at % classes, seed: 1 + Math.floor(at / classes) }
      const old = await walk(denoiser, before)
      for (const kind of args.kinds) {
        const after = KINDS[kind]!(before, model)
        const wanted = await walk(denoiser, after)
        note(kind, 'the picture itself', Infinity, wanted.rows)
        for (const { name, make } of CANDIDATES) {
          const made = await make({ denoiser, before, after, old })
          if (made) note(kind, name, decibels(made.guided, wanted.guided), made.rows)
        }
        if (!args.growing) continue
        for (const [step, { guided }] of wanted.records.entries())
          note(kind, `D at step ${step + 1}`, decibels(guided.denoised, wanted.guided), 2 * (step + 1))
      }
    }
  } finally {
    await dispose()
  }
  return [...found].map(([kind, told]) => table(kind, told)).join('\n\n')
}

if (process.argv[1]?.endsWith('previews.ts')) await runCommand(previews)
