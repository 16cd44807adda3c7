/** The field's metrics of judged images, against reference statistics in a file, and such a file made of images. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { featureMetrics } from '../../evaluation/features'
import { ReferenceFault, type Reference } from '../../evaluation/features/reference'
import { estimateFrom, type Blocked, type Judged } from '../../evaluation/metrics'
import { readReference, referenceFile } from '../../worker/features/reference-file'
import { UsageError } from '../usage'
import type { EvaluateArguments } from './arguments'
import type { FeatureArguments } from './feature-arguments'

/** Throws UsageError where there is none. */
export function readBytes(file: string, what: string): Uint8Array {
  if (!existsSync(file)) throw new UsageError(`there is no ${what} ${file}`)
  return readFileSync(file)
}

/** What the images are compared with. Throws UsageError for a reference that can't be used. */
export function knownReference({ reference }: FeatureArguments): Reference {
  if (reference === null) throw new UsageError('name what to compare with: --reference FILE.npz')
  try {
    return readReference(reference, readBytes(reference, 'reference'))
  } catch (error) {
    throw error instanceof ReferenceFault ? new UsageError(error.message) : error
  }
}

const inOrder = (judged: readonly Judged[]): readonly Float32Array[] => {
  if (judged.length < 2) throw new UsageError('a distance needs two images or more')
  return [...judged].sort((a, b) => a.index - b.index).map(({ features }) => features)
}

/** The protocol's distances of judged images by name, null where the reference holds too little for one. Throws UsageError. */
export function distancesOf(
  features: FeatureArguments,
  known: Reference,
  judged: readonly Judged[],
): ReturnType<typeof featureMetrics> {
  try {
    return featureMetrics(inOrder(judged), known, features.protocol)
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(`${features.reference}: ${error.message}`) : error
  }
}

function line(name: string, found: Blocked | null): string {
  if (found === null) return `${name.padEnd(16)} the reference holds no features, which it needs`
  const { value, margin } = estimateFrom(found)
  return `${name.padEnd(16)} ${value.toPrecision(6)}${margin === null ? '' : ` ± ${margin.toPrecision(3)}`}`
}

/** What the command prints of judged images. Throws UsageError for a reference that can't be used. */
export function featureReport(
  features: FeatureArguments,
  { saveReference, json }: Pick<EvaluateArguments, 'saveReference' | 'json'>,
  judged: readonly Judged[],
): string {
  if (saveReference !== null) writeFileSync(saveReference, referenceFile(inOrder(judged)))
  if (features.reference === null)
    return `${saveReference}: ${judged.length} images of ${judged[0]?.features.length} features`
  const { protocol } = features
  const known = knownReference(features)
  const metrics = distancesOf(features, known, judged)
  if (json) {
    const estimates = Object.entries(metrics).map(([name, found]) => [name, found && estimateFrom(found)])
    const about = { samples: judged.length, reference: known.count, protocol: protocol.id }
    return JSON.stringify({ ...about, metrics: Object.fromEntries(estimates) }, null, 2)
  }
  const lines = Object.entries(metrics).map(([name, found]) => line(name, found))
  return [`images           ${judged.length}`, ...lines, `as ${protocol.source} computes it`].join('\n')
}
