/** A whole run of a preset under Node. */
import type { FinalSample, StepRecord } from '../../src/sampling/records'
import { sample } from '../../src/sampling/sample'
import type { NodeModel } from '../../src/cli/node-model'
import { parsePreset } from '../../src/settings'

/** `rows`: those that the network evaluated. `alone`: what is walked beside the guided image. Rejects for a preset that is refused. */
export async function runPreset(
  { model, denoiser }: NodeModel,
  preset: Readonly<Record<string, unknown>>,
  alone: readonly ['positive'] | readonly [] = ['positive'],
) {
  const result = parsePreset(preset, model)
  if (!result.ok) throw new Error(result.problem)
  const records: StepRecord[] = []
  let final: readonly FinalSample[] = []
  for await (const event of sample({ denoiser, settings: result.settings, alone })) {
    if (event.kind === 'step') records.push(event.record)
    else final = event.samples
  }
  return { settings: result.settings, records, final, rows: records.reduce((sum, record) => sum + record.rows, 0) }
}
