/** What a claim of the article is that rows of the table decide, without a curve: which rows, and a verdict from their numbers. Pure. */
import type { Estimate } from '../../../evaluation/metrics'
import type { Published } from '../../../evaluation/published'
import type { ModelInfo, NetworkInfo } from '../../../model/types'
import { below, differenceText } from './estimate'
import type { ShapeVerdict } from './shape'

/** A file of `claims/`. */
export interface Claim {
  readonly id: string
  /** Place on the page. */
  readonly order: number
  /** What the article says, a whole sentence. */
  readonly article: string
  /** Null where the family's rows don't tell. */
  verdict(rows: readonly Published[], model: ModelInfo): ShapeVerdict | null
}

/** A row that was compared with no guidance. */
export type Compared = Published & { readonly against: Estimate }

const isCompared = (row: Published): row is Compared => row.against !== null

/** The row of a method that gained most, not turned round and a class asked for, among those of the most images; undefined where there is none. */
export function bestOf(
  rows: readonly Published[],
  method: string,
  among: (row: Published) => boolean = () => true,
): Compared | undefined {
  const own = rows
    .filter(isCompared)
    .filter(({ settings }) => settings.method === method && settings.class !== null && settings.scale > 0)
    .filter(among)
  const most = Math.max(...own.map(({ images }) => images))
  return own.filter(({ images }) => images === most).sort((a, b) => a.against.value - b.against.value)[0]
}

/** Trained for at least half as long as the family's first network. */
export const whole = (network: NetworkInfo, { networks }: ModelInfo): boolean =>
  network.samples >= (networks[0]?.samples ?? 0) / 2

/** −1 where the first gains more, 1 where the second does, beyond both intervals; else 0. */
export function compared(a: Compared, b: Compared): -1 | 0 | 1 {
  if (below(a.against, b.against)) return -1
  return below(b.against, a.against) ? 1 : 0
}

/** `−1.18 ± 0.18 (5,000 images)` */
export const told = ({ against, images }: Compared): string =>
  `${differenceText(against)} (${images.toLocaleString('en')} images)`
