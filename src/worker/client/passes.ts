/** What a run draws: a coarse preview, and the full run. Pure. */
import type { Lone } from '../../sampling/records'
import { previewSolver, withSolver } from '../../sampling/solver-registry'
import type { Settings } from '../../settings/types'
import type { Pass } from './jobs'

/** Steps of the coarse preview, by how many trajectories are walked beside the guided one: each takes about as many rows. */
const PREVIEW_STEPS = [12, 8, 6] as const

export const BOTH: readonly Lone[] = ['positive', 'negative']

/** What is drawn one after the other. */
export function passesOf(settings: Settings, preview: boolean, alone = BOTH): Pass[] {
  const full: Pass = { pass: 'full', settings }
  const coarse: Settings = {
    ...withSolver(settings, previewSolver(settings.solver)),
    steps: Math.min(settings.steps, PREVIEW_STEPS[alone.length] ?? 6),
  }
  const same = coarse.steps === settings.steps && coarse.solver === settings.solver
  return preview && !same ? [{ pass: 'preview', settings: coarse }, full] : [full]
}
