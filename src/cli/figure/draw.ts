/** Draws the pictures of a figure. What one value has in common with one before is not drawn again. */
import { firstNotFinite } from '../../core/vector'
import { lonesLeft, withLones, type Stop, type Value } from '../../figure'
import type { FinalSample, Lone } from '../../sampling/records'
import { sample } from '../../sampling/sample'
import type { Settings } from '../../settings/types'
import type { NodeModel } from '../node-model'

export interface Asked {
  readonly value: Value
  readonly settings: Settings
}

async function finalOf({ denoiser, vision }: NodeModel, settings: Settings, alone: readonly Lone[]) {
  for await (const event of sample({ denoiser, settings, alone, ...(vision && { vision }) })) {
    if (event.kind === 'step') continue
    if (event.samples.some(({ guided }) => firstNotFinite(guided) >= 0))
      throw new Error('the result is not finite: lower the scale, or choose other layers')
    return event.samples
  }
  throw new Error('the sampler ended without an image')
}

export async function drawStops(loaded: NodeModel, asked: readonly Asked[]): Promise<readonly Stop[]> {
  const stops: Stop[] = []
  for (const one of asked) {
    const drawn: readonly FinalSample[] = await finalOf(loaded, one.settings, lonesLeft(one.settings, stops))
    stops.push({ ...one, final: withLones(drawn, one.settings, stops) })
  }
  return stops
}
