/** What can be varied from here, with values that were tried: a combination that a method refuses is not proposed. */
import type { ModelInfo } from '../model/types'
import { toPreset } from '../settings'
import type { Settings } from '../settings/types'
import { candidates, type AxisKey } from './axis'
import { cellsOf, type Models } from './grid'
import { valuesOf } from './values'

/** The keys of which two values or more run, what is varied most first. `models`: those that the page has, `families` their ids. */
export function axisKeys(
  settings: Settings,
  model: ModelInfo,
  families: readonly string[] = [],
  models: Models = (id) => (id === model.id ? model : null),
): readonly AxisKey[] {
  const preset = toPreset(settings)
  return candidates(settings, model, families).flatMap((candidate) => {
    const values = valuesOf(candidate.example)
    const cells = cellsOf({ preset, axes: [{ key: candidate.key, values }] }, models)
    const running = values.filter((_, index) =>
      cells.some(({ at, kind, unused }) => at[0] === index && kind === 'ready' && unused.length === 0),
    )
    if (running.length < 2) return []
    return [running.length === values.length ? candidate : { ...candidate, example: running.join(', ') }]
  })
}
