/** Rows compared with the first of them: on the same seeds where their images are kept, else as two numbers that have nothing in common. */
import type { Estimate, Judged } from '../../../../../evaluation/metrics'
import { common, METRICS, paired, type MetricName } from '../../../../../evaluation/paired'
import type { LabStorage } from '../../../../../storage/lab'
import type { MetricsClient } from '../../../../../worker/client/judge'
import { readImages } from '../../judged/images'
import { apart, type Row } from './rows'

export interface Compared {
  readonly row: Row
  readonly kind: 'paired' | 'apart'
  /** Images of each that the difference is of. */
  readonly images: number
  /** The row less the first one. */
  readonly differences: Readonly<Partial<Record<MetricName, Estimate>>>
  /** Why it is no paired difference, or says less than it seems. */
  readonly note: string | null
}

interface CompareParts {
  readonly storage: LabStorage
  /** Of the judge of the family; rejects where there is none. */
  readonly meter: (row: Row) => Promise<Pick<MetricsClient, 'measured'>>
}

function whyApart(first: Row, row: Row, sets: readonly (readonly Judged[])[]): string | null {
  if (first.result.judge !== row.result.judge) return 'Another judge saw them: the numbers do not compare.'
  if (first.result.seed !== row.result.seed) return 'Their seeds are others.'
  if (sets.some(({ length }) => length === 0)) return 'The images of one of them are not kept here.'
  const [a, b] = common(sets)
  return (a?.length ?? 0) < 20 || (b?.length ?? 0) < 20 ? 'They share fewer than 20 seeds.' : null
}

function comparedApart(first: Row, row: Row, why: string): Compared {
  const differences: Partial<Record<MetricName, Estimate>> = {}
  for (const name of METRICS) {
    const [a, b] = [row.result.metrics[name], first.result.metrics[name]]
    if (a && b && first.result.judge === row.result.judge) differences[name] = apart(a, b)
  }
  const other = first.result.images !== row.result.images
  return {
    row,
    kind: 'apart',
    images: Math.min(first.result.images, row.result.images),
    differences,
    note: other ? `${why} They are of other numbers of images, with which a Fréchet distance falls.` : why,
  }
}

/** Rejects where what is kept can't be measured. */
export async function compare(rows: readonly Row[], { storage, meter }: CompareParts): Promise<readonly Compared[]> {
  const [first, ...others] = rows
  if (!first) return []
  const own = (await readImages(storage, first.key)).judged
  const compared: Compared[] = []
  for (const row of others) {
    const { judged } = await readImages(storage, row.key)
    const why = whyApart(first, row, [own, judged])
    if (why !== null) {
      compared.push(comparedApart(first, row, why))
      continue
    }
    const sets = common([judged, own])
    const [a, b] = await (await meter(first)).measured(sets)
    const difference = paired(a!, b!)
    const differences = Object.fromEntries(
      METRICS.flatMap((name) => (difference[name] ? [[name, difference[name]] as const] : [])),
    )
    compared.push({ row, kind: 'paired', images: difference.samples, differences, note: null })
  }
  return compared
}
