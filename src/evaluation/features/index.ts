/** Metrics of the field from features of any network: which protocols there are, and what each reports of a set of pictures. */
import type { Blocked } from '../metrics'
import { cmmd, frechet, kid, type Points } from './distances'
import { protocols } from './protocols/index.generated'
import type { FeatureProtocol } from './protocol'
import type { Reference } from './reference'

export { protocols }

export const protocolById = (id: string): FeatureProtocol | undefined =>
  protocols.find((protocol) => protocol.id === id)

/** Rows of features one behind the other. Throws RangeError where they differ in width. */
export function pointsOf(features: readonly Float32Array[], width: number): Points {
  const data = new Float32Array(features.length * width)
  features.forEach((row, i) => {
    if (row.length !== width)
      throw new RangeError(`the network gives ${row.length} features, and the reference is of ${width}`)
    data.set(row, i * width)
  })
  return { data, count: features.length, width }
}

/**
 * The protocol's distances by name (`FID`, `KID`, `CMMD` …), of features in the order of their pictures; null where the reference holds
 * too little for one. Throws RangeError.
 */
export function featureMetrics(
  features: readonly Float32Array[],
  reference: Reference,
  { distances, frechet: name }: FeatureProtocol,
): Readonly<Record<string, Blocked | null>> {
  const points = pointsOf(features, reference.width)
  const measured = (distance: FeatureProtocol['distances'][number]): [string, Blocked | null] => {
    switch (distance) {
      case 'frechet':
        return [name, reference.moments && frechet(points, reference.moments)]
      case 'kid':
        return ['KID', reference.features && kid(points, reference)]
      case 'cmmd':
        return ['CMMD', reference.features && cmmd(points, reference)]
      default:
        return distance satisfies never
    }
  }
  return Object.fromEntries(distances.map(measured))
}
