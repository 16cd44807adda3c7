/**
 * Whole runs of presets as PyTorch computed them from the papers (tests/golden/methods.py), and the comparison with what the
 * engine reports. For Node and for pages: whoever asks brings the files.
 */
import type { FinalSample, StepRecord, TermRecord } from '../../src/sampling/records'

interface StoredTensor {
  readonly offset: number
  readonly shape: readonly number[]
}

/** Null: this run does not evaluate it. Missing: not stored. */
interface StoredStep {
  readonly sigma: number
  readonly x?: StoredTensor
  readonly positive?: StoredTensor
  readonly negative?: StoredTensor | null
  readonly denoised?: StoredTensor
  readonly mask?: StoredTensor | null
  readonly stacked?: readonly (StoredTensor | null)[]
}

interface StoredRun {
  readonly name: string
  readonly preset: Readonly<Record<string, unknown>> & { readonly method: string; readonly steps: number }
  readonly steps: readonly StoredStep[]
  readonly final?: StoredTensor
}

export interface GoldenRun {
  readonly name: string
  /** As the command line reads it; complete, so that it holds whatever the defaults are. The tensors are of its last image. */
  readonly preset: StoredRun['preset']
  readonly steps: readonly {
    readonly sigma: number
    readonly x?: Float32Array | undefined
    readonly positive?: Float32Array | undefined
    readonly negative?: Float32Array | null | undefined
    readonly denoised?: Float32Array | undefined
    readonly mask?: Float32Array | null | undefined
    readonly stacked?: readonly (Float32Array | null)[] | undefined
  }[]
  readonly final: Float32Array | undefined
}

/** Throws RangeError where the data ends before its tensors do. */
export function parseGoldenRuns(index: string, data: ArrayBuffer): readonly GoldenRun[] {
  const { runs } = JSON.parse(index) as { readonly runs: readonly StoredRun[] }
  const tensor = ({ offset, shape }: StoredTensor) =>
    new Float32Array(
      data,
      offset,
      shape.reduce((a, b) => a * b, 1),
    )
  const some = (stored: StoredTensor | undefined) => (stored ? tensor(stored) : undefined)
  const maybe = (stored: StoredTensor | null | undefined) => (stored === null ? null : some(stored))
  return runs.map(({ name, preset, steps, final }) => ({
    name,
    preset,
    steps: steps.map(({ sigma, x, positive, negative, denoised, mask, stacked }) => ({
      sigma,
      x: some(x),
      positive: some(positive),
      negative: maybe(negative),
      denoised: some(denoised),
      mask: maybe(mask),
      stacked: stacked?.map((entry) => maybe(entry) ?? null),
    })),
    final: some(final),
  }))
}

/** max |a − b| / max |b|; Infinity where they can't be compared. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity
  let difference = 0
  let largest = 0
  for (let i = 0; i < b.length; i++) {
    const apart = Math.abs(a[i]! - b[i]!)
    // NaN must not pass for agreement.
    if (Number.isNaN(apart)) return Infinity
    difference = Math.max(difference, apart)
    largest = Math.max(largest, Math.abs(b[i]!))
  }
  return difference / largest
}

export interface Difference {
  /** Such as `step 3: negative`. */
  readonly what: string
  /** Largest error over largest value; Infinity where one side has what the other has not. */
  readonly error: number
}

/** Masks are decisions: equal or not. */
function maskError({ mask }: TermRecord, wanted: Float32Array | null): number {
  if (mask === null || wanted === null) return mask === wanted ? 0 : Infinity
  return mask.length === wanted.length && mask.every((value, i) => value === wanted[i]) ? 0 : Infinity
}

/** The first steps of a run. */
export const firstSteps = (golden: GoldenRun, count: number): GoldenRun => ({
  ...golden,
  steps: golden.steps.slice(0, count),
  final: undefined,
})

/** The last image of a run against PyTorch: every tensor that is stored for it; `final` is null where the run was not ended. */
export function compareRun(
  golden: GoldenRun,
  records: readonly StepRecord[],
  final: readonly FinalSample[] | null,
): readonly Difference[] {
  const out: Difference[] = []
  const compare = (what: string, got: Float32Array | null, wanted: Float32Array | null | undefined) => {
    if (wanted === undefined) return
    const error = got === null || wanted === null ? (got === wanted ? 0 : Infinity) : relativeError(got, wanted)
    out.push({ what, error })
  }
  if (records.length !== golden.steps.length) return [{ what: 'number of steps', error: Infinity }]
  for (const [i, wanted] of golden.steps.entries()) {
    const { sigma, samples } = records[i]!
    const own = samples.at(-1)!
    const name = (what: string) => `step ${i}: ${what}`
    out.push({ what: name('sigma'), error: sigma === wanted.sigma ? 0 : Infinity })
    compare(name('x'), own.guided.x, wanted.x)
    compare(name('positive'), own.predictionPositive, wanted.positive)
    compare(name('negative'), own.predictionNegative, wanted.negative)
    compare(name('denoised'), own.guided.denoised, wanted.denoised)
    if (wanted.mask !== undefined) out.push({ what: name('mask'), error: maskError(own, wanted.mask) })
    for (const [term, negative] of (wanted.stacked ?? []).entries()) {
      compare(name(`negative of stacked term ${term}`), own.stacked[term]?.predictionNegative ?? null, negative)
    }
  }
  compare('final image', final?.at(-1)?.guided ?? null, golden.final)
  return out
}

/** The largest of the differences. */
export function worst(differences: readonly Difference[]): Difference {
  return differences.reduce((a, b) => (b.error > a.error ? b : a))
}
