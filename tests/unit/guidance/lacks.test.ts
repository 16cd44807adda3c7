/** A layer of a network that somebody brought may lack something: what asks for it is refused before it runs, and nothing else is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methods, refusal } from '../../../src/guidance'
import { negativesOf, positiveAt } from '../../../src/guidance/pair'
import type { ModelInfo } from '../../../src/model/types'
import { checkReach, checkSkip } from '../../../src/network/controls/checks'
import { complete, type Complete } from '../../../src/network/controls/complete'
import type { ControlledLayer } from '../../../src/network/controls/types'
import type { AttentionLayer, LayerPart } from '../../../src/network/types'
import { anySettingsOf } from '../../support/any-settings'
import { toyModel } from '../../support/model'

const WANTING: readonly (readonly LayerPart[])[] = [
  ['values'],
  ['grid', 'values', 'map'],
  ['grid', 'scores', 'values', 'map'],
  ['attention', 'block', 'order', 'dropout'],
  ['block'],
]

/** Layer 1 lacks something. */
const wanting = (lacks: readonly LayerPart[]): ModelInfo => ({
  ...toyModel,
  layers: toyModel.layers.map((layer) => (layer.index === 1 ? { ...layer, lacks } : layer)),
})

function controlled({ index, height, width, heads, lacks = [] }: AttentionLayer): ControlledLayer {
  return {
    index,
    height,
    width,
    heads,
    tokens: height * width,
    reach: lacks.includes('scores') ? 'map' : lacks.includes('grid') ? 'scores' : 'queries',
    values: !lacks.includes('values'),
    skippable: { attention: !lacks.includes('attention'), block: !lacks.includes('block') },
    dropoutChannels: lacks.includes('dropout') ? null : 1,
  }
}

/** As a graph that lacks it fails. */
function check(control: Complete, layer: AttentionLayer): void {
  const own = controlled(layer)
  checkReach(control, own)
  checkSkip(control.skip, own)
  if (control.dropout && own.dropoutChannels === null) throw new Error('there is nothing to drop')
  if (control.shuffle && layer.lacks?.includes('order')) throw new Error('there is no order to change')
}

const at = { sample: 0, step: 0, sigma: 1, sigmaNext: 0.5 }

describe.each(methods.filter(({ kind }) => kind === 'negative').map(({ id }) => id))('%s', (id) => {
  const method = methods.find((one) => one.id === id)!

  it.each(WANTING.map((lacks) => [lacks.join(', '), lacks] as const))('on a layer without %s', (_name, lacks) => {
    const model = wanting(lacks)
    fc.assert(
      fc.property(anySettingsOf(method, model), (settings) => {
        if (refusal(settings, toyModel) !== null) return
        const why = refusal(settings, model)
        const positive = positiveAt(settings, model, at)
        const asked = negativesOf(settings).flatMap(({ method: maker, settings: own }) => {
          const context = { model, settings: own, positive, ...at }
          return maker.folded?.(context) ?? maker.negative(context) ?? []
        })
        const reads = asked.some((one) => one.input.kind === 'degraded' && one.input.layer === 1)
        const fails = () => {
          for (const one of asked)
            for (const [i, control] of (one.attention ?? []).entries()) check(complete(control), model.layers[i]!)
          if (reads && lacks.includes('map')) throw new Error('there is no map to read')
        }
        if (why === null) expect(fails).not.toThrow()
        else expect(why).toContain(toyModel.layers[1]!.name)
      }),
      { numRuns: 60 },
    )
  })
})
