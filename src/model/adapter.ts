/**
 * Between x = data + σ · noise, in which everything here is said, and what a network takes and gives: the factor on x, the number that
 * it is told, and how D follows from its output. Kinds are in `predictions/` and `schedules/`.
 */
import type { NetworkDescription } from './description'
import { kindById } from './kinds'
import { predictions } from './predictions/index.generated'
import type { Schedule } from './schedule'
import { schedules } from './schedules/index.generated'

/** At one noise level: the network gets in · x + inOffset and is told `noise`; D = skip · x + out · F + offset. In double precision. */
export interface Level {
  readonly in: number
  readonly inOffset: number
  readonly noise: number
  readonly skip: number
  readonly out: number
  readonly offset: number
}

export interface Adapter {
  /** `told`: the noise level that the network is told, where it is not σ. Throws RangeError where σ is not positive and finite. */
  level(sigma: number, told?: number): Level
  /** The time of a noise level in the network's own schedule, as `evenly` spaces it; and back. */
  timeOf(sigma: number): number
  /** `whole`: the network is told whole numbers only. */
  sigmaAt(time: number, whole?: boolean): number
  /** Noise levels of training, in the units of x. */
  readonly range: Schedule['range']
}

/** What an adapter depends on. */
type Described = Pick<NetworkDescription, 'prediction' | 'schedule' | 'range'>

const made = new WeakMap<Described, Adapter>()

/** Throws RangeError for kinds that do not exist, or parameters that make no schedule. */
export function adapterOf(description: Described): Adapter {
  const known = made.get(description)
  if (known) return known
  const adapter = newAdapter(description)
  made.set(description, adapter)
  return adapter
}

function newAdapter({ prediction, schedule: chosen, range: { low, high } }: Described): Adapter {
  const { denoised } = kindById(predictions, prediction.kind)
  const schedule = kindById(schedules, chosen.kind).of(chosen.parameters)
  // The network's own data is half · data + middle, so its σ is half · σ.
  const half = (high - low) / 2
  const middle = (high + low) / 2
  const even = schedule.even ?? { from: (time: number) => time, to: (time: number) => time }
  return {
    level(sigma, told = sigma) {
      for (const value of [sigma, told])
        if (!(value > 0 && value < Infinity)) throw new RangeError(`sigma must be positive and finite, not ${value}`)
      const scale = schedule.scale(half * sigma)
      const { skip, out } = denoised({ sigma: half * sigma, scale }, prediction.parameters)
      return {
        in: half * scale,
        inOffset: middle * scale,
        noise: schedule.told(half * told),
        skip,
        out: out / half,
        offset: ((skip - 1) * middle) / half,
      }
    },
    timeOf: (sigma) => even.from(schedule.told(half * sigma)),
    sigmaAt(time, whole = false) {
      const told = even.to(time)
      return schedule.sigma(whole ? Math.round(told) : told) / half
    },
    range: { min: schedule.range.min / half, max: schedule.range.max / half },
  }
}
