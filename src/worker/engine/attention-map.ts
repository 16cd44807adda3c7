/** The effective attention maps of a layer at a recorded point of a run: those of both sides of the equation. */
import { negativesOf, positiveAt, rowOf } from '../../guidance/pair'
import { networkKey, type DenoiserRow } from '../../model/types'
import { noiseLevels } from '../../sampling/schedule'
import type { MapRequest, MapResult } from '../protocol'
import type { Loaded } from './parts'

/** Rejects with RangeError for a layer that is not there. */
export async function attentionMap(
  { denoiser, model }: Loaded,
  { settings, term = 0, layer, x, sigma, sample, step }: MapRequest,
): Promise<MapResult> {
  const grid = model.layers[layer]
  if (!grid) throw new RangeError(`there is no attention layer ${layer}`)
  const moment = { sample, step, sigma, sigmaNext: noiseLevels(settings.steps, model)[step + 1] ?? 0 }
  const positive = positiveAt(settings, model, moment)
  const chosen = negativesOf(settings)[term]
  const negative = chosen?.method.negative({ model, settings: chosen.settings, positive, ...moment }) ?? null
  const elsewhere =
    negative !== null &&
    negative.attention !== null &&
    !negative.attention[layer] &&
    networkKey(negative.network) === networkKey(positive.network)
  const rows: DenoiserRow[] = [rowOf(positive, x, sigma, model)]
  if (negative && negative.input.kind === 'x' && !elsewhere) rows.push(rowOf(negative, x, sigma, model))
  const [first, second] = await denoiser.attentionMaps(rows, layer)
  return { positive: first!, negative: second ?? null, height: grid.height, width: grid.width }
}
