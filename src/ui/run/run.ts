/** A run as the page holds it while it grows, and the pictures of it at a point of the way. Pure. */
import type { FinalSample, Lone, SampleRecord, StepRecord } from '../../sampling/records'
import type { ImageSize } from '../../core/image'
import { walksAlone } from '../../guidance/pair'
import { strongestOf } from '../../numbers/strongest'
import { loneKey } from '../../sampling/cache'
import type { ModelInfo } from '../../model/types'
import { sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import type { RunPass, RunSummary } from '../../worker/protocol'
import { constantVarianceGain } from '../stage/pixels'

export interface Run {
  /** The engine's run id; stored runs have −1. */
  readonly id: number
  /** Stored runs (the first light) carry predictions only: their x are empty, also in runs that have trajectories of them. */
  readonly origin: 'stored' | 'live'
  readonly pass: RunPass
  readonly settings: Settings
  /** Steps of this run; a preview has fewer than its settings ask for. */
  readonly steps: number
  readonly records: readonly StepRecord[]
  readonly final: readonly FinalSample[] | null
  readonly summary: RunSummary | null
  /** Of a stored run whose steps have their numbers, but no pictures yet but one's: brings it with all. */
  readonly whole?: () => Promise<Run>
}

/** x_t or the network's estimate of the clean image. */
export type View = 'noisy' | 'denoised'
export type Role = 'positive' | 'negative' | 'guided'
export const ROLES: readonly Role[] = ['positive', 'negative', 'guided']
/** What can be looked at: the pictures of the run, and the guided ones of the run that was pinned. */
export type Pictured = Role | 'pinned'

/** Frame of a run at a share of the way in [0, 1]; the last frame is σ = 0. */
export function frameOf(position: number, steps: number): number {
  return Math.round(position * steps)
}

/** Whether a run has got as far as a share of the way. */
export function covers(run: Run, position: number): boolean {
  const frame = frameOf(position, run.steps)
  return frame >= run.steps ? run.final !== null : frame < run.records.length
}

/** Tells the pictures of one run, or of its coarse preview, from all others. */
export function runKey({ id, pass }: Run): string {
  return `${id} ${pass}`
}

/** Whether these are the pictures of a run that went all the way, not of its coarse preview. */
export function isWhole(run: Run): boolean {
  return run.pass === 'full' && run.final !== null
}

/** The newest frame that a run has. */
export function lastFrame(run: Run): number {
  return run.final ? run.steps : run.records.length - 1
}

/**
 * The record that the equation shows at a frame. At σ = 0 nothing is left to add, so there it is the step at which guidance
 * was strongest for this sample, as it is where no other step has its pictures yet.
 */
export function recordAt(run: Run, frame: number, sample: number, shape: ImageSize): StepRecord | undefined {
  if (run.whole || (frame >= run.steps && run.final)) return strongestOf(run.records, sample, shape)
  return run.records[Math.min(frame, run.records.length - 1)]
}

export interface Picture {
  readonly image: Float32Array
  readonly gain: number
}

/** Where on the way the stage is: a stored run shows its end until the pictures of its steps have come. */
export const positionSeen = (run: Run | null, position: number): number => {
  const steps = run?.steps ?? 1
  return run?.whole ? 1 : frameOf(position, steps) / steps
}

function framePicture(sample: SampleRecord, role: Role, view: View, gain: number): Picture | null {
  const frame = sample[role]
  if (!frame) return null
  return view === 'noisy' && frame.x.length > 0 ? { image: frame.x, gain } : { image: frame.denoised, gain: 1 }
}

/** One picture of the stage, or null where there is none (no negative, or nothing recorded yet). */
export function pictureAt(
  run: Run,
  position: number,
  sample: number,
  role: Role,
  view: View,
  model: ModelInfo,
): Picture | null {
  const frame = Math.min(frameOf(position, run.steps), lastFrame(run))
  if (frame >= run.steps && run.final) {
    const image = run.final[sample]?.[role]
    return image ? { image, gain: 1 } : null
  }
  const record = run.records[frame]
  const recorded = record?.samples[sample]
  if (!record || !recorded || run.whole) return null
  return framePicture(recorded, role, view, constantVarianceGain(record.sigmaHat, model.dataDeviation))
}

/** Whether two runs start from the same noise towards the same class, so that their pictures can be compared in place. */
export function sameSubject(a: Settings, b: Settings): boolean {
  const keys = ['model', 'class', 'seed', 'samples', 'image'] as const
  return keys.every((key) => a[key] === b[key])
}

/**
 * Whether a picture of `before` is also the one that `after` leads to: the positive depends on the subject, the weights and
 * the way, the negative also on what makes it worse, the guided on everything.
 */
export function sameRole(role: Role, before: Settings, after: Settings): boolean {
  switch (role) {
    case 'positive':
    case 'negative':
      return loneKey(role, before) === loneKey(role, after)
    case 'guided':
      return sameSettings(before, after)
    default:
      return role satisfies never
  }
}

/**
 * Whether the old guided picture is nearer to the new one than a preview of as many rows would be: where only the guided trajectory is
 * another one, or only the way that all take (`npm run -s previews` measures it).
 */
export function staysNear(settled: Run | null, settings: Settings): boolean {
  if (!settled) return false
  const { steps, solver, solverParameters } = settled.settings
  return sameRole('negative', settled.settings, { ...settings, steps, solver, solverParameters })
}

const LONES: readonly Lone[] = ['positive', 'negative']

/** The lone trajectories that these settings have in common with a whole run whose steps are there. */
export const heldLones = (run: Run | null, settings: Settings): readonly Lone[] =>
  LONES.filter((which) => !run?.whole && run?.final?.[0]?.[which] && sameRole(which, run.settings, settings))

/** Whether a whole run has all of these that its settings can have. */
export const hasLones = (run: Run, lones: readonly Lone[], model: ModelInfo): boolean =>
  lones.every((which) => run.final?.[0]?.[which] || (which === 'negative' && !walksAlone(run.settings, model)))

type WithLones = Pick<SampleRecord, Lone> | Pick<FinalSample, Lone>

/** What was drawn, and where a trajectory was left out, that of a run that has it. */
export const filled = <T extends WithLones>(
  drawn: readonly T[],
  held: readonly WithLones[] | null | undefined,
  lones: readonly Lone[],
): readonly T[] =>
  drawn.map((own, i) => lones.reduce<T>((made, which) => ({ ...made, [which]: held?.[i]?.[which] ?? null }), own))

export const filledStep = (record: StepRecord, held: Run | null, lones: readonly Lone[]): StepRecord => ({
  ...record,
  samples: filled(record.samples, held?.records[record.index]?.samples, lones),
})

/**
 * The run that a role's picture is taken from: while only a coarse preview of new settings is there, pictures that the
 * change does not touch stay as the last full run left them.
 */
export function sourceOf(role: Role, shown: Run | null, settled: Run | null): Run | null {
  return shown?.pass === 'preview' && settled && sameRole(role, settled.settings, shown.settings) ? settled : shown
}
