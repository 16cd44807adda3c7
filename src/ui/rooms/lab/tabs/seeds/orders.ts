/** In which order the samples of a wall stand, and what the number under each is. Pure. */
import { fixed, percent, signed } from '../../../../../core/format'

/** What is known of one seed. */
export interface Measured {
  readonly seed: number
  /** Root mean square of guided − unguided, as a share of the range; null before it is drawn. */
  readonly change: number | null
  /** How far each picture is from real drawings in the judge's features; null before the judge saw it. */
  readonly distances: { readonly guided: number; readonly unguided: number } | null
}

export interface Order {
  readonly id: string
  readonly label: string
  /** Whether the judge is asked for it. */
  readonly judged: boolean
  /** What the number is, in a sentence. */
  readonly help: string
  /** What stands first has the highest; null where it is not known yet. */
  readonly value: (one: Measured) => number | null
  readonly text: (value: number) => string
}

const gain = ({ distances }: Measured) => distances && distances.unguided - distances.guided
const less = (value: number | null) => (value === null ? null : -value)

const AGAINST =
  'each picture is judged against the unguided one of the same seed. The distance is to held-out drawings in the judge’s features: it says what is drawn, and hardly how well'

export const ORDERS: readonly Order[] = [
  {
    id: 'seed',
    label: 'Seed',
    judged: false,
    help: 'The samples as their seeds count up.',
    value: ({ seed }) => -seed,
    text: () => '',
  },
  {
    id: 'change',
    label: 'Change',
    judged: false,
    help: 'What guidance changed most stands first: the root mean square of guided − unguided, as a share of the range from black to white.',
    value: ({ change }) => change,
    text: percent,
  },
  {
    id: 'distance',
    label: 'Distance',
    judged: true,
    help: 'The guided pictures furthest from real drawings stand first: their distance to held-out drawings in the judge’s features. Below 1 a picture is among them.',
    value: ({ distances }) => distances && distances.guided,
    text: (value) => fixed(value),
  },
  {
    id: 'improvement',
    label: 'Improvement',
    judged: true,
    help: `What guidance brought nearest to real drawings stands first: ${AGAINST}. The number is by how much the distance fell.`,
    value: gain,
    text: (value) => signed(value),
  },
  {
    id: 'harm',
    label: 'Harm',
    judged: true,
    help: `What guidance took furthest from real drawings stands first: ${AGAINST}. The number is by how much the distance rose.`,
    value: (one) => less(gain(one)),
    text: (value) => signed(value),
  },
]

/** The order of that id, or by seed. */
export const orderById = (id: string | undefined): Order => ORDERS.find((order) => order.id === id) ?? ORDERS[0]!

/** Those whose number is known, the highest first, and then the others by their seeds. */
export function sorted<T extends Measured>(all: readonly T[], { value }: Order): readonly T[] {
  const rank = (one: T) => value(one) ?? -Infinity
  return [...all].sort((a, b) => (rank(a) === rank(b) ? a.seed - b.seed : rank(b) - rank(a)))
}

/** Where guidance helped and where it harmed, by the judge's distance; null before it saw any. */
export function balance(all: readonly Measured[]): { helped: number; harmed: number; same: number } | null {
  const gains = all.flatMap((one) => gain(one) ?? [])
  if (gains.length === 0) return null
  const helped = gains.filter((value) => value > 0).length
  const harmed = gains.filter((value) => value < 0).length
  return { helped, harmed, same: gains.length - helped - harmed }
}
