/** The arguments of `npm run evaluate`. */
import { parseArgs } from 'node:util'
import { presetModel } from '../../settings'
import { defaultModel, isBroughtFolder } from '../models'
import { openPreset, SETTING_OPTIONS, settingFlags, type PresetSource } from '../preset'
import { UsageError, whole } from '../usage'
import { FEATURE_OPTIONS, featuresOf, type FeatureArguments } from './feature-arguments'

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
  /** A feature network that sees the images in the judge's place. */
  readonly features: FeatureArguments | null
  /** Where the features are saved as a reference, with `features`. */
  readonly saveReference: string | null
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
        ...FEATURE_OPTIONS,
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

/** A network, and something to do with its features. */
function usedFeatures({ values }: Parsed): Pick<EvaluateArguments, 'features' | 'saveReference'> {
  const [features, saveReference] = [featuresOf(values), values['save-reference'] ?? null]
  if (!features && saveReference !== null) throw new UsageError('--save-reference needs --features NETWORK.onnx')
  if (features?.reference === null && saveReference === null)
    throw new UsageError('--features needs --reference FILE.npz to compare with, or --save-reference FILE.npz')
  return { features, saveReference }
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
  const seen = usedFeatures(given)
  const family = (id: string) => judgesFamily(id, values.judge, seen.features === null)
  const others = {
    samples,
    ...seen,
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
