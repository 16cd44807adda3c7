/** The arguments that name a feature network of a person's own, of every command that judges images. */
import { protocolById, protocols } from '../../evaluation/features'
import type { FeatureProtocol } from '../../evaluation/features/protocol'
import { UsageError } from '../usage'

/** A feature network that sees the images in the judge's place. */
export interface FeatureArguments {
  readonly network: string
  readonly protocol: FeatureProtocol
  /** What to compare with; null where features are only to be saved. */
  readonly reference: string | null
}

export const FEATURE_OPTIONS = {
  features: { type: 'string' },
  protocol: { type: 'string' },
  reference: { type: 'string' },
} as const

type Given = Readonly<Partial<Record<keyof typeof FEATURE_OPTIONS, string | undefined>>>

/** Null where no network is named. Throws UsageError. */
export function featuresOf({ features: network, protocol: id, ...given }: Given): FeatureArguments | null {
  const reference = given.reference ?? null
  if (network === undefined) {
    if (id !== undefined || reference !== null)
      throw new UsageError('--protocol and --reference need --features NETWORK.onnx')
    return null
  }
  const protocol = id === undefined ? undefined : protocolById(id)
  if (!protocol)
    throw new UsageError(
      `--protocol must be one of ${protocols.map((one) => one.id).join(', ')}, not ${id ?? 'left out'}`,
    )
  return { network, protocol, reference }
}
