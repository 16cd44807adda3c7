/** The field's metrics of judged images, against reference statistics in a file, and such a file made of images. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { featureMetrics } from '../../evaluation/features'
import { ReferenceFault, type Reference } from '../../evaluation/features/reference'
import { estimateFrom, type Blocked, type Judged } from '../../evaluation/metrics'
import { readReference, referenceFile } from '../../worker/features/reference-file'
import { UsageError } from '../usage'
import type { EvaluateArguments } from './arguments'

type Features = NonNullable<EvaluateArguments['features']>

function knownReference(file: string): Reference {
  if (!existsSync(file)) throw new UsageError(`there is no reference ${file}`)
  try {
    return readReference(file, readFileSync(file))
  } catch (error) {
    throw error instanceof ReferenceFault ? new UsageError(error.message) : error
  }
}

function line(name: string, found: Blocked | null): string {
  if (found === null) return `${name.padEnd(16)} the reference holds no features, which it needs`
  const { value, margin } = estimateFrom(found)
  return `${name.padEnd(16)} ${value.toPrecision(6)}${margin === null ? '' : ` ± ${margin.toPrecision(3)}`}`
}

/** What the command prints of judged images. Throws UsageError for a reference that can't be used. */
export function featureReport(
  { protocol, reference, save }: Features,
  judged: readonly Judged[],
  json: boolean,
): string {
  const features = [...judged].sort((a, b) => a.index - b.index).map((image) => image.features)
  if (features.length < 2) throw new UsageError('a distance needs two images or more')
  if (save !== null) writeFileSync(save, referenceFile(features))
  if (reference === null) return `${save}: ${features.length} images of ${features[0]?.length} features`
  const known = knownReference(reference)
  let metrics: ReturnType<typeof featureMetrics>
  try {
    metrics = featureMetrics(features, known, protocol)
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(`${reference}: ${error.message}`) : error
  }
  if (json) {
    const estimates = Object.entries(metrics).map(([name, found]) => [name, found && estimateFrom(found)])
    const about = { samples: features.length, reference: known.count, protocol: protocol.id }
    return JSON.stringify({ ...about, metrics: Object.fromEntries(estimates) }, null, 2)
  }
  const lines = Object.entries(metrics).map(([name, found]) => line(name, found))
  return [`images           ${features.length}`, ...lines, `as ${protocol.source} computes it`].join('\n')
}
