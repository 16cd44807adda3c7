/** Pictures that could stand for the one that is wanted before it is there: the old one, fewer steps, and the same steps at fewer rows. */
import type { Denoiser } from '../../model/types'
import type { SampleRecord } from '../../sampling/records'
import { sample } from '../../sampling/sample'
import { previewSolver, withSolver } from '../../sampling/solver-registry'
import type { Settings } from '../../settings/types'

export interface Walked {
  readonly records: readonly SampleRecord[]
  readonly guided: Float32Array
  readonly rows: number
}

export interface Change {
  readonly denoiser: Denoiser
  /** Settings of the picture that there is, and of the one that is wanted. */
  readonly before: Settings
  readonly after: Settings
  /** The walk of `before`. */
  readonly old: Walked
}

export interface Candidate {
  readonly name: string
  /** Null where it can't be made. */
  readonly make: (change: Change) => Promise<Walked> | null
}

interface From {
  readonly step: number
  readonly x: Float32Array
}

/** The guided trajectory alone; `from`: not from noise, but from there on. */
export async function walk(denoiser: Denoiser, settings: Settings, from?: From): Promise<Walked> {
  const records: SampleRecord[] = []
  let rows = 0
  const start = from && { first: from.step, initial: [from.x] }
  for await (const event of sample({ denoiser, settings, alone: [], ...start })) {
    if (event.kind === 'final') return { records, rows, guided: event.samples[0]!.guided }
    rows += event.record.rows
    records.push(event.record.samples[0]!)
  }
  throw new Error('the sampler ended without an image')
}

const fewer = (steps: number): Candidate => ({
  name: `${steps} steps`,
  make: ({ denoiser, after }) =>
    steps < after.steps ? walk(denoiser, { ...withSolver(after, previewSolver(after.solver)), steps }) : null,
})

/** Whether both walks are at the same noise levels, from the same noise. */
const sameWay = (a: Settings, b: Settings) =>
  (['model', 'seed', 'image', 'steps', 'solver', 'class'] as const).every((key) => a[key] === b[key])

/** The last steps with the new settings, from where the old walk was. */
const redone = (steps: number): Candidate => ({
  name: `last ${steps} redone`,
  make: ({ denoiser, before, after, old }) => {
    const step = after.steps - steps
    return sameWay(before, after) && step > 0 ? walk(denoiser, after, { step, x: old.records[step]!.guided.x }) : null
  },
})

/** Asks for the positive alone where `known` has the step's difference; of one negative, one evaluation a step. */
function sparing(
  denoiser: Denoiser,
  known: (step: number, last: Float32Array | null) => Float32Array | null,
): Denoiser {
  let step = 0
  let last: Float32Array | null = null
  return {
    ...denoiser,
    model: denoiser.model,
    readAttention: (rows, layer) => denoiser.readAttention(rows, layer),
    async evaluate(rows) {
      const difference = known(step++, last)
      if (rows.length !== 2 || !difference) {
        const results = await denoiser.evaluate(rows)
        const [plus, minus] = results
        if (plus && minus) last = plus.map((value, i) => value - minus[i]!)
        return results
      }
      const [plus] = await denoiser.evaluate(rows.slice(0, 1))
      return [plus!, plus!.map((value, i) => value - difference[i]!)]
    },
  }
}

async function spared(change: Change, known: (step: number, last: Float32Array | null) => Float32Array | null) {
  let rows = 0
  const counted: Denoiser = {
    model: change.denoiser.model,
    readAttention: (asked, layer) => change.denoiser.readAttention(asked, layer),
    evaluate: (asked) => {
      rows += asked.length
      return change.denoiser.evaluate(asked)
    },
  }
  return { ...(await walk(sparing(counted, known), change.after)), rows }
}

const differenceOf = ({ predictionPositive, predictionNegative }: SampleRecord) =>
  predictionNegative && predictionPositive.map((value, i) => value - predictionNegative[i]!)

export const CANDIDATES: readonly Candidate[] = [
  { name: 'the old picture', make: async ({ old }) => ({ ...old, rows: 0 }) },
  ...[4, 6, 8, 12].map(fewer),
  ...[4, 6, 8].map(redone),
  {
    name: 'old differences',
    make: (change) =>
      sameWay(change.before, change.after) ? spared(change, (step) => differenceOf(change.old.records[step]!)) : null,
  },
  { name: 'every second difference', make: (change) => spared(change, (step, last) => (step % 2 === 1 ? last : null)) },
]
