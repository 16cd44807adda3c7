/** The page's side of still figures: what several values have in common is drawn once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelFolder } from '../../../src/cli/models'
import { loadNodeModel, type NodeModel } from '../../../src/cli/node-model'
import { rangeValues, alongOf, settingsAt } from '../../../src/figure'
import type { FinalSample, Lone } from '../../../src/sampling/records'
import { sample } from '../../../src/sampling/sample'
import { defaultSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { drawStops } from '../../../src/ui/figure/draw'
import type { Engine } from '../../../src/worker/protocol'

let node: NodeModel
beforeAll(async () => void (node = await loadNodeModel(modelFolder('tiny'), { threads: 1 })))
afterAll(() => node.dispose())

async function finalOf(settings: Settings, alone: readonly Lone[]): Promise<readonly FinalSample[]> {
  for await (const event of sample({ denoiser: node.denoiser, settings, alone }))
    if (event.kind === 'final') return event.samples
  throw new Error('no image')
}

/** As the worker draws. */
function engine() {
  const asked: (Settings & { readonly alone: readonly Lone[] })[] = []
  const draw: Engine['draw'] = async (all, alone) => {
    asked.push(...all.map((own) => ({ ...own, alone })))
    return (await Promise.all(all.map((own) => finalOf(own, alone)))).flat()
  }
  return { asked, draw }
}

const settingsOf = (method: string): Settings => ({ ...defaultSettings(node.model, method), steps: 3, class: 1 })

const furthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)

describe('a figure that is drawn by the page', () => {
  const asked = (settings: Settings) => {
    const along = alongOf('scale', settings, node.model)
    const values = along.kind === 'numbers' ? rangeValues(along, { from: 0, to: 1, count: 3 }) : []
    return values.map((value) => ({ value, settings: settingsAt('scale', value, settings, node.model) }))
  }

  it('has the pictures of the settings; what the scales have in common is drawn once and is one thing', async () => {
    const settings = { ...settingsOf('pag'), samples: 2 }
    const { asked: drawn, draw } = engine()
    const told: [number, number][] = []
    const stops = await drawStops({
      draw,
      asked: asked(settings),
      signal: new AbortController().signal,
      onProgress: (done, total) => told.push([done, total]),
    })
    expect(drawn.map(({ scale, image, alone }) => [scale, image, ...alone])).toEqual([
      [0, 0, 'positive', 'negative'],
      [0, 1, 'positive', 'negative'],
      [0.5, 0],
      [0.5, 1],
      [1, 0],
      [1, 1],
    ])
    expect(told).toEqual([0, 1, 2, 3].map((done) => [done, 3]))
    const [first, , last] = stops
    const [, wanted] = await finalOf({ ...settings, scale: 1 }, ['positive', 'negative'])
    expect(furthest(last!.final[1]!.guided, wanted!.guided)).toBeLessThan(1e-4)
    expect(furthest(last!.final[1]!.negative!, wanted!.negative!)).toBeLessThan(1e-3)
    expect(last!.final[1]!.positive).toBe(first!.final[1]!.positive)
    expect(last!.final[1]!.negative).toBe(first!.final[1]!.negative)
  })

  it('that is stopped draws nothing more', async () => {
    const ended = new AbortController()
    const { asked: drawn, draw } = engine()
    const stopped = drawStops({
      draw,
      asked: asked(settingsOf('pag')),
      signal: ended.signal,
      onProgress: (done) => done === 2 && ended.abort(new Error('enough')),
    })
    await expect(stopped).rejects.toThrow('enough')
    expect(drawn).toHaveLength(2)
  })
})
