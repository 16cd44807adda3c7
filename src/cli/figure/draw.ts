/** Draws the pictures of a figure. What one value has in common with the one before is not drawn again. */
import { firstNotFinite } from '../../core/vector'
import type { Stop, Value } from '../../figure'
import { trajectoryKey } from '../../sampling/cache'
import type { FinalSample } from '../../sampling/records'
import { sample } from '../../sampling/sample'
import type { Settings } from '../../settings/types'
import type { NodeModel } from '../node-model'

export interface Asked {
  readonly value: Value
  readonly settings: Settings
}

async function finalOf({ denoiser, vision }: NodeModel, settings: Settings, before: readonly FinalSample[] | null) {
  const alone = before ? [] : (['positive', 'negative'] as const)
  for await (const event of sample({ denoiser, settings, alone, ...(vision && { vision }) })) {
    if (event.kind === 'step') continue
    if (event.samples.some(({ guided }) => firstNotFinite(guided) >= 0))
      throw new Error('the result is not finite: lower the scale, or choose other layers')
    return event.samples.map((own, image): FinalSample => ({ ...own, ...apart(before?.[image]) }))
  }
  throw new Error('the sampler ended without an image')
}

const apart = (before: FinalSample | undefined) => before && { positive: before.positive, negative: before.negative }

export async function drawStops(loaded: NodeModel, asked: readonly Asked[]): Promise<readonly Stop[]> {
  const stops: Stop[] = []
  for (const one of asked) {
    const alike = stops.find(({ settings }) => trajectoryKey(settings) === trajectoryKey(one.settings))
    stops.push({ ...one, final: await finalOf(loaded, one.settings, alike?.final ?? null) })
  }
  return stops
}
