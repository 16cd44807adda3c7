/** The arguments of `npm run evaluate`. */
import { parseArgs } from 'node:util'
import { protocolById, protocols } from '../../evaluation/features'
import type { FeatureProtocol } from '../../evaluation/features/protocol'
import { presetModel } from '../../settings'
import { defaultModel, isBroughtFolder } from '../models'
import { openPreset, SETTING_OPTIONS, settingFlags, type PresetSource } from '../preset'
import { UsageError, whole } from '../usage'

type Source =
  | { readonly kind: 'preset'; readonly preset: PresetSource; readonly samples: number }
  | { readonly kind: 'images'; readonly images: string }
  | { readonly kind: 'merge'; readonly files: readonly string[] }

export interface EvaluateArguments {
  readonly source: Source
  /** The family whose judge sees the images. */
  readonly model: string
  /** Of images that are there already: how many; null for all. */
  readonly samples: number | null
  /** A feature network that sees the images in the judge's place; reference null: only `save` is wanted. */
  readonly features: {
    readonly network: string
    readonly protocol: FeatureProtocol
    readonly reference: string | null
    readonly save: string | null
  } | null
  readonly out: string | null
  readonly shard: { readonly part: number; readonly of: number }
  readonly batch: number
  readonly threads: number
  readonly json: boolean
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...SETTING_OPTIONS,
        preset: { type: 'string' },
        images: { type: 'string' },
        merge: { type: 'boolean', default: false },
        samples: { type: 'string' },
        out: { type: 'string' },
        shard: { type: 'string', default: '1/1' },
        judge: { type: 'string' },
        features: { type: 'string' },
        protocol: { type: 'string' },
        reference: { type: 'string' },
        'save-reference': { type: 'string' },
        batch: { type: 'string', default: '8' },
        threads: { type: 'string', default: '0' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

type Parsed = ReturnType<typeof parsed>

/** Whether a setting other than the model was given: as a preset does, that asks for images to be drawn. */
const drawn = (flags: Readonly<Record<string, unknown>>) => Object.keys(flags).some((key) => key !== 'model')

function kindOf({ values, positionals }: Parsed, flags: Readonly<Record<string, unknown>>): Source['kind'] {
  const kinds: readonly (readonly [Source['kind'], boolean])[] = [
    ['preset', values.preset !== undefined || drawn(flags)],
    ['images', values.images !== undefined],
    ['merge', values.merge],
  ]
  const asked = kinds.filter(([, isAsked]) => isAsked)
  const [kind] = asked[0] ?? []
  if (kind === undefined || asked.length > 1)
    throw new UsageError('give one of --preset FILE_OR_LINK, --images OUT, --merge FILE... (--help explains)')
  if (kind === 'merge' && positionals.length === 0) throw new UsageError('--merge needs the files of the shards')
  if (kind !== 'merge' && positionals.length > 0)
    throw new UsageError(`what is ${positionals[0]} for? Only --merge takes files (--help explains)`)
  return kind
}

function shardOf({ values }: Parsed, kind: Source['kind']): EvaluateArguments['shard'] {
  const shard = /^(\d+)\/(\d+)$/.exec(values.shard)
  const [part, of] = [Number(shard?.[1]), Number(shard?.[2])]
  if (!(part >= 1 && part <= of)) throw new UsageError(`--shard must be I/N with I from 1 to N, not ${values.shard}`)
  if (of > 1 && (values.out === undefined || kind !== 'preset'))
    throw new UsageError('--shard needs --preset, and --out FILE to merge later')
  return { part, of }
}

function featuresOf({ values }: Parsed): EvaluateArguments['features'] {
  const { features: network, protocol: id, reference = null, 'save-reference': save = null } = values
  if (network === undefined) {
    if (id !== undefined || reference !== null || save !== null)
      throw new UsageError('--protocol, --reference and --save-reference need --features NETWORK.onnx')
    return null
  }
  const protocol = id === undefined ? undefined : protocolById(id)
  if (!protocol)
    throw new UsageError(
      `--protocol must be one of ${protocols.map((one) => one.id).join(', ')}, not ${id ?? 'left out'}`,
    )
  if (reference === null && save === null)
    throw new UsageError('--features needs --reference FILE.npz to compare with, or --save-reference FILE.npz')
  return { network, protocol, reference, save }
}

/** The family whose judge sees the images: the model's own, unless another is named. Throws UsageError where it has none. */
export function judgesFamily(model: string, judge: string | undefined, needed = true): string {
  if (judge !== undefined) return judge
  if (!needed) return model
  if (isBroughtFolder(model))
    throw new UsageError(
      `${model} has no judge; name the family whose judge is to see its images, such as --judge ${defaultModel()}`,
    )
  return model
}

/** The arguments, checked; null where help was asked for. */
export function readArguments(argv: readonly string[]): EvaluateArguments | null {
  const given = parsed(argv)
  const { values, positionals } = given
  if (values.help) return null
  const flags = settingFlags(values, ['samples'])
  const kind = kindOf(given, flags)
  const shard = shardOf(given, kind)
  const samples = values.samples === undefined ? null : whole('samples', values.samples, 1)
  if (kind === 'preset' && samples === null) throw new UsageError('--samples N is missing (--help explains)')
  const features = featuresOf(given)
  const family = (id: string) => judgesFamily(id, values.judge, features === null)
  const others = {
    samples,
    features,
    out: values.out ?? null,
    shard,
    batch: whole('batch', values.batch, 1, 64),
    threads: whole('threads', values.threads, 0),
    json: values.json,
  }
  const model = presetModel(flags) ?? defaultModel()
  switch (kind) {
    case 'preset': {
      const preset = openPreset(values.preset, flags)
      return {
        ...others,
        model: family(preset.model),
        source: { kind, preset, samples: samples ?? 0 },
      }
    }
    case 'images':
      return {
        ...others,
        model: family(model),
        source: { kind, images: values.images ?? '' },
      }
    case 'merge':
      return { ...others, model: family(model), source: { kind, files: positionals } }
    default:
      return kind satisfies never
  }
}
