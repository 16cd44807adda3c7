/** What a row may ask of a layer, and what the layer can't give. */
import { GraphError } from '../onnx'
import type { Complete } from './complete'
import type { Field } from './matrices'
import type { ControlledLayer } from './types'

/** Throws GraphError for a control that does not reach the layer. */
export function checkReach(
  { querySigma, temperature, extrapolate }: Complete,
  { index, reach, values }: ControlledLayer,
): void {
  const layer = `attention layer ${index} of this network`
  if (querySigma !== 0 && reach !== 'queries')
    throw new GraphError(`${layer} can’t be blurred: how its tokens lie in the image is not known`)
  if (temperature !== 1 && reach === 'map') throw new GraphError(`${layer} gives no way to its scores`)
  if (extrapolate !== null && !values) throw new GraphError(`${layer} gives no way to its values, only to its map`)
}

/** Throws GraphError for a branch that the layer has not. */
export function checkSkip(skip: Field<'skip'> | null, { index, skippable }: ControlledLayer): void {
  switch (skip) {
    case null:
      return
    case 'attention':
      if (skippable.attention) return
      throw new GraphError(
        `attention layer ${index} of this network can't be skipped: no residual connection leads round it`,
      )
    case 'block':
      if (skippable.block) return
      throw new GraphError(
        `the block of attention layer ${index} of this network can't be skipped: no residual block feeds the layer` +
          (skippable.attention ? `; skip 'attention' instead` : ''),
      )
    default:
      throw new RangeError(`there is nothing to skip called ${String(skip satisfies never)}`)
  }
}
