/** Nine samples at a glance: what asking for them, or giving them up, changes, and how long they will take. Pure. */
import { solverById } from '../../sampling/solver-registry'
import type { Settings } from '../../settings/types'
import { passesOf } from '../../worker/client/runs'
import type { Run } from '../run/run'

/** A grid of three by three is what the eye takes in at once. */
export const MANY = 9

/** Under this nobody waits, and a number would only be noise. */
const WORTH_TELLING = 3000

/** How many samples a click leads to, and how many the next click leads back to. */
export function toggled(samples: number, before: number): { readonly samples: number; readonly before: number } {
  if (samples !== MANY) return { samples: MANY, before: samples }
  return { samples: before === MANY ? 1 : before, before }
}

/** Predictions that one place of one sample asks for, where none is known from an earlier run. */
function predictions({ records }: Run): number {
  const sample = records.at(-1)?.samples[0]
  if (!sample) return 0
  const { positive, negative, predictionNegative, predictionPositive, stacked } = sample
  const asked = [
    positive,
    negative,
    predictionNegative,
    predictionPositive,
    ...stacked.map((own) => own.predictionNegative),
  ]
  return asked.filter((one) => one !== null).length
}

/** How long nine samples will take, preview and all, by the pace of a finished run; null where that is unknown, or soon. */
export function millisecondsOfNine(run: Run | null, settings: Settings): number | null {
  const summary = run?.summary
  if (!run || !summary || summary.evaluatedRows === 0) return null
  const pace = summary.milliseconds / summary.evaluatedRows
  const places = passesOf({ ...settings, samples: MANY }, true).reduce(
    (sum, pass) => sum + pass.settings.steps * solverById(pass.settings.solver).evaluations,
    0,
  )
  const wait = MANY * places * predictions(run) * pace
  return wait < WORTH_TELLING ? null : wait
}

/** A length of time, as coarsely as it is known. */
export function about(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 9.5) return `about ${Math.round(seconds)} s`
  if (seconds < 90) return `about ${5 * Math.round(seconds / 5)} s`
  return `about ${Math.round(seconds / 60)} min`
}
