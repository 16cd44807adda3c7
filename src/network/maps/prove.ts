/**
 * The proof that guidance does on this very graph what it says: run on the machine of whoever opens it, before anybody looks at a
 * picture. Neutral controls give what the graph gave before anything was done to it; the identity and the blur at each layer give what
 * `reference.ts` gives, which makes them another way; and a row that is changed changes no other. What fails is guided no more.
 */
import { attempt, plain, Prover, ROUNDING, type Measured, type Plain, type ProofRequest, type Trial } from './trial'
import { guidable, type MapLayer } from './types'

/** How many times the graph's own error, where it computes in few bits; what would change the picture passes in no case. */
const OWN_ERROR = 5
const MOST = 0.1

/** The largest part of a change's own effect that its error may be, where the graph's own error is large: else nothing is shown. */
const PART = 0.5

const isProved = ({ error, effect }: Pick<Trial, 'error' | 'effect'>, bound: number) =>
  error <= ROUNDING || (error <= bound && error <= PART * effect)

/** What was measured at a layer: `layer` is its place among all that were found. */
export type LayerProof = Omit<Trial, 'layer'> & { readonly layer: number }

export interface Proof {
  /** From the graph as it came, with neutral controls. */
  readonly neutral: number
  /** The deviation that was allowed: more where the graph computes in few bits. */
  readonly bound: number
  /** The number of rows that the graph takes; null: any. */
  readonly rows: number | null
  /** A row of the graph depends on the rows beside it, as where whole numbers are scaled by what is largest in a batch. */
  readonly dependent: boolean
  readonly proved: readonly LayerProof[]
  /** As they came, but those that failed, which are not understood. */
  readonly layers: readonly MapLayer[]
}

const boundOf = ({ ownError }: Plain) => Math.min(MOST, Math.max(ROUNDING, OWN_ERROR * ownError))

const told = (value: number) => (value === Infinity ? 'no number' : value.toPrecision(2))

/** Why a layer is not proved, or null. */
function fault({ neutral, layers }: Measured, bound: number) {
  if (!(neutral <= bound)) return `controls that should change nothing change the output by ${told(neutral)} deviations`
  const wrong = layers.find((one) => !isProved(one, bound))
  if (!wrong) return null
  const what = wrong.change === 'identity' ? 'the identity in place of its map' : 'a blur of its queries'
  if (wrong.heard) return `${what} in one row changes the row beside it, too`
  if (wrong.error <= bound)
    return `${what} moves the output by ${told(wrong.effect)} deviations, which can’t be told from the graph’s own error`
  return `${what} is not what the same change made another way gives: they are ${told(wrong.error)} deviations apart`
}

/**
 * Proves the layers that can be guided. Rejects with what the runtime rejects with where the graph itself does not run; a layer at which
 * anything else fails is told as not understood, with the reason, and stops no other.
 */
export async function proveMaps(request: ProofRequest): Promise<Proof> {
  const own = await plain(request)
  const prover = new Prover(request, own)
  const bound = boundOf(own)
  const guided = request.layers.filter(guidable)
  const refused = new Map<MapLayer, string>()
  const measured: Trial[] = []
  const whole = guided.length > 0 ? await attempt(() => prover.measured(guided)) : { neutral: 0, layers: [] }
  const soundWhole = typeof whole !== 'string' && whole.neutral <= bound ? whole : null
  const passes = (layer: MapLayer) => {
    const here = soundWhole?.layers.filter((one) => one.layer === layer) ?? []
    return here.length > 0 && here.every((one) => isProved(one, bound))
  }
  measured.push(...(soundWhole?.layers.filter(({ layer }) => passes(layer)) ?? []))
  // What failed in company may have failed by it.
  for (const layer of guided.filter((one) => !passes(one))) {
    const alone = await attempt(() => prover.measured([layer]))
    const why = typeof alone === 'string' ? alone : fault(alone, bound)
    if (why !== null) refused.set(layer, why)
    else if (typeof alone !== 'string') measured.push(...alone.layers)
  }
  const left = guided.filter((layer) => !refused.has(layer))
  let neutral = soundWhole?.neutral ?? 0
  if (left.length > 0 && (soundWhole === null || refused.size > 0)) {
    const together = await attempt(() => prover.neutral(left))
    if (typeof together === 'string' || !(together <= bound))
      for (const layer of left)
        refused.set(
          layer,
          `it can’t be controlled beside the others: ${typeof together === 'string' ? together : `the output changes by ${told(together)} deviations`}`,
        )
    else neutral = together
  }
  return {
    neutral,
    bound,
    rows: own.rows,
    dependent: own.dependent,
    proved: measured
      .filter(({ layer }) => !refused.has(layer))
      .map((one) => ({ ...one, layer: request.layers.indexOf(one.layer) })),
    layers: request.layers.map((layer) => {
      const reason = refused.get(layer)
      return reason === undefined ? layer : { ...layer, verdict: { kind: 'not-understood', reason } }
    }),
  }
}

/** Whether all these layers hold together, with no second look at those that do not. Rejects as `proveMaps` does. */
export async function holdTogether(request: ProofRequest): Promise<boolean> {
  const own = await plain(request)
  const measured = await new Prover(request, own).measured(request.layers)
  return fault(measured, boundOf(own)) === null
}
