/** The arguments of `npm run sweep`. */
import { parseArgs } from 'node:util'
import type { Raw } from '../../lab/grid'
import { SETTING_OPTIONS, settingFlags } from '../preset'
import { FEATURE_OPTIONS, featuresOf, type FeatureArguments } from '../evaluate/feature-arguments'
import { UsageError, whole } from '../usage'

/** Where the grid is from: a sweep file, or axes and a preset named on the command line. */
export type Given =
  | { readonly kind: 'file'; readonly file: string }
  | {
      readonly kind: 'axes'
      readonly axes: readonly { readonly key: string; readonly values: string }[]
      readonly preset: string | undefined
    }

export type Task =
  | { readonly kind: 'draw' }
  | { readonly kind: 'merge'; readonly folders: readonly string[] }
  | { readonly kind: 'list' }
  | { readonly kind: 'cost'; readonly seconds: number | null }

export interface SweepArguments {
  readonly given: Given
  readonly task: Task
  /** Settings in the place of the preset's. */
  readonly flags: Raw
  /** Images of each point; null: as the file says. */
  readonly images: number | null
  readonly judge: string | null
  readonly out: string | null
  readonly shard: { readonly part: number; readonly of: number }
  readonly batch: number
  readonly threads: number
  /** Files to write the results to, beside the folder's own. */
  readonly write: readonly string[]
  /** A feature network that sees the images in the judge's place. */
  readonly features: FeatureArguments | null
  /** A folder for what was seen, a file of each point. */
  readonly keepFeatures: string | null
  readonly json: boolean
}

/** Results that are there already, to be shown or written in another form. */
export interface ReadArguments {
  readonly results: readonly string[]
  readonly write: readonly string[]
  readonly json: boolean
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...SETTING_OPTIONS,
        of: { type: 'string', multiple: true },
        preset: { type: 'string' },
        images: { type: 'string' },
        judge: { type: 'string' },
        ...FEATURE_OPTIONS,
        out: { type: 'string' },
        shard: { type: 'string', default: '1/1' },
        batch: { type: 'string', default: '8' },
        threads: { type: 'string', default: '0' },
        merge: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        cost: { type: 'boolean', default: false },
        evaluation: { type: 'string' },
        results: { type: 'boolean', default: false },
        write: { type: 'string', multiple: true },
        'keep-features': { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

type Parsed = ReturnType<typeof parsed>

function axisOf(text: string): { readonly key: string; readonly values: string } {
  const [, key, values] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (key === undefined || values === undefined)
    throw new UsageError(`--of must be KEY=VALUES, such as --of scale=0..2 by 0.5, not ${text} (--help explains)`)
  return { key, values }
}

/** Where the grid is from, and the other positional arguments. */
function givenOf({ values, positionals }: Parsed): readonly [Given, readonly string[]] {
  const { of, preset } = values
  if (of) return [{ kind: 'axes', axes: of.map(axisOf), preset }, positionals]
  if (preset !== undefined)
    throw new UsageError('--preset goes with --of KEY=VALUES; a sweep file has its own preset (--help explains)')
  const [file, ...others] = positionals
  if (file === undefined) throw new UsageError('name a sweep file, or give --of KEY=VALUES (--help explains)')
  return [{ kind: 'file', file }, others]
}

function taskOf({ values }: Parsed, others: readonly string[]): Task {
  const asked = (['merge', 'list', 'cost'] as const).filter((name) => values[name])
  if (asked.length > 1) throw new UsageError(`--${asked[0]} and --${asked[1]} are two commands: give one`)
  const [kind = 'draw'] = asked
  if (kind !== 'merge' && others.length > 0)
    throw new UsageError(`what is ${others[0]} for? Only --merge takes folders (--help explains)`)
  if (values.evaluation !== undefined && kind !== 'cost') throw new UsageError('--evaluation SECONDS goes with --cost')
  switch (kind) {
    case 'merge':
      return { kind, folders: others }
    case 'cost': {
      const seconds = values.evaluation === undefined ? null : Number(values.evaluation)
      if (seconds !== null && !(seconds > 0))
        throw new UsageError(`--evaluation must be seconds above 0, not ${values.evaluation}`)
      return { kind, seconds }
    }
    case 'list':
    case 'draw':
      return { kind }
    default:
      return kind satisfies never
  }
}

function shardOf(text: string): SweepArguments['shard'] {
  const [, part, of] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  const shard = { part: Number(part), of: Number(of) }
  if (!(shard.part >= 1 && shard.part <= shard.of))
    throw new UsageError(`--shard must be I/N with I from 1 to N, not ${text}`)
  return shard
}

/** A network, and what to compare with. */
function usedFeatures(values: Parsed['values']): FeatureArguments | null {
  const features = featuresOf(values)
  if (features && values.judge !== undefined)
    throw new UsageError('--judge and --features each name who sees: give one')
  if (features?.reference === null)
    throw new UsageError('--features needs --reference FILE.npz to compare with (evaluate --save-reference makes one)')
  return features
}

/** The arguments, checked; null where help was asked for. */
export function readArguments(argv: readonly string[]): SweepArguments | ReadArguments | null {
  const found = parsed(argv)
  const { values, positionals } = found
  if (values.help) return null
  const write = values.write ?? []
  if (values.results) {
    if (positionals.length === 0) throw new UsageError('--results needs the files that results are in')
    return { results: positionals, write, json: values.json }
  }
  const [given, others] = givenOf(found)
  const task = taskOf(found, others)
  const shard = shardOf(values.shard)
  if (
    task.kind === 'draw' &&
    shard.of > 1 &&
    (values.out === undefined || write.length > 0 || values['keep-features'] !== undefined)
  )
    throw new UsageError('--shard draws a part: it needs --out FOLDER, and --write and --keep-features go with --merge')
  return {
    given,
    task,
    flags: settingFlags(values, ['samples']),
    images: values.images === undefined ? null : whole('images', values.images, 1, 1e6),
    judge: values.judge ?? null,
    out: values.out ?? null,
    shard,
    batch: whole('batch', values.batch, 1, 64),
    threads: whole('threads', values.threads, 0, 1024),
    write,
    features: usedFeatures(values),
    keepFeatures: values['keep-features'] ?? null,
    json: values.json,
  }
}
